"""What everybody reads, answered from the cache: which requests those are, and how a new version is made only once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import NamedTuple

from comity.rules.refusals import Refusal
from comity.stream.asking import Asked, asked_by, nobody_s, place_of
from comity.stream.bodies import Message, Scope
from comity.stream.cache import Cache, Kept, Key
from comity.stream.exchange import Headers
from comity.stream.finished import Finished
from comity.web.etags import MadeOf

__all__ = ["Answer", "Found", "Hit", "PublicReads"]

REBUILD_SECONDS = 0.25
"""A version is not made sooner than this after the one before it was begun."""
STALE_SECONDS = 0.5
"""How long the version before may be given while the next is made. With what it takes to hear of a write, less than a
second passes before everybody sees it."""
MOST_WAITING = 64
"""Readers who may wait for the next version of one answer while it is made; more are given the one before."""
FAILED_SECONDS = 60.0
"""How long the version before is given while no other can be made."""
RETRY_SECONDS = 1.0
LARGEST = 2 * 1024 * 1024
"""Bytes; a longer answer is not kept."""
MOST_SPELLINGS = 16_384
"""Addresses as they were spelt, kept for finding the answer without reading them."""
_TOUCH_SECONDS = 1.0
_KEPT_ERRORS = frozenset({404, 410})


class Answer(NamedTuple):
    """What Django said."""

    status: int
    headers: Headers
    body: bytes
    made_of: MadeOf | None


class Hit(NamedTuple):
    """A version that may be given."""

    finished: Finished
    route: str
    """For the log."""


class Found(NamedTuple):
    """The two messages of an answer."""

    start: Message
    body: Message
    route: str
    """For the log."""


class PublicReads:
    """Answers public reads.

    Args:
        ask: has Django answer a request, whose scope holds nothing of any reader's.
        clock: seconds.
    """

    def __init__(
        self, cache: Cache, ask: Callable[[Scope], Awaitable[Answer]], *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._cache = cache
        self._ask = ask
        self._clock = clock
        self._spellings: dict[tuple[bytes, bytes, bytes], Kept] = {}
        self._begun: dict[Key, Kept] = {}
        self._leaving = False

    def leave(self) -> None:
        """From now on leave every answer to the usual way, which lets connections end."""
        self._leaving = True

    def at_hand(self, scope: Scope) -> Found | None:
        """The answer, where it is there and true; None where something has to be found out."""
        asked = asked_by(scope["headers"])
        hit = self.hit(asked, scope.get("raw_path", b""), scope["query_string"]) if asked is not None else None
        if asked is None or hit is None:
            return None
        return Found(*hit.finished.answer(asked.encodings[0], asked.if_none_match), hit.route)

    def hit(self, asked: Asked, raw_path: bytes, query: bytes) -> Hit | None:
        """The version that is there and true, in the compression that is asked for; None when there is none."""
        kept = self._spellings.get((asked.host, raw_path, query))
        if kept is None or self._leaving:
            return None
        finished = kept.finished
        now = self._clock()
        if finished is None or kept.since(now) is not None or (kept.is_written and asked.is_known):
            return None
        if not finished.has(asked.encodings[0]):
            return None
        if now - kept.touched_at > _TOUCH_SECONDS:
            self._cache.touch(kept, now)
        return Hit(finished, kept.route)

    async def find(self, scope: Scope) -> Found | None:
        """The answer, made if need be; None where the request is for nothing that is kept, and Django's to answer.

        Raises:
            Refusal: `service_unavailable`: Django has too much to do.
        """
        asked = asked_by(scope["headers"])
        place = place_of(scope["path"], scope["query_string"]) if asked is not None else None
        if asked is None or place is None:
            return None
        query, is_plain, route = place
        key = (asked.host, scope["path"], query)
        kept = self._cache.find(key) or self._begun.get(key) or Kept(key)
        encoding = asked.encodings[0]
        kept.wanted.add(encoding)
        kept.route = route
        finished = await self._version_of(kept, scope, asked)
        if not finished.has(encoding):
            await asyncio.to_thread(finished.compress, encoding)
            self._cache.measure(kept)
        if is_plain and self._cache.find(key) is kept:
            if len(self._spellings) >= MOST_SPELLINGS:
                self._spellings.clear()
            self._spellings[asked.host, scope.get("raw_path", b""), scope["query_string"]] = kept
        now = self._clock()
        if now - kept.touched_at > _TOUCH_SECONDS:
            self._cache.touch(kept, now)
        return Found(*finished.answer(encoding, asked.if_none_match), route)

    async def _version_of(self, kept: Kept, scope: Scope, asked: Asked) -> Finished:
        came = self._clock()
        while True:
            now = self._clock()
            finished, since = kept.finished, kept.since(now)
            if since is None and kept.is_written and asked.is_known:
                since = now
            if finished is not None:
                if since is None:
                    return finished
                if now - kept.failed_at < RETRY_SECONDS and now - since < FAILED_SECONDS:
                    return finished
            building = self._build(kept, scope)
            may_be_old = finished is not None and since is not None and now - since < STALE_SECONDS
            if finished is not None and may_be_old and not asked.is_known:
                # A few wait if it is made now: one of them may have voted, from a page that sends no token.
                is_later = now < kept.begun_at + REBUILD_SECONDS
                if is_later or kept.waiting >= MOST_WAITING:
                    return finished
            kept.waiting += 1
            try:
                made = await asyncio.shield(building)
            finally:
                kept.waiting -= 1
            if kept.begun_at >= came:
                return made

    def _build(self, kept: Kept, scope: Scope) -> asyncio.Task[Finished]:
        """Whoever makes the next version; begun here unless somebody has."""
        if kept.building is None:
            self._begun[kept.key] = kept
            task = asyncio.ensure_future(self._make(kept, nobody_s(scope, kept.key)))
            task.add_done_callback(_look)
            kept.building = task
        building: asyncio.Task[Finished] = kept.building
        return building

    async def _make(self, kept: Kept, scope: Scope) -> Finished:
        before = kept.finished if kept.made_of is not None else None
        try:
            pause = kept.begun_at + REBUILD_SECONDS - self._clock()
            if pause > 0 and kept.finished is not None:
                await asyncio.sleep(pause)
            kept.begun_at = self._clock()
            changes = self._cache.changes
            try:
                answer = await self._ask(scope)
            except Refusal:
                if before is None:
                    raise
                kept.failed_at = self._clock()
                return before
            if answer.status >= 500 and before is not None:
                kept.failed_at = self._clock()
                return before
            finished = Finished(answer.status, answer.headers, answer.body)
            await asyncio.to_thread(_compress_all, finished, tuple(kept.wanted))
            if _is_kept(answer):
                self._cache.put(kept, finished, answer.made_of, changes=changes)
            return finished
        finally:
            kept.building = None
            self._begun.pop(kept.key, None)


def _compress_all(finished: Finished, encodings: tuple[bytes, ...]) -> None:
    for encoding in encodings:
        finished.compress(encoding)


def _look(task: asyncio.Task[Finished]) -> None:
    if not task.cancelled():
        task.exception()  # it was raised where the answer was waited for; nobody may have waited


def _is_kept(answer: Answer) -> bool:
    if len(answer.body) > LARGEST or any(name.lower() == b"set-cookie" for name, _ in answer.headers):
        return False
    if answer.status == 200:
        return answer.made_of is not None
    return answer.status in _KEPT_ERRORS or answer.status >= 500
