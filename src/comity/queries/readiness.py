"""Whether this process can serve: its database answers, and has every table this release needs."""

from __future__ import annotations

import threading

import msgspec
from django.db import DatabaseError, connections, router
from django.db.migrations.executor import MigrationExecutor

from comity.models import Site

__all__ = ["Readiness", "careless_settings", "readiness"]

_SYNCHRONOUS_FULL = 2

_migrated = threading.Event()


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """What was found."""

    database: bool
    migrations: bool

    @property
    def ready(self) -> bool:
        """Whether requests can be answered."""
        return self.database and self.migrations


def readiness() -> Readiness:
    """Ask the database. Migrations once seen applied are taken to stay so while the process runs."""
    connection = connections[router.db_for_read(Site)]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated.is_set():
            executor = MigrationExecutor(connection)
            targets = [key for key in executor.loader.graph.leaf_nodes() if key[0] == Site._meta.app_label]
            if executor.migration_plan(targets):
                return Readiness(database=True, migrations=False)
            _migrated.set()
    except DatabaseError:
        return Readiness(database=False, migrations=False)
    return Readiness(database=True, migrations=True)


def careless_settings() -> tuple[str, ...]:
    """The database's own settings by which a commit that was acknowledged may be lost when the machine, or PostgreSQL,
    crashes: names only."""
    connection = connections[router.db_for_write(Site)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            (level,) = cursor.execute("PRAGMA synchronous").fetchone()
            return ("synchronous",) if level < _SYNCHRONOUS_FULL else ()
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
            " AND setting = 'off' ORDER BY name"
        )
        return tuple(str(name) for (name,) in cursor.fetchall())
