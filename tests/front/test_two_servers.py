"""Two servers on one database: what one writes the other gives, though it keeps the answer in memory."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.front.test_server import wait_until

pytestmark = [pytest.mark.server, pytest.mark.database]

REPOSITORY = Path(__file__).parents[2]
SEED = """
import django; django.setup()
from datetime import UTC, datetime
from comity.actions.sites import create_site
from comity.actions.stories import save_story
site = create_site(key="gazette", name="La Gazette", domains=["gazette.example"], hosts=["127.0.0.1"])
save_story(site=site, key="treve", title="Une trêve", body_source="Un texte.", now=datetime.now(UTC))
"""
CLOSE = """
import django; django.setup()
from comity.actions.sites import change_site
change_site(key="gazette", settings={"guest_votes": False})
"""


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
    return {
        **kept,
        "PYTHONPATH": str(REPOSITORY / "src"),
        "DJANGO_SETTINGS_MODULE": "comity_server.settings",
        "COMITY_DATA": str(tmp_path),
        "COMITY_DATABASE_URL": database_url,
        "COMITY_SECRET_KEY": "only for this test, and long enough to be one",
        "COMITY_LIMITS_ENABLED": "no",
    }


@pytest.fixture
def servers(environment: dict[str, str]) -> Iterator[list[httpx.Client]]:
    run(environment, SEED)
    children, clients, listeners = [], [], []
    for _ in range(2):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        children.append(
            subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "comity_server.asgi:application", "--fd", str(listener.fileno()),
                 "--http", "comity_server.wire:WireProtocol", "--no-proxy-headers", "--no-access-log",
                 "--log-level", "warning"],
                env=environment, pass_fds=[listener.fileno()],
            )
        )  # fmt: skip
        clients.append(httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=60))
    yield clients
    for client, child, listener in zip(clients, children, listeners, strict=True):
        client.close()
        child.terminate()
        child.wait(20)
        listener.close()


def run(environment: dict[str, str], program: str) -> None:
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


def post(server: httpx.Client, text: str, key: str = "treve") -> int:
    answer = server.post(
        f"/api/v1/threads/{key}/comments",
        json={"text": text, "author_name": "Anne", "story_url": f"https://gazette.example/{key}"},
    )
    assert answer.status_code == 201, answer.text
    number = answer.json()["comment"]["id"]
    assert isinstance(number, int)
    return number


def test_what_one_writes_the_other_gives(servers: list[httpx.Client], environment: dict[str, str]) -> None:
    first, second = servers
    places = (
        "/embed/thread?key=treve",
        "/api/v1/threads/treve",
        "/threads/treve?sort=popular",
        "/embed/thread?key=neuf",
    )
    for server in servers:
        for place in places:
            for _ in range(2):
                assert server.get(place).status_code == 200
    known = {"cookie": "comity_device_1=x"}
    number = post(first, "Écrit ici, lu là.")
    assert f"comment-{number}" in first.get(places[0], headers=known).text  # its writer need not wait at all
    wait_until(lambda: f"comment-{number}" in second.get(places[0]).text)
    wait_until(lambda: f'"id":{number},' in second.get(places[1]).text)
    wait_until(lambda: f"comment-{number}" in second.get(places[2]).text)
    under_a_new_key = post(second, "Le premier sous cette clé.", key="neuf")
    wait_until(lambda: f"comment-{under_a_new_key}" in first.get(places[3]).text)
    # What a third process changes of the site is seen by both.
    assert all("data-comity-votes" in server.get(places[0]).text for server in servers)
    run(environment, CLOSE)
    wait_until(lambda: all("data-comity-votes" not in server.get(places[0]).text for server in servers))
