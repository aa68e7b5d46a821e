"""The server library, told when to begin and how to end."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from comity.stream.front import Front

__all__ = ["GentleServer"]


class GentleServer(uvicorn.Server):
    """Says when it is ready, and ends without losing a request that was sent to it.

    Args:
        front: ends its streams and lets connections go when the server stops.
        drain_seconds: how long readers' connections are answered with the word that they end, before those that say
            nothing are closed.
        ready: called once requests are answered.
    """

    def __init__(
        self, config: uvicorn.Config, *, front: Front, drain_seconds: float, ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._front = front
        self._drain_seconds = drain_seconds
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no new connection, let those that are there end, then stop."""
        for server in self.servers:
            server.close()
        await self._front.drain(self._drain_seconds)
        await super().shutdown(sockets)
