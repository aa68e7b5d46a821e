"""Whether this process can serve: its database answers, and has every table this release needs."""

from __future__ import annotations

import threading

import msgspec
from django.db import DatabaseError, connections, router
from django.db.migrations.executor import MigrationExecutor

from comity.models import Site

__all__ = ["Readiness", "readiness"]

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
