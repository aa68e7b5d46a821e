"""A Redis of the test's own, on a socket in a temporary folder; nothing is kept."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

__all__ = ["RedisServer", "find_redis"]


def find_redis() -> str | None:
    """The server's program; None where there is none."""
    return shutil.which("redis-server")


class RedisServer:
    """Started and stopped as often as a test wants, always at the same address."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis"
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """For settings that take a Redis address."""
        return f"unix://{self._socket}"

    def start(self) -> None:
        """Start; returns when it answers."""
        program = find_redis()
        assert program is not None, "redis-server is missing"
        self._process = subprocess.Popen(
            [program, "--port", "0", "--unixsocket", str(self._socket), "--save", "", "--daemonize", "no"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self._socket.parent,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "ready to accept connections" in line.lower():
                return
        raise AssertionError(f"redis-server ended with {self._process.wait()}")

    def stop(self) -> None:
        """Stop at once."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
