"""One request's answer on its way out: kept until it is whole, so that no thread waits for a slow reader."""

from __future__ import annotations

from collections.abc import Sequence

from comity.stream.bodies import Message, Scope, Send

__all__ = ["Exchange", "Headers", "WholeAnswer"]

Headers = Sequence[tuple[bytes, bytes]]

KEPT_BYTES = 1024 * 1024
"""An answer longer than this is sent on while it is being made."""


class Exchange:
    """Collects an answer and sends it. Its body is left out for HEAD; a client that has gone is no error."""

    def __init__(self, scope: Scope, send: Send, *, closes: bool = False) -> None:
        """Args:
        closes: whether the client is told that the connection ends with this answer.
        """
        self._send = send
        self._closes = closes
        self._is_head = scope["method"] == "HEAD"
        self._start: Message | None = None
        self._chunks: list[bytes] = []
        self._kept = 0
        self._streaming = False
        self.gone = False
        """Whether the client was found to have closed the connection."""

    @property
    def status(self) -> int | None:
        """The status of the answer; None before there is one."""
        return self._start["status"] if self._start else None

    def header(self, name: bytes) -> bytes:
        """A header of the answer collected so far; empty when it has none of that name (in lower case)."""
        headers: Headers = self._start["headers"] if self._start else ()
        return next((value for key, value in headers if key.lower() == name), b"")

    def take_over(self, status: int) -> None:
        """The answer is sent by somebody else, with this status: what was collected is dropped."""
        self._start = {"type": "http.response.start", "status": status, "headers": []}
        self._chunks.clear()
        self._streaming = True

    async def collect(self, message: Message) -> None:
        """Take one message of an ASGI application's answer."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._is_head:
            return
        chunk: bytes = message.get("body", b"")
        if not self._streaming:
            self._chunks.append(chunk)
            self._kept += len(chunk)
            if self._kept <= KEPT_BYTES:
                return
            self._streaming = True
            await self._begin()
            chunk = b"".join(self._chunks)
            self._chunks.clear()
        await self._forward({"type": "http.response.body", "body": chunk, "more_body": True})

    async def finish(self) -> None:
        """Send what was kept and end the answer."""
        if not self._streaming:
            await self._begin()
        await self._forward({"type": "http.response.body", "body": b"".join(self._chunks)})

    async def answer(self, status: int, headers: Headers, body: bytes) -> None:
        """Send an answer of the front's own, in place of whatever was collected."""
        if self._streaming:
            return
        length = (b"content-length", str(len(body)).encode())
        self._start = {"type": "http.response.start", "status": status, "headers": [*headers, length]}
        self._chunks = [] if self._is_head else [body]
        await self.finish()

    async def _begin(self) -> None:
        if self._start is not None:
            if self._closes:
                # A new message: the one that was collected may be a finished answer's, which others get as well.
                headers = [*self._start["headers"], (b"connection", b"close")]
                self._start = {**self._start, "headers": headers}
            await self._forward(self._start)

    async def _forward(self, message: Message) -> None:
        if self.gone:
            return
        try:
            await self._send(message)
        except OSError:
            self.gone = True


class WholeAnswer:
    """Collects an answer that is sent to nobody yet."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = ()
        self._chunks: list[bytes] = []

    async def collect(self, message: Message) -> None:
        """Take one message of an ASGI application's answer."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        else:
            self._chunks.append(message.get("body", b""))

    @property
    def body(self) -> bytes:
        """What has come of the body."""
        return b"".join(self._chunks)
