"""The stand-alone server as a process: it answers, its pump works, and it stops when told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.server

REPOSITORY = Path(__file__).parents[2]
STOP_SECONDS = 5.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """That of a server on a SQLite file of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
    return {
        **kept,
        "PYTHONPATH": str(REPOSITORY / "src"),
        "DJANGO_SETTINGS_MODULE": "comity_server.settings",
        "COMITY_DATA": str(tmp_path),
        "COMITY_DATABASE_URL": f"sqlite:///{tmp_path / 'comity.sqlite3'}",
        "COMITY_SECRET_KEY": "only for this test, and long enough to be one",
    }


Server = tuple[subprocess.Popen[bytes], httpx.Client]


@pytest.fixture
def server(environment: dict[str, str]) -> Iterator[Server]:
    """A server, and a client of it. Its socket listens from the start, so that nobody waits for it by time."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        child = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "comity_server.asgi:application", "--fd", str(listener.fileno()),
             "--no-proxy-headers", "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "3"],
            env=environment,
            pass_fds=[listener.fileno()],
        )  # fmt: skip
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=60) as client:
            yield child, client
    child.kill()
    child.wait()


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if condition():
            return
        pause.wait(0.02)
    raise AssertionError("what was waited for never came")


def test_it_is_up_before_its_database_is_ready(server: Server) -> None:
    _, client = server
    assert client.get("/healthz").json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_to(server: Server, number: signal.Signals) -> None:
    child, client = server
    assert client.get("/healthz").status_code == 200
    child.send_signal(number)
    child.wait(STOP_SECONDS)


def test_it_stops_though_somebody_never_finishes_sending(server: Server) -> None:
    child, client = server
    assert client.get("/healthz").status_code == 200
    with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=20) as slow:
        slow.sendall(b"POST /api/v1/threads/x/comments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nBon")
        child.send_signal(signal.SIGTERM)
        child.wait(STOP_SECONDS)


def test_its_pump_reacts_to_what_other_processes_write(
    server: Server, environment: dict[str, str], tmp_path: Path
) -> None:
    _, client = server
    story = (
        "import django; django.setup()\n"
        "from datetime import UTC, datetime\n"
        "from django.core.management import call_command\n"
        "from comity.actions.sites import create_site\n"
        "from comity.actions.stories import save_story\n"
        "call_command('migrate', verbosity=0)\n"
        "site = create_site(key='gazette', name='La Gazette')\n"
        "save_story(site=site, key='treve', title='Une trêve', body_source='Un texte.', now=datetime.now(UTC))\n"
    )
    subprocess.run([sys.executable, "-c", story], env=environment, check=True)
    assert client.get("/readyz").status_code == 200
    database = sqlite3.connect(tmp_path / "comity.sqlite3")
    wait_until(lambda: set(database.execute("SELECT dispatched FROM comity_eventrecord")) == {(1,)})
    database.close()
    thread = client.get("/api/v1/threads/treve")
    assert (thread.status_code, json.loads(thread.content)["story"]["key"]) == (200, "treve")
