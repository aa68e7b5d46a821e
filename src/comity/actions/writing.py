"""The transaction that every write stands in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from comity import conf
from comity.actions.fair_lock import FairLock
from comity.models import EventRecord
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["database_alias", "write_transaction"]

WAIT_SECONDS = 5.0
"""How long a writer queues before it is told to come again: as long as SQLite's own busy timeout."""
RETRY_AFTER_SECONDS = 2
_SYNCHRONOUS_NORMAL = 1

_locks: dict[str, FairLock] = {}
_locks_guard = threading.Lock()


def database_alias() -> str:
    """The database that holds Comity's tables."""
    return router.db_for_write(EventRecord)


@contextmanager
def write_transaction(*, wait_seconds: float = WAIT_SECONDS, durable: bool = True) -> Iterator[None]:
    """Write in one transaction; on SQLite, in turn with every other thread and process.

    Inside another transaction it is a savepoint, and takes no lock: the outer one holds what there is to hold.

    Args:
        wait_seconds: how long to queue for SQLite's one writer's place.
        durable: False for what may be forgotten when the machine loses its power, and never when a process dies: counts
            of requests, the pump's progress. It spares waiting for the disk.

    Raises:
        Refusal: `service_unavailable` with `retry_after`, when other writers did not let go in time.
        OperationalError: the database is locked by someone else, or away.
    """
    alias = database_alias()
    connection = connections[alias]
    if connection.in_atomic_block:
        with transaction.atomic(using=alias):
            yield
    elif connection.vendor == "sqlite":
        with _turn(connection, wait_seconds), _sqlite_waits_for_disk(connection, durable), transaction.atomic(alias):
            yield
    else:
        with transaction.atomic(using=alias):
            if not durable and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL synchronous_commit TO off")
            yield


@contextmanager
def _turn(connection: BaseDatabaseWrapper, wait_seconds: float) -> Iterator[None]:
    lock = _lock_of(str(connection.settings_dict["NAME"]))
    if not lock.acquire(wait_seconds):
        raise Refusal(RefusalCode.SERVICE_UNAVAILABLE, retry_after=RETRY_AFTER_SECONDS)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _sqlite_waits_for_disk(connection: BaseDatabaseWrapper, durable: bool) -> Iterator[None]:
    """Let go of the disk where that is safe: with a write-ahead log, the next durable commit brings the rest along."""
    if durable:
        yield
        return
    with connection.cursor() as cursor:
        (journal,) = cursor.execute("PRAGMA journal_mode").fetchone()
        (level,) = cursor.execute("PRAGMA synchronous").fetchone()
    loose = journal == "wal" and level > _SYNCHRONOUS_NORMAL
    if loose:
        _set_synchronous(connection, _SYNCHRONOUS_NORMAL)
    try:
        yield
    finally:
        if loose and connection.connection is not None:
            _set_synchronous(connection, level)


def _set_synchronous(connection: BaseDatabaseWrapper, level: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous = {level:d}")


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
