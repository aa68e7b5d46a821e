"""Posting through real HTTP while the server is killed, exchanged, or its database or Redis restarts: nothing that was
acknowledged is lost, nothing is there twice, and who is refused is told when to come again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import httpx
import pytest
from django.db import connection

from tests.concurrency.conftest import Process, Serve
from tests.concurrency.posters import Posters
from tests.postgres import PostgresServer, find_binaries
from tests.redis_server import RedisServer
from tests.servers import PATIENCE, Servers

pytestmark = [pytest.mark.database, pytest.mark.server]


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
        comity = serve(database=database)
        posters = Posters(comity.address)
        with posters.at_work():
            posters.wait_for_more()
            wait_until_read(comity, newest(posters))
            server.stop()
            posters.wait_for_answer("503 service_unavailable")
            wait_until_read(comity, 1)  # from memory
            server.start_again()
            posters.wait_for_more()
            wait_until_read(comity, newest(posters))
        assert posters.faults == []
        assert set(posters.answers) == {"taken", "503 service_unavailable"}
        comity.end()
        after = Process(database, folder)
        assert after.do("check_posted", acknowledged=posters.acknowledged)["faults"] == []
        after.end()
    finally:
        server.stop()


@pytest.mark.redis
def test_redis_may_go_and_come_back(serve: Serve, start: Callable[[], Process], tmp_path: Path) -> None:
    redis = RedisServer(tmp_path)
    redis.start()
    try:
        web, front = (serve(words, COMITY_REDIS_URL=redis.address) for words in ("--web", "--front"))
        posters = Posters(web.address)
        with posters.at_work():
            posters.wait_for_more()
            redis.stop()
            posters.wait_for_more()
            web.wait_for("Counts of requests are out of reach")
            wait_until_read(front, newest(posters))
            redis.start()
            web.wait_for("Counts of requests are back")
            posters.wait_for_more()
            wait_until_read(front, newest(posters))
        assert set(posters.answers) == {"taken"}
        assert start().do("check_posted", acknowledged=posters.acknowledged)["faults"] == []
        assert "Traceback" not in "\n".join([*web.lines, *front.lines])
    finally:
        redis.stop()


def newest(posters: Posters) -> int:
    return max(posters.acknowledged.values())


def wait_until_read(server: Servers, comment_id: int) -> None:
    """Until this server, which did not write it, shows the comment to everybody, or a newer one in its place."""
    waiting = threading.Event()
    until = monotonic() + PATIENCE
    with httpx.Client(base_url=server.address, timeout=PATIENCE) as client:
        while True:
            answer = client.get("/api/v1/threads/treve?site=gazette&sort=newest")
            assert answer.status_code == 200
            if max(each["id"] for each in answer.json()["comments"]) >= comment_id:
                return
            assert monotonic() < until
            waiting.wait(0.05)
