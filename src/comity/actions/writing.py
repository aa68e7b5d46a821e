"""The transaction that every write stands in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections, router, transaction

from comity import conf
from comity.actions.fair_lock import FairLock
from comity.models import EventRecord
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["database_alias", "write_transaction"]

WAIT_SECONDS = 5.0
"""How long a writer queues before it is told to come again: as long as SQLite's own busy timeout."""
RETRY_AFTER_SECONDS = 2

_locks: dict[str, FairLock] = {}
_locks_guard = threading.Lock()


def database_alias() -> str:
    """The database that holds Comity's tables."""
    return router.db_for_write(EventRecord)


@contextmanager
def write_transaction(*, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Write in one transaction; on SQLite, in turn with every other thread and process.

    Inside another transaction it is a savepoint, and takes no lock: the outer one holds what there is to hold.

    Raises:
        Refusal: `service_unavailable` with `retry_after`, when other writers did not let go in time.
        OperationalError: the database is locked by someone else, or away.
    """
    alias = database_alias()
    connection = connections[alias]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic(using=alias):
            yield
        return
    lock = _lock_of(str(connection.settings_dict["NAME"]))
    if not lock.acquire(wait_seconds):
        raise Refusal(RefusalCode.SERVICE_UNAVAILABLE, retry_after=RETRY_AFTER_SECONDS)
    try:
        with transaction.atomic(using=alias):
            yield
    finally:
        lock.release()


def _lock_of(database: str) -> FairLock:
    with _locks_guard:
        lock = _locks.get(database)
        if lock is None:
            lock = _locks[database] = FairLock(_lock_path(database))
        return lock


def _lock_path(database: str) -> Path | None:
    """Where the lock's files lie; None for a database in memory, which no other process can reach."""
    if configured := conf.current().write_lock_path:
        return Path(configured)
    if ":memory:" in database or "mode=memory" in database:
        return None
    return Path(database.removeprefix("file:").partition("?")[0])
