"""The cache of finished answers: what is kept, for how long it is true, and what goes when room is short.

It knows neither a network nor an event loop. `forget` is called by the thread that hears of writes; everything else by
the one thread that answers.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from comity.stream.finished import Finished
from comity.stream.freshness.listening import Change
from comity.web.etags import MadeOf

__all__ = ["Cache", "Kept", "Key"]

Key = tuple[bytes, str, bytes]
"""Host, path, and the query reduced to what the route looks at, in one order."""
LIFETIME = 10.0
"""Seconds for which an answer is taken to be true although nothing was heard: stories open and close by the clock."""
LIST_LIFETIME = 1.0
"""The same for what may show any story of a site."""
ERROR_LIFETIME = 1.0
"""The same for refusals and failures."""
_OVERHEAD = 3000
"""Bytes that an entry takes besides its bodies, about."""
_ENTERING_SHARE = 4
"""What was asked for once gets this part of the room, so that addresses made up at random drive out only each other."""
_REMEMBERED_SECONDS = 60.0
"""How long a change is remembered for answers that were being made when it was heard."""


@dataclass(slots=True, eq=False)
class Kept:
    """One address and its answer, if there is one."""

    key: Key
    finished: Finished | None = None
    made_of: MadeOf | None = None
    expires_at: float = 0.0
    stale_since: float | None = None
    """When a change was heard; None while none was."""
    begun_at: float = float("-inf")
    """When it was last begun to be made."""
    failed_at: float = float("-inf")
    touched_at: float = 0.0
    is_written: bool = False
    """Whether this process itself has written to what it shows since: who may have done it is not given it."""
    route: str = ""
    """Of its address, for the log."""
    size: int = 0
    is_settled: bool = False
    """Whether it was asked for again after it had been made."""
    wanted: set[bytes] = field(default_factory=set)
    """Compressions that were asked for."""
    waiting: int = 0
    """Readers who wait for the next version."""
    building: Any = None
    """Whoever makes the next version at this moment."""

    def since(self, now: float) -> float | None:
        """Since when it is no longer true; None while it is."""
        if self.stale_since is not None:
            return self.stale_since
        return self.expires_at if now >= self.expires_at else None


class Cache:
    """Answers by address, bounded by bytes.

    Args:
        most: bytes, about. What was asked for the longest ago goes first, and first what was asked for only once.
        clock: seconds.
    """

    def __init__(self, most: int, *, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._clock = clock
        self._entering: OrderedDict[Key, Kept] = OrderedDict()
        self._settled: OrderedDict[Key, Kept] = OrderedDict()
        self._entering_bytes = 0
        self._settled_bytes = 0
        self._guard = threading.Lock()
        self._by_story: defaultdict[int, set[Kept]] = defaultdict(set)
        self._changes = 0
        self._changed_stories: dict[int, tuple[int, float]] = {}
        self._changed_all = 0
        self._met_unknown = 0

    @property
    def bytes(self) -> int:
        """What is kept, about."""
        return self._entering_bytes + self._settled_bytes

    @property
    def changes(self) -> int:
        """How many changes were heard: to be given to `put` as it was when making the answer began."""
        return self._changes

    def __len__(self) -> int:
        return len(self._entering) + len(self._settled)

    def find(self, key: Key) -> Kept | None:
        """What is kept under this address."""
        return self._settled.get(key) or self._entering.get(key)

    def touch(self, kept: Kept, now: float) -> None:
        """Note that it was asked for."""
        kept.touched_at = now
        with self._guard:
            if kept.key in self._settled:
                self._settled.move_to_end(kept.key)
                return
            if self._entering.pop(kept.key, None) is None:
                return
            self._entering_bytes -= kept.size
            kept.is_settled = True
            self._settled[kept.key] = kept
            self._settled_bytes += kept.size
        self._make_room()

    def put(self, kept: Kept, finished: Finished, made_of: MadeOf | None, *, changes: int) -> None:
        """Keep a new version.

        Args:
            made_of: None for what is no answer to build on: a refusal or a failure.
            changes: `changes` when making it began; what was heard since makes it stale at once.
        """
        now = self._clock()
        with self._guard:
            self._unlink(kept)
            kept.finished, kept.made_of = finished, made_of
            kept.expires_at = now + _lifetime(made_of)
            kept.stale_since = now if made_of is not None and self._has_changed(made_of, changes) else None
            kept.is_written = False
            for story_id in _story_ids(made_of):
                self._by_story[story_id].add(kept)
        self._resize(kept)

    def measure(self, kept: Kept) -> None:
        """Count its bytes anew: a compression was added."""
        if self.find(kept.key) is kept:
            self._resize(kept)

    def forget(self, change: Change) -> None:
        """Take what shows something of this change to be no longer true. May be called from any thread."""
        now = self._clock()
        with self._guard:
            self._changes += 1
            if change.everything or change.site_ids:
                self._changed_all = self._changes
                self._stain(self._all(), now)
                return
            for story_id in change.story_ids:
                self._changed_stories[story_id] = (self._changes, now)
                found = self._by_story.get(story_id)
                if found:
                    self._stain(found, now)
                else:  # perhaps the first comment under a key that was shown as unused
                    self._met_unknown = self._changes
            if self._met_unknown == self._changes:
                self._stain((each for each in self._all() if _shows_unused(each.made_of)), now)
            if len(self._changed_stories) > 1000:
                self._changed_stories = {
                    story_id: (number, at)
                    for story_id, (number, at) in self._changed_stories.items()
                    if at > now - _REMEMBERED_SECONDS
                }

    def note_written(self, story_id: int) -> None:
        """This process has written to a story. `forget` will follow for everybody, soon; whoever wrote may be back
        sooner. May be called from any thread."""
        now = self._clock()
        with self._guard:
            self._changes += 1
            self._changed_stories[story_id] = (self._changes, now)
            found = self._by_story.get(story_id)
            if not found:
                self._met_unknown = self._changes
                found = {each for each in self._all() if _shows_unused(each.made_of)}
            for kept in found:
                kept.is_written = True

    def _has_changed(self, made_of: MadeOf, changes: int) -> bool:
        if self._changed_all > changes or (_shows_unused(made_of) and self._met_unknown > changes):
            return True
        return any(self._changed_stories.get(each, (0, 0.0))[0] > changes for each in _story_ids(made_of))

    @staticmethod
    def _stain(found: Iterable[Kept], now: float) -> None:
        for kept in found:
            if kept.stale_since is None:
                kept.stale_since = now

    def _all(self) -> list[Kept]:
        return [*self._entering.values(), *self._settled.values()]

    def _resize(self, kept: Kept) -> None:
        size = _OVERHEAD + (kept.finished.size if kept.finished is not None else 0)
        with self._guard:
            if kept.is_settled:
                if kept.key not in self._settled:
                    self._settled[kept.key] = kept
                    kept.size = 0
                self._settled_bytes += size - kept.size
            else:
                if kept.key not in self._entering:
                    self._entering[kept.key] = kept
                    kept.size = 0
                self._entering_bytes += size - kept.size
            kept.size = size
        self._make_room()

    def _make_room(self) -> None:
        with self._guard:
            share = self._most // _ENTERING_SHARE
            while self._entering_bytes > share and self._entering:
                _, gone = self._entering.popitem(last=False)
                self._entering_bytes -= gone.size
                self._unlink(gone)
            while self._settled_bytes > self._most - share and self._settled:
                _, gone = self._settled.popitem(last=False)
                self._settled_bytes -= gone.size
                gone.is_settled = False
                self._unlink(gone)

    def _unlink(self, kept: Kept) -> None:
        for story_id in _story_ids(kept.made_of):
            found = self._by_story.get(story_id)
            if found is not None:
                found.discard(kept)
                if not found:
                    del self._by_story[story_id]


def _lifetime(made_of: MadeOf | None) -> float:
    if made_of is None:
        return ERROR_LIFETIME
    return LIST_LIFETIME if made_of.lists_stories else LIFETIME


def _story_ids(made_of: MadeOf | None) -> list[int]:
    return [] if made_of is None else [story_id for story_id, _ in made_of.stories if story_id is not None]


def _shows_unused(made_of: MadeOf | None) -> bool:
    return made_of is not None and any(story_id is None for story_id, _ in made_of.stories)
