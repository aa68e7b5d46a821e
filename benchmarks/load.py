"""Load by wrk, and what it costs the server: requests per second of the server's own processor time.

On a shared machine requests per second say little; requests per second of processor time, and the ratio of two taken in
turn, can be trusted.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Load", "Memory", "cores", "drive", "memory", "processor_seconds", "tree"]

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """One run of wrk."""

    requests: int
    seconds: float
    server_seconds: float
    """Processor time that the server's processes spent, in the kernel as well."""
    p50: float
    p99: float
    """Milliseconds."""
    failed: int

    @property
    def per_core_second(self) -> float:
        """Requests per second of the server's processor time."""
        return self.requests / max(self.server_seconds, 0.01)

    @property
    def milliseconds_each(self) -> float:
        """Processor time of one request."""
        return 1000 * self.server_seconds / max(self.requests, 1)


@dataclass(frozen=True)
class Memory:
    """Megabytes of a tree of processes."""

    resident: float
    proportional: float
    """What is shared counts in parts."""


def cores() -> tuple[str, str]:
    """The server's core and the load's: two different ones where there are two."""
    allowed = sorted(os.sched_getaffinity(0))
    return str(allowed[0]), str(allowed[-1])


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            found += tree(int(child))
    return list(dict.fromkeys(found))


def processor_seconds(*pids: int) -> float:
    """What these processes and those below them have spent so far."""
    ticks = 0
    for pid in {each for root in pids for each in tree(root)}:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS


def memory(*pids: int) -> Memory:
    """What these processes and those below them hold."""
    resident = proportional = 0
    for pid in {each for root in pids for each in tree(root)}:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            name, _, value = line.partition(":")
            if name == "Rss":
                resident += int(value.split()[0])
            elif name == "Pss":
                proportional += int(value.split()[0])
    return Memory(resident / 1024, proportional / 1024)


def drive(
    url: str, *pids: int, seconds: float, connections: int = 32, headers: Mapping[str, str] | None = None
) -> Load:
    """Ask for one address as fast as it is answered, on the load's core.

    Args:
        pids: roots of the server's processes.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("wrk is missing: apt install wrk")
    command = ["taskset", "-c", cores()[1], wrk, "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    before = processor_seconds(*pids)
    said = subprocess.run([*command, "--timeout", "20s", url], capture_output=True, text=True, check=True).stdout
    spent = processor_seconds(*pids) - before

    def number(pattern: str) -> float:
        found = re.search(pattern, said)
        return float(found[1]) if found else 0.0

    return Load(
        requests=int(number(r"(\d+) requests in")),
        seconds=seconds,
        server_seconds=spent,
        p50=_milliseconds(said, "50%"),
        p99=_milliseconds(said, "99%"),
        failed=int(number(r"Non-2xx or 3xx responses: (\d+)")) + int(number(r"timeout (\d+)")),
    )


def _milliseconds(said: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)\b", said)
    if not found:
        return 0.0
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[found[2]]
