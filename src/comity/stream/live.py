"""Live streams: server-sent events that say how far a story has got, at most once a second each.

An event carries a version and a count, the same for everybody; what changed is fetched from the thread's own address
with `since=`, which all readers share. So the newest event says all that the ones before it said, and a reader whose
connection is slow may be passed over.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Final

from django.db import connections

from comity.queries.changes import StoryPulse
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.bodies import Message, Receive, Scope, Send, header
from comity.stream.freshness.listening import Change

__all__ = ["HOLDS", "LIVE_PATH", "STORY_HEADER", "LiveStreams", "event_of"]

LIVE_PATH: Final = "/embed/live"
"""The end of the address; a host project may stand before it."""
STORY_HEADER: Final = b"comity-story"
"""How Django tells the front which story an address is about. It never leaves the server."""
HOLDS: Final = "comity.holds_streams"
"""In the scope of a request whose connection the front will hold: only then does Django name the story."""
BEAT_SECONDS = 20.0
"""Proxies close connections that are silent for 60 seconds by default."""
PACE_SECONDS = 1.0
"""An event per story at most this often."""
ADDRESSES_KEPT = 10_000
RETRY_AFTER_SECONDS = 30
_RETRIES = (2000, 2600, 3200, 3800, 4400, 5000)
"""Milliseconds after which a browser comes again: spread, so that after a restart not all come at once."""
_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events back until its buffer is full
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),
)


def event_of(pulse: StoryPulse) -> bytes:
    """The bytes of one event."""
    return b'id: %d\ndata: {"version":%d,"count":%d}\n\n' % (pulse.version, pulse.version, pulse.count)


class _Stream:
    """One reader's connection."""

    __slots__ = ("_send", "behind")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.behind = False
        """Whether an event could not be written because the connection was full."""

    def push(self, body: bytes, *, more: bool = True) -> None:
        """Write without waiting: a task for each of ten thousand readers would cost more than what it writes."""
        sending = self._send({"type": "http.response.body", "body": body, "more_body": more})
        step = sending.__await__()
        try:
            next(step)
        except StopIteration:
            self.behind = False
        except OSError:
            pass  # the reader has gone, as `receive` will say
        else:
            # It waits for the reader to take what was written before; the next beat brings the newest event.
            sending.close()  # type: ignore[attr-defined]  # servers' `send` are coroutines
            self.behind = True

    def end(self) -> None:
        """End the answer: the server then tells `receive` that there is nobody left."""
        self.push(b"", more=False)


class _Channel:
    """Who listens to one story, and what is known of it."""

    __slots__ = ("pulse", "sent_at", "streams", "timer")

    def __init__(self) -> None:
        self.streams: set[_Stream] = set()
        self.pulse: StoryPulse | None = None
        self.sent_at = float("-inf")
        self.timer: asyncio.TimerHandle | None = None


class LiveStreams:
    """The process's live streams. All but `hear` is called in the server's event loop.

    Args:
        read: gives version and count of stories; called in a thread.
        most: streams held at once; one more is refused with 503, and its reader asks now and then instead.
    """

    def __init__(self, read: Callable[[Collection[int]], Mapping[int, StoryPulse]], *, most: int) -> None:
        self._read = read
        self._most = most
        self._channels: dict[int, _Channel] = {}
        self._stories: OrderedDict[tuple[bytes, bytes], int] = OrderedDict()
        self._found: dict[tuple[bytes, bytes], asyncio.Event] = {}
        self._retries: Iterator[int] = cycle(_RETRIES)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beat: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended = False
        self.count = 0
        """Streams held now."""

    @property
    def is_looking(self) -> bool:
        """Whether a story is being read, of which readers will then be told."""
        return bool(self._tasks)

    @asynccontextmanager
    async def finding(self, scope: Scope) -> AsyncIterator[int | None]:
        """The story that an address is about, if it was asked for lately; None for whoever has to find out.

        When many come at once, as after a restart, the first finds out and the others wait: Django is asked once.
        """
        address = _address(scope)
        before = self._found.get(address)
        if address not in self._stories and before is not None:
            await before.wait()
        if address in self._stories:
            yield self._stories[address]
            return
        found = self._found.setdefault(address, asyncio.Event())
        try:
            yield None
        finally:
            found.set()
            self._found.pop(address, None)

    def remember(self, scope: Scope, story_id: int) -> None:
        """Note which story an address is about."""
        self._stories[_address(scope)] = story_id
        if len(self._stories) > ADDRESSES_KEPT:
            self._stories.popitem(last=False)

    async def hold(self, story_id: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep one reader told, until they go or the server stops.

        Raises:
            Refusal: `service_unavailable`: there are too many.
        """
        if self.count >= self._most or self._ended:
            raise Refusal(RefusalCode.SERVICE_UNAVAILABLE, retry_after=RETRY_AFTER_SECONDS)
        self._loop = asyncio.get_running_loop()
        if self._beat is None:
            self._beat = self._loop.call_later(BEAT_SECONDS, self._beat_all)
        stream = _Stream(send)
        channel = self._channels.get(story_id)
        if channel is None:
            channel = self._channels[story_id] = _Channel()
        self.count += 1
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            first = b"retry: %d\n\n" % next(self._retries)
            await send({"type": "http.response.body", "body": first, "more_body": True})
            channel.streams.add(stream)
            if channel.pulse is None:
                await self._refresh(story_id, channel)
            elif _last_event(scope) != channel.pulse.version:
                stream.push(event_of(channel.pulse))
            await _gone(receive)
        except OSError:
            pass  # the reader has gone
        finally:
            self.count -= 1
            channel.streams.discard(stream)
            if not channel.streams:
                if channel.timer is not None:
                    channel.timer.cancel()
                self._channels.pop(story_id, None)

    def hear(self, change: Change) -> None:
        """Take a change in, from the thread that heard of it."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._plan_all, change)

    def end(self) -> None:
        """End every stream: the browsers come again, to whoever then answers."""
        self._ended = True
        if self._beat is not None:
            self._beat.cancel()
        for channel in self._channels.values():
            for stream in tuple(channel.streams):
                stream.end()

    def _plan_all(self, change: Change) -> None:
        if change.everything or change.site_ids:
            self._stories.clear()  # hosts may lead to other sites now
        # A change of a site's settings moves no version; readers see it when they next load the page.
        wanted = tuple(self._channels) if change.everything else change.story_ids.intersection(self._channels)
        for story_id in wanted:
            self._plan(story_id, self._channels[story_id])

    def _plan(self, story_id: int, channel: _Channel) -> None:
        """Read and tell now, or when a second has passed since it was told last."""
        if channel.timer is not None or self._loop is None:
            return
        wait = max(0.0, channel.sent_at + PACE_SECONDS - self._loop.time())
        channel.timer = self._loop.call_later(wait, self._begin_refresh, story_id, channel)

    def _begin_refresh(self, story_id: int, channel: _Channel) -> None:
        channel.timer = None
        task = asyncio.ensure_future(self._refresh(story_id, channel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _refresh(self, story_id: int, channel: _Channel) -> None:
        assert self._loop is not None
        channel.sent_at = self._loop.time()
        try:
            pulse = await asyncio.to_thread(self._look, story_id)
        except Exception:  # noqa: BLE001 - whatever the database says, the next change or beat asks it again
            return
        if pulse is None or pulse == channel.pulse:
            return
        channel.pulse = pulse
        body = event_of(pulse)
        for stream in tuple(channel.streams):
            stream.push(body)

    def _look(self, story_id: int) -> StoryPulse | None:
        try:
            return self._read((story_id,)).get(story_id)
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close_if_unusable_or_obsolete()

    def _beat_all(self) -> None:
        assert self._loop is not None
        self._beat = self._loop.call_later(BEAT_SECONDS, self._beat_all)
        for channel in tuple(self._channels.values()):
            newest = event_of(channel.pulse) if channel.pulse is not None else b""
            for stream in tuple(channel.streams):
                stream.push(newest if stream.behind and newest else b":\n\n")


async def _gone(receive: Receive) -> None:
    """Return when the reader has closed the connection, or the answer has ended."""
    message: Message = {}
    while message.get("type") != "http.disconnect":
        message = await receive()


def _address(scope: Scope) -> tuple[bytes, bytes]:
    return header(scope, b"host"), scope["query_string"]


def _last_event(scope: Scope) -> int | None:
    given = header(scope, b"last-event-id")
    return int(given) if given.isdigit() and len(given) < 20 else None
