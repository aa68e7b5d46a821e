"""A database of its own, and real processes on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from tests.concurrency.posters import TRUST
from tests.migrated import copy_migrated
from tests.servers import Servers

REPOSITORY = Path(__file__).parents[2]
SECRET = "only for this test, and long enough to be one"


class Process:
    """A child that carries out orders; see `tests.concurrency.newsroom`."""

    def __init__(self, url: str, folder: Path) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))},
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)]),
            "DJANGO_SETTINGS_MODULE": "comity_server.settings",
            "COMITY_DATA": str(folder),
            "COMITY_SECRET_KEY": SECRET,
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

    def end(self) -> None:
        """Let the child end by itself, its database closed."""
        self._child.communicate()

    def kill(self) -> None:
        """End the child."""
        self._child.kill()
        self._child.communicate()


@contextmanager
def new_database(folder: Path, name: str, template: str = "") -> Iterator[str]:
    """The address of a new database of the same kind as the session's: a copy of the one at `template`, if given;
    else one without a table on PostgreSQL, with every table on SQLite."""
    if connection.vendor == "sqlite":
        path = folder / f"{name}.sqlite3"
        if template:
            shutil.copy(template.removeprefix("sqlite:///"), path)
        else:
            copy_migrated(path)
        yield f"sqlite:///{path}"
        return
    settings = connection.settings_dict
    with server_connection() as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template.rpartition('/')[2]}" if template else ""))
    user, password, host = (quote(str(settings[each] or ""), safe="") for each in ("USER", "PASSWORD", "HOST"))
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    yield f"postgres://{user}{':' * bool(password)}{password}@{host}{port}/{name}"
    with server_connection() as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server_connection() -> Iterator[psycopg.Connection]:
    """A connection to the session's PostgreSQL, beside every test's database."""
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    given = {name: connection.settings_dict[setting] for name, setting in names.items()}
    with psycopg.connect(dbname="postgres", autocommit=True, **{k: v for k, v in given.items() if v}) as server:
        yield server


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    """A database with a site and a story, which every test gets a copy of."""
    folder = tmp_path_factory.mktemp("prepared")
    with new_database(folder, f"prepared_{os.getpid()}") as url:
        process = Process(url, folder)
        process.do("prepare")
        process.end()
        yield url


@pytest.fixture
def database(tmp_path: Path, prepared: str) -> Iterator[str]:
    """The address of a new database with a site and a story."""
    with new_database(tmp_path, f"newsroom_{os.getpid()}", prepared) as url:
        yield url


@pytest.fixture
def start(database: str, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Starts a process on the database."""
    processes: list[Process] = []

    def make() -> Process:
        processes.append(Process(database, tmp_path))
        return processes[-1]

    yield make
    for process in processes:
        process.kill()


@pytest.fixture
def pair(start: Callable[[], Process]) -> tuple[Process, Process]:
    """Two processes on one site with one story."""
    return start(), start()


Serve = Callable[..., Servers]


@pytest.fixture
def serve(database: str, tmp_path: Path) -> Iterator[Serve]:
    """Starts `comity serve` with words and variables, on the database unless another is given."""
    started: list[Servers] = []

    def make(*words: str, port: int = 0, database: str = database, **more: str) -> Servers:
        settings = {"COMITY_DATABASE_URL": database, "COMITY_SECRET_KEY": SECRET, **TRUST, **more}
        started.append(Servers(tmp_path, *words, port=port, **settings))
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
