"""Cached answers at the wire: written as soon as a request's headers have been read.

uvicorn's own protocol makes a task, a scope and two messages for every request, and looks each header over before it is
sent. For what lies finished in memory that is most of the work, so this protocol looks there first. What it does not
find there, or finds unusual, goes its usual way to the same application, which gives the same bytes.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from comity.stream.asking import asked_by
from comity.stream.front import Front

__all__ = ["WireProtocol"]

_LONGEST = 256 * 1024
"""Bytes; a longer answer is left to the usual way, which waits for a reader that is slow to take it."""


class WireProtocol(HttpToolsProtocol):
    """One connection."""

    _dated_from: ClassVar[object] = None
    _dated_as: ClassVar[bytes] = b""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._front = self.app if isinstance(self.app, Front) else None
        self._done: Any = None

    def on_headers_complete(self) -> None:
        """A request's headers have arrived."""
        if not self._answered_from_memory():
            super().on_headers_complete()

    def _answered_from_memory(self) -> bool:
        front, parser = self._front, self.parser
        if front is None or front.reads is None or parser.get_method() != b"GET":
            return False
        if (self.cycle is not None and not self.cycle.response_complete) or self.flow.write_paused:
            return False  # the answer before this one is still on its way
        if parser.get_http_version() != "1.1" or not parser.should_keep_alive() or parser.should_upgrade():
            return False
        asked = asked_by(self.headers)
        if asked is None or self.expect_100_continue:
            return False
        path, _, query = self.url.partition(b"?")
        hit = front.reads.hit(asked, path, query)
        if hit is None:
            return False
        wire = hit.finished.wire(asked.encodings[0], asked.if_none_match)
        if len(wire.body) > _LONGEST:
            return False
        self.transport.write(b"".join((wire.status_line, self._dated(), wire.head, wire.body)))
        front.tally.count("GET", hit.route, wire.status)
        if self._done is None:
            self._done = _answered()
        self.cycle = self._done
        self.on_response_complete()
        return True

    def _dated(self) -> bytes:
        """The headers that uvicorn puts before all others: a new list every second, for the date."""
        given = self.server_state.default_headers
        if WireProtocol._dated_from is not given:
            WireProtocol._dated_from = given
            WireProtocol._dated_as = b"".join([b"\r\n%b: %b" % pair for pair in given])
        return WireProtocol._dated_as


def _answered() -> Any:
    """What the parent class looks at of a request that has been answered."""
    return SimpleNamespace(response_complete=True, disconnected=False, message_event=asyncio.Event(), keep_alive=True)
