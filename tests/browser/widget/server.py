"""A real server for publishers' pages, on a database of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.migrated import migrated_folder

REPOSITORY = Path(__file__).parents[3]
SEEDS = Path(__file__).with_name("seeds.py")


@dataclass
class Comity:
    """The server, and what tests have readers write there."""

    base: str
    client: httpx.Client

    def post(self, key: str, text: str, *, name: str = "Anne", parent: int | None = None, site: str = "gazette") -> Any:
        """A comment by a reader of their own; its JSON."""
        answer = self.client.post(
            f"/api/v1/threads/{key}/comments",
            params={"site": site},
            json={"text": text, "author_name": name, "parent_id": parent, "story_url": f"http://localhost/{key}"},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()


def serve(folder: Path) -> Iterator[Comity]:
    """The server with two sites whose stories live on `localhost`, and the conversations of `seeds.py`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
    environment = {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)]),
        "DJANGO_SETTINGS_MODULE": "tests.browser.widget.settings",
        "COMITY_DATA": str(folder),
        "COMITY_SECRET_KEY": "only for these tests, and long enough to be one",
    }
    migrated_folder(folder)
    subprocess.run([sys.executable, str(SEEDS)], env=environment, check=True)
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        child = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "comity_server.asgi:application", "--fd", str(listener.fileno()),
             "--no-proxy-headers", "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "3"],
            env=environment,
            pass_fds=[listener.fileno()],
        )  # fmt: skip
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=base, timeout=120) as client:
            assert client.get("/readyz").status_code == 200
            yield Comity(base, client)
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
