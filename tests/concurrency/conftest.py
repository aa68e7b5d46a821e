"""A database of its own, and real processes on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

REPOSITORY = Path(__file__).parents[2]


class Process:
    """A child that carries out orders; see `tests.concurrency.newsroom`."""

    def __init__(self, url: str, folder: Path) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))},
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)]),
            "DJANGO_SETTINGS_MODULE": "comity_server.settings",
            "COMITY_DATA": str(folder),
            "COMITY_SECRET_KEY": "only for this test, and long enough to be one",
            "COMITY_DATABASE_URL": url,
        }
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.newsroom"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=REPOSITORY,
        )

    def order(self, what: str, **details: Any) -> None:
        """Give an order without waiting for what comes of it."""
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps({"do": what, **details}) + "\n")
        self._child.stdin.flush()

    def answer(self) -> Any:
        """What came of the oldest order not yet answered; fails when the child died."""
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        assert line, f"the child ended with {self._child.wait()}"
        return json.loads(line)

    def do(self, what: str, **details: Any) -> Any:
        """Give an order and wait."""
        self.order(what, **details)
        return self.answer()

    def wait(self) -> int:
        """Wait for the child's own end."""
        return self._child.wait(60)

    def close(self) -> None:
        """End the child."""
        self._child.kill()
        self._child.communicate()


@pytest.fixture
def database(tmp_path: Path, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a new database, of the same kind as the session's."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'newsroom.sqlite3'}"
        return
    import psycopg

    settings = connection.settings_dict
    name = f"newsroom_{os.getpid()}"
    who = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **{k: v for k, v in who.items() if v}) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        user = quote(str(who["user"]), safe="")
        password = f":{quote(str(who['password']), safe='')}" if who["password"] else ""
        port = f":{who['port']}" if who["port"] else ""
        yield f"postgres://{user}{password}@{quote(str(who['host']), safe='')}{port}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Starts a process on the database."""
    processes: list[Process] = []

    def make() -> Process:
        processes.append(Process(database, tmp_path))
        return processes[-1]

    yield make
    for process in processes:
        process.close()


@pytest.fixture
def pair(start: Callable[[], Process]) -> tuple[Process, Process]:
    """Two processes on one site with one story."""
    first, second = start(), start()
    first.do("prepare")
    return first, second
