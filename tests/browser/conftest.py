"""A real `comity serve --demo` on a database of its own, and a browser in front of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.migrated import migrated_folder

ROOT = Path(__file__).resolve().parent.parent.parent
BUILT = ROOT / "src/comity/static/comity/built"
ELSEWHERE = "elsewhere.example"
"""A name that leads to this machine in the tests' browser, and that no server here was told of."""
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
]
START_SECONDS = 180
FIRST_NETWORK = IPv4Address("198.18.0.0")


@dataclass(frozen=True)
class Demo:
    """The demo as it is served."""

    base: str
    story: str
    """Key of the story with its conversation."""
    empty: str
    """Key of the story that nobody has written about."""
    accounts: dict[str, tuple[str, str]]
    """Role -> user name and password."""
    folder: Path
    """Its database stands in `data/` there."""


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(base: str, server: subprocess.Popen[str], told: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"comity serve ended:\n{told.read_text()}")
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"comity serve does not answer:\n{told.read_text()}")


@contextmanager
def _serving(folder: Path, name: str, *arguments: str) -> Iterator[tuple[str, str]]:
    """`comity serve` with these arguments on the data of `folder`: its address, and what it said at its start."""
    told = folder / f"told-by-{name}"
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
    environment |= {
        "COMITY_DATA": str(folder / "data"),
        "COMITY_TRUSTED_PROXIES": "127.0.0.1,::1",  # each browser comes from a network of its own: see open_page
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
    }
    with told.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "comity.cli", "serve", *arguments, "--port", str(port)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        base = f"http://localhost:{port}"
        _wait_until_healthy(base, server, told)
        yield base, told.read_text()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=15)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, served by a process of its own and stopped at the end."""
    if not (BUILT / "page.js").exists() or not (BUILT / "page.css").exists():
        pytest.fail("the browser assets are not built: run `make test`, or node tools/assets.mjs")
    folder = tmp_path_factory.mktemp("demo")
    migrated_folder(folder / "data")
    with _serving(folder, "demo", "--demo") as (base, said):
        story, empty = re.findall(r"/stories/(\S+)", said)[:2]
        accounts = {
            role: (name, key) for role, name, key in re.findall(r"(editor|moderator)\s+(\S+)\s+password (\S+)", said)
        }
        yield Demo(base=base, story=story, empty=empty, accounts=accounts, folder=folder)


@pytest.fixture(scope="session")
def front(demo: Demo) -> Iterator[str]:
    """A process that only shows the demo's conversations; its address."""
    with _serving(demo.folder, "front", "--front") as (base, _):
        yield base


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield _launch(playwright)


def _launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(
        executable_path=os.environ.get("COMITY_CHROMIUM", "/usr/bin/chromium"), args=FLAGS
    )


OpenPage = Callable[..., Page]
_networks = count(1)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Opens a browser of its own (nothing shared, cookies neither) and gives its page. What the page's own scripts fail
    at fails the test. Each comes from a network of its own, as readers do: request limits stay on, and a whole suite
    of newcomers in a minute isn't taken for one."""
    contexts: list[BrowserContext] = []
    failures: list[str] = []

    def make(**options: object) -> Page:
        context = chromium.new_context(locale="fr-FR", timezone_id="Europe/Paris", **options)  # type: ignore[arg-type]  # Playwright's own option names
        context.set_extra_http_headers({"X-Forwarded-For": str(FIRST_NETWORK + next(_networks))})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on(
            "console",
            lambda message: failures.append(message.text) if "Content Security Policy" in message.text else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert failures == []
