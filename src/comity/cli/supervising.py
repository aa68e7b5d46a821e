"""`comity serve --processes`: several servers on one socket, kept alive, and exchanged one by one on SIGHUP.

The socket belongs to this process and stays open: a connection that nobody has taken yet waits for whoever takes it, so
that exchanging the servers, with new code too, loses none.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from comity.cli.ending import DONE, FAILED

__all__ = ["Supervisor"]

READY_SECONDS = 60.0
"""How long a new server may take; then the old one goes on, and the person at the terminal is told."""
STOP_SECONDS = 10.0
SHORT_LIFE_SECONDS = 5.0
SHORT_LIVES = 5
"""So many servers that died young in a row mean that no other would live."""


@dataclass
class _Server:
    process: subprocess.Popen[bytes]
    began: float


class Supervisor:
    """Starts servers and minds them.

    Args:
        words: of the command line for each server.
        listener: the socket that all of them accept on.
        count: how many.
        say: told what happened.
    """

    def __init__(
        self, words: Sequence[str], listener: socket.socket, count: int, *, say: Callable[[str], None] = print
    ) -> None:
        self._words = tuple(words)
        self._listener = listener
        self._count = count
        self._say = say
        self._servers: list[_Server] = []
        self._asked, self._asks = os.pipe()
        self._short_lives = 0

    def run(self) -> int:
        """Supervise until told to stop; the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda received, _frame: os.write(self._asks, bytes([received])))
        for _ in range(self._count):
            if not self._add():
                return self._stop(FAILED)
        while True:
            for received in os.read(self._asked, 64):
                if received in {signal.SIGTERM, signal.SIGINT}:
                    return self._stop(DONE)
                if received == signal.SIGHUP:
                    self._exchange()
                elif not self._replace_the_dead():
                    self._say("The servers end as soon as they begin: giving up.")
                    return self._stop(FAILED)

    def _add(self) -> bool:
        """Start one more server; whether it answers."""
        reads, writes = os.pipe()
        try:
            process = subprocess.Popen(  # noqa: S603 - this program itself, with words that it made
                [sys.executable, "-m", "comity.cli", *self._words, "--inherit", f"{self._listener.fileno()}:{writes}"],
                pass_fds=(self._listener.fileno(), writes),
                stdin=subprocess.DEVNULL,
            )
            os.close(writes)
            self._servers.append(_Server(process, monotonic()))
            ready, _, _ = select.select([reads], [], [], READY_SECONDS)
            return bool(ready) and os.read(reads, 1) == b"1"
        finally:
            os.close(reads)

    def _exchange(self) -> None:
        """A new server for each old one, and each old one ends only when its successor answers."""
        for old in tuple(self._servers):
            if not self._add():
                self._say("A new server did not begin: the old ones go on.")
                failed = self._servers.pop()
                failed.process.kill()
                failed.process.wait()
                return
            self._end(old)
        self._say("The servers were exchanged.")

    def _end(self, server: _Server) -> None:
        self._servers.remove(server)
        server.process.terminate()
        try:
            server.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()

    def _replace_the_dead(self) -> bool:
        """Start a server for each that ended by itself; False when that has no end."""
        for server in tuple(self._servers):
            if server.process.poll() is None:
                continue
            self._servers.remove(server)
            self._short_lives = self._short_lives + 1 if monotonic() - server.began < SHORT_LIFE_SECONDS else 0
            if self._short_lives >= SHORT_LIVES:
                return False
            self._say(f"A server ended with {server.process.returncode}: another begins.")
            self._add()
        return True

    def _stop(self, code: int) -> int:
        self._listener.close()
        for server in self._servers:
            server.process.terminate()
        for server in tuple(self._servers):
            self._end(server)
        return code
