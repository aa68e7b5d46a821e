"""The thread that looks at the event table and tells the process's caches and streams what changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from time import monotonic

import msgspec
from django.db import Error as DatabaseFailure
from django.db import connections

from comity.queries.changes import CHANGES_AT_ONCE, Changes, changes_since, newest_event_id
from comity.stream.freshness.carriers import Carrier, CarrierAwayError

__all__ = ["Change", "Freshness"]

logger = logging.getLogger("comity.freshness")

LOOK_SECONDS = 1.0
"""The table is looked at this often whatever the carrier says: the promise is one second."""
PAUSE_SECONDS = 0.02
"""Between two looks, so that a hundred writes a second are read in fifty looks and not in a hundred."""
WAIT_SECONDS = 0.25
"""How long a stop may have to wait for the carrier."""
MISSING_SECONDS = 60.0
"""How long an id passed over may still come: longer than any transaction of ours. Most never do: their transactions
failed."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What readers see otherwise now."""

    story_ids: frozenset[int] = frozenset()
    """Stories whose text, state or conversation changed."""
    site_ids: frozenset[int] = frozenset()
    """Sites whose settings or house rules changed: each of their threads reads otherwise."""
    everything: bool = False
    """Nobody knows what was missed: whatever is kept has to be compared with the database."""


class Freshness:
    """Tells listeners what changed, within a second of any process's write.

    Args:
        carrier: what wakes it.
        reading: in which the table is read: news must not come from a database ahead of the one that pages are read
            from.
        clock: seconds, for how long ids may be missing.
    """

    def __init__(
        self,
        carrier: Carrier,
        *,
        reading: Callable[[], AbstractContextManager[None]] = nullcontext,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._carrier = carrier
        self._reading = reading
        self._clock = clock
        self._listeners: list[Callable[[Change], None]] = []
        self._last: int | None = None
        self._missing: dict[int, float] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_away = False

    def listen(self, heard: Callable[[Change], None]) -> None:
        """Have `heard` called with each change, in this object's own thread. It returns at once and never raises."""
        self._listeners.append(heard)

    def start(self) -> None:
        """Begin to listen. What was written before is not told."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._work, name="comity-freshness", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 1.0) -> None:
        """Stop within about `timeout` seconds."""
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(timeout)

    def look(self) -> bool:
        """Look at the table once and tell; whether there was anything new."""
        if self._last is None:
            self._last = newest_event_id()
            return False
        now = self._clock()
        self._missing = {each: until for each, until in self._missing.items() if until > now}
        found = changes_since(self._last, missing=tuple(self._missing))
        self._note(found, now)
        if found.story_ids or found.site_ids:
            self._tell(Change(story_ids=found.story_ids, site_ids=found.site_ids))
        return len(found.event_ids) > 0

    def _note(self, found: Changes, now: float) -> None:
        last = self._last or 0
        for pk in found.event_ids:
            self._missing.pop(pk, None)
            if pk <= last:
                continue
            if pk - last <= CHANGES_AT_ONCE:
                self._missing.update(dict.fromkeys(range(last + 1, pk), now + MISSING_SECONDS))
            last = pk
        self._last = last

    def _tell(self, change: Change) -> None:
        for heard in self._listeners:
            heard(change)

    def _wait(self, seconds: float) -> bool:
        """Wait for a word; a carrier that is away is waited for by the clock."""
        try:
            woken = self._carrier.wait(seconds)
        except CarrierAwayError as failure:
            if not self._is_away:
                logger.warning("The carrier of news is away (%s): looking every second", failure)
            self._is_away = True
            self._stopping.wait(seconds)
            return False
        if self._is_away:
            self._is_away = False
            logger.warning("The carrier of news is back")
        return woken

    def _work(self) -> None:
        looked = -LOOK_SECONDS
        failed = False
        try:
            while not self._stopping.is_set():
                woken = self._wait(WAIT_SECONDS)
                if not woken and monotonic() - looked < LOOK_SECONDS:
                    continue
                try:
                    with self._reading():
                        self.look()
                    if failed:  # events may have been pruned, or the database be another one
                        self._last = None
                        self._missing.clear()
                        with self._reading():
                            self.look()
                        self._tell(Change(everything=True))
                    failed = False
                except DatabaseFailure as failure:
                    if not failed:
                        logger.warning("There is no news without the database: %s", type(failure).__name__)
                    failed = True
                    connections.close_all()
                    self._stopping.wait(WAIT_SECONDS)
                looked = monotonic()
                for connection in connections.all(initialized_only=True):
                    connection.close_if_unusable_or_obsolete()
                self._stopping.wait(PAUSE_SECONDS)
        finally:
            self._carrier.close()
            connections.close_all()
