"""What a watcher is told, by the front and by Django alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import RequestFactory

from comity.api.health import healthz, readyz
from comity.queries import readiness
from tests.front.conftest import Client, Echo, front_of


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_front_and_the_view_give_the_same_bytes(method: str, echo: Echo) -> None:
    fronts = Client(front_of(echo), method, "/healthz").get()
    views = healthz(RequestFactory().generic(method, "/healthz"))
    assert echo.requests == []
    assert fronts.status == views.status_code == 200
    assert fronts.body == (views.content if method == "GET" else b"")
    for name in ("Content-Type", "Cache-Control"):
        assert fronts.headers[name.lower()] == views[name]
    assert fronts.headers["content-length"] == str(len(views.content))


def test_only_reading_is_answered() -> None:
    answer = Client(front_of(WSGIHandler()), "DELETE", "/healthz", headers={"host": "localhost"}).get()
    assert answer.status == 405


@pytest.fixture
def unseen() -> Iterator[None]:
    """Forgets that migrations were seen applied, before and after."""
    readiness._migrated.clear()
    yield
    readiness._migrated.clear()


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.usefixtures("unseen")
def test_ready_means_reachable_and_migrated() -> None:
    request = RequestFactory().get("/readyz")
    recorder = MigrationRecorder(connection)
    newest = MigrationLoader(connection).graph.leaf_nodes("comity")[0][1]
    recorder.record_unapplied("comity", newest)
    answer = readyz(request)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.content == b'{"status":"unavailable","database":true,"migrations":false}\n'
    recorder.record_applied("comity", newest)
    answer = readyz(request)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer.content == b'{"status":"ok","database":true,"migrations":true}\n'

    def away(*arguments: object) -> None:
        raise OperationalError("could not connect to 10.0.0.7")

    with connection.execute_wrapper(away):
        answer = readyz(request)
        assert healthz(request).status_code == 200
    assert answer.status_code == 503
    assert answer.content == b'{"status":"unavailable","database":false,"migrations":false}\n'
