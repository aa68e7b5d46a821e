"""Which database a request reads from."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from comity_server.replicas import ReplicaRouter, public_reads_from_replicas, reading_from_a_replica
from tests.cli.conftest import environment

ROUTER = ReplicaRouter()


@pytest.fixture
def ask(settings: Any) -> Callable[[HttpRequest], str]:
    """The database that a request's reads go to."""
    settings.READ_REPLICAS = ["replica1"]
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(ROUTER.db_for_read(object))
        return HttpResponse()

    middleware = public_reads_from_replicas(view)

    def asked(request: HttpRequest) -> str:
        middleware(request)
        assert ROUTER.db_for_read(object) == "default"
        return seen[-1]

    return asked


def test_what_everybody_reads_comes_from_a_replica(ask: Callable[[HttpRequest], str]) -> None:
    assert ask(RequestFactory().get("/threads/treve")) == "replica1"
    assert ask(RequestFactory().head("/threads/treve")) == "replica1"


def test_who_may_have_written_reads_where_it_was_written(ask: Callable[[HttpRequest], str]) -> None:
    assert ask(RequestFactory().post("/threads/treve/comments")) == "default"
    assert ask(RequestFactory().get("/threads/treve", headers={"Authorization": "Comity-Device x"})) == "default"
    with_cookie = RequestFactory().get("/threads/treve")
    with_cookie.COOKIES["comity-gazette"] = "x"
    assert ask(with_cookie) == "default"


def test_writes_and_tables_are_the_first_databases(settings: Any) -> None:
    settings.READ_REPLICAS = ["replica1"]
    with reading_from_a_replica():
        assert ROUTER.db_for_read(object) == "replica1"
        assert ROUTER.db_for_write(object) == "default"
    assert ROUTER.allow_migrate("default", "comity")
    assert not ROUTER.allow_migrate("replica1", "comity")


def test_without_replicas_nothing_changes(settings: Any) -> None:
    settings.READ_REPLICAS = []
    with reading_from_a_replica():
        assert ROUTER.db_for_read(object) == "default"


@pytest.mark.parametrize("address", ["sqlite:////tmp/x.sqlite3", "nonsense"])
def test_a_replica_that_is_none_is_named(tmp_path: Path, address: str) -> None:
    given = environment(tmp_path, COMITY_DATABASE_URL="postgresql://comity@/comity", COMITY_REPLICA_URLS=address)
    ended = subprocess.run(
        [sys.executable, "-m", "comity.cli", "doctor"], env=given, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 3
    assert "COMITY_REPLICA_URLS" in ended.stderr


def test_sqlite_has_no_replicas(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "comity.cli", "doctor"],
        env=environment(tmp_path, COMITY_REPLICA_URLS="postgresql://comity@/comity"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 3
    assert "COMITY_REPLICA_URLS" in ended.stderr
