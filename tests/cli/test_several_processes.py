"""Several servers on one port: exchanged without losing a request, replaced when they die; and the halves apart."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import environment
from tests.migrated import migrated_folder
from tests.servers import PATIENCE, Servers

pytestmark = pytest.mark.server


@pytest.fixture
def serve(data: Path) -> Iterator[Callable[..., Servers]]:
    started: list[Servers] = []

    def start(*words: str, **more: str) -> Servers:
        started.append(Servers(data, *words, **more))
        started[-1].wait_for("Comity answers on")
        started[-1].wait_until_up()
        return started[-1]

    yield start
    for each in started:
        each.end()


def add_site(data: Path) -> None:
    migrated_folder(data)
    words = ["site", "add", "gazette", "--name", "La Gazette", "--domain", "gazette.example"]
    subprocess.run([sys.executable, "-m", "comity.cli", *words], env=environment(data), check=True, capture_output=True)


def post(client: httpx.Client, text: str) -> httpx.Response:
    return client.post(
        "/api/v1/threads/treve/comments?site=gazette",
        json={"text": text, "author_name": "Anne", "story_url": "https://gazette.example/treve"},
    )


def test_servers_are_exchanged_without_losing_a_request(serve: Callable[..., Servers], data: Path) -> None:
    add_site(data)
    servers = serve("--processes", "2", COMITY_LIMITS_ENABLED="no")
    servers.wait_until_up()
    done = threading.Event()
    failures: list[str] = []
    answered = [0]

    def read() -> None:
        """A connection for every request: none may be refused or broken off."""
        while not done.is_set():
            try:
                status = httpx.get(
                    f"{servers.address}/embed/count?site=gazette&key=treve", timeout=PATIENCE
                ).status_code
            except httpx.HTTPError as failure:
                failures.append(type(failure).__name__)
            else:
                answered[0] += 1
                if status != 200:
                    failures.append(str(status))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for each in readers:
        each.start()
    before = set(servers.children())
    servers.process.send_signal(signal.SIGHUP)
    servers.wait_for("The servers were exchanged.")
    done.set()
    for each in readers:
        each.join()
    after = set(servers.children())
    assert failures == []
    assert answered[0] > 0
    assert len(before) == len(after) == 2
    assert before.isdisjoint(after)


def test_a_server_that_dies_is_replaced(serve: Callable[..., Servers], data: Path) -> None:
    add_site(data)
    servers = serve("--processes", "1")
    servers.wait_until_up()
    (child,) = servers.children()
    subprocess.run(["kill", "-9", str(child)], check=True)
    servers.wait_for("another begins")
    with httpx.Client(base_url=servers.address, timeout=PATIENCE) as client:
        assert client.get("/healthz").status_code == 200
    assert child not in servers.children()


def test_what_one_process_writes_another_tells_its_readers(serve: Callable[..., Servers], data: Path) -> None:
    add_site(data)
    web, front = serve("--web"), serve("--front")
    with httpx.Client(base_url=web.address, timeout=PATIENCE) as writer:
        assert post(writer, "Un premier commentaire courtois.").status_code == 201
        told = httpx.get(f"{web.address}/embed/live?site=gazette&key=treve", timeout=PATIENCE).text
        assert told.startswith("retry: 15000\n\nid: 1\n")  # no open connection here: asked again and again
        address = f"{front.address}/embed/live?site=gazette&key=treve"
        with httpx.stream("GET", address, timeout=PATIENCE) as stream:
            events = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
            first = next(events)
            assert first["count"] == 1
            assert post(writer, "Un deuxième commentaire courtois.").status_code == 201
            assert next(events) == {"version": first["version"] + 1, "count": 2}
            front.process.send_signal(signal.SIGTERM)
            assert list(events) == []  # the stream ends, so that it holds up no stop
    assert front.process.wait(PATIENCE) == -signal.SIGTERM  # uvicorn raises it again once it has stopped
    assert "Traceback" not in "\n".join(front.lines)


def test_a_front_answers_what_everybody_reads_and_nothing_else(serve: Callable[..., Servers], data: Path) -> None:
    add_site(data)
    front = serve("--front")
    with httpx.Client(base_url=front.address, timeout=PATIENCE) as client:
        for address in ("/embed/thread?site=gazette&key=treve", "/threads/treve?site=gazette", "/embed/comity.js"):
            assert client.get(address).status_code == 200, address
        assert client.get("/api/v1/threads/treve?site=gazette").status_code == 200
        assert client.get("/nowhere").status_code == 404
        refused = [post(client, "Un commentaire courtois."), client.get("/threads/treve/mine?site=gazette")]
        for each in refused:
            assert (each.status_code, each.json()["code"]) == (421, "not_served_here")
        page = client.get("/threads/treve/mine?site=gazette", headers={"Accept": "text/html"})
        assert page.status_code == 421
        assert re.search(r'<p [^>]*role="alert"[^>]*>[^<]+</p>', page.text)


def test_a_number_of_processes_that_is_none_is_refused(comity: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    ended = comity("serve", "--processes", "0")
    assert ended.returncode == 2
    assert comity("serve", "--web", "--front").returncode == 2
