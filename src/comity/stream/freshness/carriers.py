"""What wakes the look at the event table: a carrier brings no content, only the word that something was written.

So none of them can say something wrong, and one that is away costs promptness alone: the table is looked at every
second all the same.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol

__all__ = ["Carrier", "CarrierAwayError", "NotifyCarrier", "SqliteCarrier"]

CHANNEL = "comity_events"
SQLITE_POLL_SECONDS = 0.05
"""`PRAGMA data_version` costs 1.5 microseconds and touches no page: twenty looks a second are free."""


class CarrierAwayError(Exception):
    """The carrier cannot be reached; its `args` hold the class of the failure alone."""


class Carrier(Protocol):
    """Waits for the word that something was written. Used by one thread."""

    def wait(self, seconds: float) -> bool:
        """Whether something was written before `seconds` were over.

        Raises:
            CarrierAwayError: it cannot be reached; the next call tries again.
        """

    def close(self) -> None:
        """Let go of what it holds."""


class SqliteCarrier:
    """SQLite's own number, which changes for a connection whenever another one commits, in whatever process."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._connection: sqlite3.Connection | None = None
        self._seen = -1

    def wait(self, seconds: float) -> bool:
        """See `Carrier.wait`."""
        until = monotonic() + seconds
        while True:
            try:
                number = self._number()
            except sqlite3.Error as failure:
                self.close()
                raise CarrierAwayError(type(failure).__name__) from None
            if number != self._seen:
                self._seen = number
                return True
            left = until - monotonic()
            if left <= 0:
                return False
            sleep(min(SQLITE_POLL_SECONDS, left))

    def _number(self) -> int:
        if self._connection is None:
            # Never made here: without a database there is nothing to hear of.
            self._connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=rw", uri=True, timeout=1)
            self._seen = -1
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """See `Carrier.close`."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class NotifyCarrier:
    """PostgreSQL's NOTIFY, sent by a trigger of the event table when the writing transaction commits.

    Args:
        parameters: of a direct connection: nobody can listen through a pooler that lends by the transaction.
    """

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._connection: Any = None

    def wait(self, seconds: float) -> bool:
        """See `Carrier.wait`."""
        import psycopg

        try:
            if self._connection is None:
                self._connection = psycopg.connect(**self._parameters, autocommit=True, connect_timeout=5)
                self._connection.execute(f"LISTEN {CHANNEL}")
                return True  # what came before is unknown
            return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
        except psycopg.Error as failure:
            self.close()
            raise CarrierAwayError(type(failure).__name__) from None

    def close(self) -> None:
        """See `Carrier.close`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
