"""Posting through real HTTP while the server is killed, exchanged, or its database restarts: nothing that was
acknowledged is lost, nothing is there twice, and who is refused is told when to come again."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.concurrency.conftest import Process
from tests.concurrency.posters import Posters
from tests.postgres import PostgresServer, find_binaries
from tests.servers import Servers

pytestmark = [pytest.mark.database, pytest.mark.server]

SECRET = "only for this test, and long enough to be one"
Serve = Callable[..., Servers]


@pytest.fixture
def serve(database: str, tmp_path: Path) -> Iterator[Serve]:
    """Starts `comity serve` on the database."""
    started: list[Servers] = []

    def make(*words: str, port: int = 0, database: str = database, **more: str) -> Servers:
        settings = {"COMITY_DATABASE_URL": database, "COMITY_SECRET_KEY": SECRET, "COMITY_LIMITS_ENABLED": "no"}
        started.append(Servers(tmp_path, *words, port=port, **settings, **more))
        started[-1].wait_until_up()
        return started[-1]

    yield make
    for each in started:
        each.end()


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that other users may enter, as PostgreSQL's does."""
    with tempfile.TemporaryDirectory(prefix="comity-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_server_killed_under_load_loses_nothing(serve: Serve, start: Callable[[], Process]) -> None:
    server = serve()
    posters = Posters(server.address)
    with posters.at_work():
        for taken in (30, 1, 10):
            posters.wait_for_more(taken)
            server.kill()
            server = serve(port=server.port)
        posters.wait_for_more()
    assert posters.faults == []
    assert start().do("check_posted", acknowledged=posters.acknowledged)["faults"] == []


def test_servers_are_exchanged_while_people_post(serve: Serve, start: Callable[[], Process]) -> None:
    server = serve("--processes", "2")
    anew, kept = Posters(server.address, seed=1), Posters(server.address, seed=2, keep_alive=True)
    with anew.at_work(), kept.at_work():
        anew.wait_for_more()
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("The servers were exchanged.")
        kept.wait_for_more()
    assert set(anew.answers) == set(kept.answers) == {"taken"}
    taken = {**anew.acknowledged, **kept.acknowledged}
    assert start().do("check_posted", acknowledged=taken)["faults"] == []


def test_postgresql_restarted_under_load_loses_nothing(folder: Path, serve: Serve) -> None:
    if connection.vendor == "sqlite":
        return  # its database is a file: what can happen to it stands in tests/concurrency/test_full_disk.py
    binaries = find_binaries()
    assert binaries is not None
    server = PostgresServer(folder, binaries, durable=True)
    server.start()
    try:
        database = server.new_database("gazette")
        before = Process(database, folder)
        before.do("prepare")
        before.end()
        comity = serve("--processes", "2", database=database)
        posters = Posters(comity.address)
        with posters.at_work():
            for _ in range(2):
                posters.wait_for_more()
                server.stop()
                posters.wait_for_answer("503 service_unavailable")
                server.start_again()
            posters.wait_for_more()
        assert posters.faults == []
        assert set(posters.answers) == {"taken", "503 service_unavailable"}
        comity.end()
        after = Process(database, folder)
        assert after.do("check_posted", acknowledged=posters.acknowledged)["faults"] == []
        after.end()
    finally:
        server.stop()
