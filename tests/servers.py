"""A real `comity serve`, and what it says."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx

from tests.cli.conftest import environment

__all__ = ["PATIENCE", "Servers", "free_port"]

PATIENCE = 30.0


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Servers:
    """A `comity serve` with these words, on a port of its own or on the one given."""

    def __init__(self, data: Path, *words: str, port: int = 0, **more: str) -> None:
        self.port = port or free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comity.cli", "serve", "--port", str(self.port), *words],
            env={**environment(data, PYTHONUNBUFFERED="1"), **more},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self._said = threading.Condition()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._said:
                self.lines.append(line.rstrip("\n"))
                self._said.notify_all()

    def wait_for(self, word: str) -> None:
        """Wait until it has said so."""
        with self._said:
            assert self._said.wait_for(lambda: any(word in line for line in self.lines), PATIENCE), self.lines

    def children(self) -> list[int]:
        """The ids of its processes."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(each) for each in found.stdout.split()]

    def wait_until_up(self) -> None:
        """A connection made before a server takes it waits in the queue: the first answer comes when one is up."""
        self.wait_for("Comity answers on")
        with httpx.Client(base_url=self.address, timeout=PATIENCE) as client:
            assert client.get("/healthz").status_code == 200

    def kill(self) -> None:
        """End it as the kernel does."""
        self.process.kill()
        self.end()

    def end(self) -> None:
        """Have it end, and wait."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self._listening.join(PATIENCE)
            assert self.process.stdout is not None
            self.process.stdout.close()
