"""Request counts in a table, for processes that share a database and no Redis: `comity+table://`.

Importing this module registers the storage with the `limits` library. Counts are written in transactions of their own,
before and apart from what they limit, so that a refused request still counts.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from math import floor

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport, TimestampedSlidingWindow

from comity import conf
from comity.actions.writing import database_alias, write_transaction
from comity.models import LimitCounter

__all__ = ["TableStorage", "prune_counters"]

_COUNT = """
INSERT INTO {table} ({key}, {count}, {expires_at}) VALUES (%s, %s, %s)
ON CONFLICT ({key}) DO UPDATE SET
    {count} = CASE WHEN {table}.{expires_at} <= %s THEN excluded.{count} ELSE {table}.{count} + excluded.{count} END,
    {expires_at} = CASE WHEN {table}.{expires_at} <= %s THEN excluded.{expires_at} ELSE {table}.{expires_at} END
RETURNING {count}
"""
_WINDOWS = "SELECT {key}, {count} FROM {table} WHERE {key} IN (%s, %s) AND {expires_at} > %s"


class TableStorage(Storage, SlidingWindowCounterSupport, TimestampedSlidingWindow):
    """Fixed windows and sliding-window counters of the `limits` library, in Comity's own table.

    Keys are stored as digests keyed by the day, so yesterday's cannot be joined with today's; at midnight UTC every
    count starts again.
    """

    STORAGE_SCHEME = ["comity+table"]  # noqa: RUF012 - the library's base class declares it so

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,
        clock: Callable[[], float] = time.time,
        **_: float | str | bool,
    ) -> None:
        """Args: `clock` gives the time in Unix seconds; the others are the library's."""
        super().__init__(uri, wrap_exceptions)
        self._clock = clock

    @contextmanager
    def together(self) -> Iterator[None]:
        """Count several things in one transaction. Nothing may be raised inside: that would forget the counts."""
        with write_transaction(durable=False):
            yield

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library may wrap."""
        return DatabaseError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add `amount` to a count, which begins again `expiry` seconds after it began; the count thereafter."""
        now = self._clock()
        with write_transaction(durable=False):
            return self._add(key, expiry, amount, now)

    def get(self, key: str) -> int:
        """A count; 0 when there is none or it is over."""
        now = self._clock()
        row = LimitCounter.objects.filter(key=_digest(key, now), expires_at__gt=_moment(now)).first()
        return row.count if row else 0

    def get_expiry(self, key: str) -> float:
        """When a count is over, in Unix seconds; now when there is none."""
        now = self._clock()
        row = LimitCounter.objects.filter(key=_digest(key, now), expires_at__gt=_moment(now)).first()
        return row.expires_at.timestamp() if row else now

    def check(self) -> bool:
        """Whether the table can be read."""
        try:
            LimitCounter.objects.exists()
        except DatabaseError:
            return False
        return True

    def reset(self) -> int:
        """Forget every count."""
        with write_transaction(durable=False):
            return LimitCounter.objects.all().delete()[0]

    def clear(self, key: str) -> None:
        """Forget one count."""
        with write_transaction(durable=False):
            LimitCounter.objects.filter(key=_digest(key, self._clock())).delete()

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` if the last `expiry` seconds have room for it.

        The count of the window before weighs by the share of it that still lies within those seconds.
        """
        if amount > limit:
            return False
        now = self._clock()
        with write_transaction(durable=False):
            previous_count, previous_ttl, current_count, _ = self._windows(key, expiry, now)
            if floor(previous_count * previous_ttl / expiry + current_count) + amount > limit:
                return False
            current_key = self.sliding_window_keys(key, expiry, now)[1]
            counted = self._add(current_key, 2 * expiry, amount, now)
            # Another process may have counted since the reading above; on SQLite it cannot have.
            if floor(previous_count * previous_ttl / expiry + counted) > limit:
                self._add(current_key, 2 * expiry, -amount, now)
                return False
        return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Count and remaining seconds of the window before, then of this one."""
        return self._windows(key, expiry, self._clock())

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget both windows of one key."""
        now = self._clock()
        digests = [_digest(each, now) for each in self.sliding_window_keys(key, expiry, now)]
        with write_transaction(durable=False):
            LimitCounter.objects.filter(key__in=digests).delete()

    def _windows(self, key: str, expiry: int, now: float) -> tuple[int, float, int, float]:
        previous, current = (_digest(each, now) for each in self.sliding_window_keys(key, expiry, now))
        connection = connections[database_alias()]
        moment = connection.ops.adapt_datetimefield_value(_moment(now))
        with connection.cursor() as cursor:
            cursor.execute(_statement(connection, _WINDOWS), [previous, current, moment])
            counts: dict[str, int] = dict(cursor.fetchall())
        left = (1 - (now / expiry) % 1) * expiry
        return counts.get(previous, 0), left if previous in counts else 0.0, counts.get(current, 0), left + expiry

    def _add(self, key: str, expiry: float, amount: int, now: float) -> int:
        connection = connections[database_alias()]
        moment, end = (connection.ops.adapt_datetimefield_value(_moment(each)) for each in (now, now + expiry))
        with connection.cursor() as cursor:
            cursor.execute(_statement(connection, _COUNT), [_digest(key, now), amount, end, moment, moment])
            return int(cursor.fetchone()[0])


def prune_counters(now: datetime) -> int:
    """Delete counts that are over.

    Returns:
        How many were deleted.
    """
    with write_transaction(durable=False):
        return LimitCounter.objects.filter(expires_at__lte=now).delete()[0]


def _statement(connection: BaseDatabaseWrapper, pattern: str) -> str:
    names = {name: connection.ops.quote_name(name) for name in ("key", "count", "expires_at")}
    return pattern.format(table=connection.ops.quote_name(LimitCounter._meta.db_table), **names)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _digest(key: str, now: float) -> str:
    secret = conf.current().signing_secrets()[0]
    return hmac.new(secret.encode(), f"limit|{_moment(now).date()}|{key}".encode(), hashlib.sha256).hexdigest()
