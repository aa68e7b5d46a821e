"""The session: its folder, its PostgreSQL when asked for, and which tests belong to the database."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.migrated import copy_migrated
from tests.postgres import PostgresServer, find_binaries

_server = pytest.StashKey[PostgresServer]()


def _folder() -> Path:
    return Path(os.environ["COMITY_TEST_FOLDER"])


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if os.environ["COMITY_TEST_DATABASE"] == "postgres":
        binaries = find_binaries()
        if binaries is None:
            raise pytest.UsageError("COMITY_TEST_DATABASE=postgres needs PostgreSQL's own programs (initdb, pg_ctl)")
        server = PostgresServer(_folder(), binaries)
        server.start()
        config.stash[_server] = server


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if server := config.stash.get(_server, None):
        server.stop()
    shutil.rmtree(_folder(), ignore_errors=True)


def pytest_report_header() -> str:
    host = "mounted in a bare project" if os.environ.get("COMITY_TEST_MOUNT") == "1" else "stand-alone server"
    return f"comity: {os.environ['COMITY_TEST_DATABASE']}, {host}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that reaches the database runs on both: nobody has to remember the mark."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or not {"db", "transactional_db"}.isdisjoint(names):
            item.add_marker(pytest.mark.database)


@pytest.fixture(autouse=True)
def _no_head_of_another_test() -> None:
    """A process keeps each site's own head for a second; the next test's site may have the same id."""
    if screener := sys.modules.get("comity.actions.screener"):
        screener.engine_of.cache_clear()


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The session's database as `COMITY_DATABASE_URL`, for tests that start processes of their own."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgresql://comity@{quote(str(connection.settings_dict['HOST']), safe='')}/{name}"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """On SQLite the worker's database is a copy, which Django finds migrated. A host project's has other users."""
    from django.db import connection

    if connection.vendor != "sqlite" or os.environ.get("COMITY_TEST_MOUNT") == "1":
        return False
    copy_migrated(Path(connection.settings_dict["TEST"]["NAME"]))
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Between tests that commit, Django empties every table. The database refuses that of decisions, so its guard
    stands aside for this one moment; nothing else in the tests can open it."""
    from django.apps import apps
    from django.db import connection

    names = ("0003_decisions_never_edited", "0010_retention", "0013_preservation")
    guards = [import_module(f"comity.migrations.{name}") for name in names]
    empty = connection.ops.execute_sql_flush

    def empty_all(statements: Sequence[str]) -> None:
        with connection.schema_editor() as editor:
            for guard in guards:
                guard.remove(apps, editor)
        empty(statements)
        with connection.schema_editor() as editor:
            for guard in guards:
                guard.install(apps, editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "execute_sql_flush", empty_all)
        yield
