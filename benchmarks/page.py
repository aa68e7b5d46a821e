"""The page of figures, `docs/benchmarks.md`: each benchmark renews the section that is its own."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["machine", "renew"]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def renew(name: str, section: str) -> None:
    """Put a section in the place of its last one, or at the end.

    Args:
        name: of the benchmark's file, without its ending.
    """
    begin, end = f"<!-- {name}: written by benchmarks/{name}.py -->", f"<!-- end of {name} -->"
    before, found, rest = PAGE.read_text("utf-8").partition(begin)
    after = rest.partition(end)[2] if found else ""
    parts = (before.rstrip(), f"{begin}\n{section.strip()}\n{end}", after.strip())
    PAGE.write_text("\n\n".join(part for part in parts if part) + "\n", "utf-8")


def machine() -> str:
    """The day, the machine and how busy it was."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{datetime.now(UTC):%-d %B %Y}; {os.cpu_count()} cores ({model}), {platform.platform()}, Python"
        f" {platform.python_version()}, load average {os.getloadavg()[0]:.1f}"
    )
