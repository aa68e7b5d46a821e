"""Reading a request's body whole, before anything that costs is done for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["ClientGone", "Message", "Receive", "Scope", "Send", "header", "read_body"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

DRAIN_BYTES = 8 * 1024 * 1024
"""How much of a body over the limit is read and thrown away. A client that is still sending when the connection closes
never sees why, so ordinary mistakes are heard out; beyond this the connection is simply closed."""


class ClientGone(Exception):  # noqa: N818 - what happened, and nobody's error
    """The client closed the connection before its request had arrived."""


def header(scope: Scope, name: bytes) -> bytes:
    """The first header called `name` (in lower case); empty when there is none."""
    return next((value for key, value in scope["headers"] if key == name), b"")


async def read_body(scope: Scope, receive: Receive, *, limit: int, deadline: float) -> bytes:
    """The whole body of a request, at most `limit` bytes, within `deadline` seconds.

    Raises:
        Refusal: `body_too_large` or `body_too_slow`.
        ClientGone: the connection closed first.
    """
    declared = header(scope, b"content-length")
    if declared.isdigit() and int(declared) > max(limit, DRAIN_BYTES):
        raise Refusal(RefusalCode.BODY_TOO_LARGE, limit=limit)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(deadline):
            more = True
            while more and size <= max(limit, DRAIN_BYTES):
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                chunk = message.get("body", b"")
                size += len(chunk)
                if size <= limit:
                    chunks.append(chunk)
                more = message.get("more_body", False)
    except TimeoutError:
        raise Refusal(RefusalCode.BODY_TOO_SLOW) from None
    if size > limit:
        raise Refusal(RefusalCode.BODY_TOO_LARGE, limit=limit)
    return b"".join(chunks)
