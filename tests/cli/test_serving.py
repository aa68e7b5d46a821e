"""`comity serve` as a process: the demo, its accounts, foreign names, the languages, and the end."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import environment
from tests.migrated import migrated_folder

pytestmark = pytest.mark.server

STOP_SECONDS = 5.0
Serve = Callable[..., tuple["subprocess.Popen[str]", httpx.Client, list[str]]]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def serve(data: Path, tmp_path: Path) -> Iterator[Serve]:
    """Starts `comity serve`; gives the process, a client, and what it printed until it said that it was up."""
    started: list[tuple[subprocess.Popen[str], httpx.Client]] = []

    def start(*words: str, last: str, **more: str) -> tuple[subprocess.Popen[str], httpx.Client, list[str]]:
        port = _free_port()
        child = subprocess.Popen(
            [sys.executable, "-m", "comity.cli", "serve", "--port", str(port), *words],
            env=environment(data, **more), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path,
        )  # fmt: skip
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        started.append((child, client))
        assert child.stdout is not None
        printed: list[str] = []
        for line in child.stdout:
            printed.append(line.rstrip("\n"))
            if last in line:
                return child, client, printed
        raise AssertionError("\n".join(printed))

    yield start
    for child, client in started:
        client.close()
        child.kill()
        child.communicate()


@pytest.fixture(scope="module")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database with the demo, loaded once."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    migrated_folder(folder)
    subprocess.run([sys.executable, "-m", "comity.cli", "demo"], env=environment(folder), check=True)
    return folder


def _accounts(printed: list[str]) -> dict[str, str]:
    return dict(re.findall(r"(demo-\w+)\s+password (\S+)", "\n".join(printed)))


def test_the_demo_answers_and_keeps_its_accounts(serve: Serve, data: Path, demo_data: Path) -> None:
    shutil.copytree(demo_data, data)
    child, client, printed = serve("--demo", last="Ctrl-C")
    accounts = _accounts(printed)
    assert set(accounts) == {"demo-editor", "demo-moderator"}
    assert all(len(password) >= 12 for password in accounts.values())
    kept = data / "demo-accounts"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert all(password in kept.read_text("utf-8") for password in accounts.values())
    addresses = re.findall(r"http://localhost:\d+(/\S+)", "\n".join(printed))
    assert len(addresses) == 3
    for address in addresses:
        assert client.get(address, follow_redirects=True).status_code == 200
    assert "66 commentaires" in client.get(addresses[0]).text
    assert "0 commentaire" in client.get(addresses[1]).text
    child.send_signal(signal.SIGTERM)
    child.wait(STOP_SECONDS)
    assert _accounts(serve("--demo", last="Ctrl-C")[2]) == accounts


def test_a_demo_is_not_served_to_other_machines(serve: Serve, data: Path, demo_data: Path) -> None:
    shutil.copytree(demo_data, data)
    child, _, _ = serve("--demo", last="Ctrl-C")
    child.send_signal(signal.SIGTERM)
    child.wait(STOP_SECONDS)
    refused = subprocess.run(
        [sys.executable, "-m", "comity.cli", "serve", "--bind", "0.0.0.0", "--port", str(_free_port())],
        env=environment(data), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "holds the demo's staff accounts" in refused.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_from_nothing_and_stops(serve: Serve, number: signal.Signals) -> None:
    child, client, printed = serve(last="comity site add")
    assert printed[0].startswith("Comity answers on http://localhost:")
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    unknown = client.get("/threads/nothing")
    assert (unknown.status_code, "Traceback" in unknown.text) == (404, False)
    child.send_signal(number)
    out, _ = child.communicate(timeout=STOP_SECONDS)
    assert "Traceback" not in out
    assert "/threads/nothing" not in out  # the access log names the route, not the path


def test_a_foreign_name_gets_a_page_that_names_the_setting(serve: Serve) -> None:
    _, client, _ = serve(last="comity site add", COMITY_ALLOWED_HOSTS="comments.example, .gazette.example")
    assert client.get("/healthz", headers={"Host": "comments.example"}).status_code == 200
    assert client.get("/readyz", headers={"Host": "talk.gazette.example"}).status_code == 200
    refused = client.get("/readyz", headers={"Host": "elsewhere.example"})
    assert (refused.status_code, "COMITY_ALLOWED_HOSTS" in refused.text) == (421, True)
    assert "elsewhere" not in refused.text
