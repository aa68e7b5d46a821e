"""The servers that are compared: Comity, nginx with the same bytes as a file, nginx before Comity, Isso from PyPI."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.conversation import BLOCK, conversation
from benchmarks.load import cores

__all__ = ["Running", "comity", "fetch", "isso", "nginx_before", "nginx_file"]

_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Running:
    """A server and its first process."""

    port: int
    pid: int

    def url(self, path: str) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}{path}"


def fetch(url: str, **headers: str) -> bytes:
    """The body of an answer, as it comes."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - addresses of this machine
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - likewise
        return bytes(answer.read())


def _port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _started(command: list[str], port: int, path: str, environment: dict[str, str] | None = None) -> Iterator[Running]:
    child = subprocess.Popen(
        ["taskset", "-c", cores()[0], *command],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            try:
                fetch(f"http://127.0.0.1:{port}{path}")
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"{command[0]} did not answer")
        yield Running(port, child.pid)
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def comity(environment: dict[str, str]) -> Iterator[Running]:
    """`comity serve`, one process, on a database that is there."""
    port = _port()
    command = [sys.executable, "-m", "comity.cli", "serve", "--port", str(port)]
    with _started(command, port, "/readyz", environment) as running:
        yield running


def _nginx(folder: Path) -> list[str]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]


def _around(folder: Path, inside: str) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"daemon off; pid {folder}/pid; error_log {folder}/errors; {user} worker_processes 1;\n"
        "events { worker_connections 4096; multi_accept on; }\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000000; {temporary}\n{inside}\n}}\n"
    )


@contextmanager
def nginx_file(folder: Path, packed: bytes) -> Iterator[Running]:
    """nginx that serves these gzip bytes as a static file: the limit of what one core can do."""
    folder.mkdir()
    port = _port()
    (folder / "thread.html.gz").write_bytes(packed)
    (folder / "ready").write_text("ready")
    inside = (
        "types { text/html html; } etag on; open_file_cache max=100 inactive=60s; open_file_cache_valid 30s;\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}; location / {{ gzip_static always;"
        ' add_header Cache-Control "public, max-age=5"; } location /ready { } }'
    )
    (folder / "nginx.conf").write_text(_around(folder, inside))
    with _started(_nginx(folder), port, "/ready") as running:
        yield running


@contextmanager
def nginx_before(folder: Path, origin: Running) -> Iterator[Running]:
    """nginx with the documented file before Comity."""
    folder.mkdir()
    port = _port()
    own = (_ROOT / "docs" / "caches" / "nginx.conf").read_text("utf-8")
    for documented, ours in (
        ("127.0.0.1:8000", f"127.0.0.1:{origin.port}"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("server_name comments.gazette.example;", "server_name localhost;"),
        ("/var/cache/nginx/comity", str(folder / "cache")),
    ):
        own = own.replace(documented, ours)
    (folder / "nginx.conf").write_text(_around(folder, own))
    with _started(_nginx(folder), port, "/healthz") as running:
        yield running


@contextmanager
def isso(folder: Path) -> Iterator[Running | None]:
    """Isso as its documentation deploys it (gunicorn, SQLite), with the same fifty comments; None where it cannot be
    had."""
    home = folder / "venv"
    folder.mkdir()
    try:
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin" / "pip", "-q", "install", "isso", "gunicorn"], check=True, capture_output=True)
    except (subprocess.CalledProcessError, OSError):
        yield None
        return
    port = _port()
    (folder / "isso.cfg").write_text(
        f"[general]\ndbpath = {folder}/comments.db\nhost = http://localhost:{port}/\n[moderation]\nenabled = false\n"
        f"[guard]\nenabled = false\n[server]\nlisten = http://127.0.0.1:{port}\n"
    )
    environment = {**os.environ, "ISSO_SETTINGS": str(folder / "isso.cfg")}
    command = [str(home / "bin" / "gunicorn"), "-b", f"127.0.0.1:{port}", "-w", "1", "--preload", "isso.run"]
    with _started(command, port, "/config", environment) as running:
        _fill_isso(folder / "comments.db")
        yield running


def _fill_isso(path: Path) -> None:
    database = sqlite3.connect(path)
    thread = database.execute("INSERT INTO threads (uri, title) VALUES ('/t/', 'A story')").lastrowid
    for words in conversation(BLOCK):
        values = {
            "id": words.number, "tid": thread, "parent": words.parent, "created": words.written_at.timestamp(),
            "modified": None, "mode": 1, "remote_addr": "127.0.0.0", "text": words.text, "author": words.author,
            "email": None, "website": None, "likes": words.likes, "dislikes": 0, "voters": bytes(256),
            "notification": 0,
        }  # fmt: skip
        marks = ", ".join("?" * len(values))
        database.execute(f"INSERT INTO comments ({', '.join(values)}) VALUES ({marks})", list(values.values()))  # noqa: S608 - names of this file
    database.commit()
    database.close()
