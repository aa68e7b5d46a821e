"""Runs the tests: all on SQLite, those of the database again on PostgreSQL, those of HTTP again in a host project.

Ends with pytest's own closing line. Without Chromium or PostgreSQL it says which tests did not run; in CI (`CI=true`)
that is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from system_packages import caches, chromium, has_fonts, pgbouncer, postgresql, redis_server

ROOT = Path(__file__).resolve().parent.parent
APART = "browser or server"
"""Tests that start processes of their own. Servers that are killed, exchanged or timed go one at a time, so that two
cores are enough for what they wait for; browsers go in pairs: 310 s instead of 390 on two cores."""


@dataclass(frozen=True)
class Run:
    """One call of pytest."""

    title: str
    arguments: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)


def main(arguments: Sequence[str]) -> int:
    """Run; pytest's exit code, the first that is not 0."""
    if "--peers" in arguments:
        there = {"PostgreSQL": postgresql(), "PgBouncer": pgbouncer(), **caches(), **libraries()}
        absent = [name for name, found in there.items() if not found]
        if absent:
            print(f"comity: did not run: the tests with {' and '.join(absent)}, which are missing.", file=sys.stderr)
            return 3 if os.environ.get("CI") == "true" else 0
        return run([Run("with third-party software", ["-m", "peers"])])
    in_ci = os.environ.get("CI") == "true"
    missing: list[str] = []
    without = ["peers"]
    if chromium() is None:
        missing.append("Chromium is missing: the tests in a real browser")
        without.append("browser")
    elif not has_fonts():
        missing.append("fonts for Hebrew or Arabic are missing: the pictures of those pages are not what readers see")
    if redis_server() is None:
        missing.append("Redis is missing: the tests of what processes tell each other by it")
        without.append("redis")
    if postgresql() is None:
        missing.append("PostgreSQL is missing: the second run of the database tests")
    if missing and in_ci:
        for each in missing:
            print(f"comity: {each} cannot run, and in CI nothing may be missing.", file=sys.stderr)
        return 3
    parallel = ["-n", "2", "--dist", "loadfile"]
    avoided = " or ".join(without)
    runs = [
        Run("on SQLite", [*parallel, "-m", f"not ({avoided} or {APART})"]),
        Run("in a bare host project, under a prefix", [*parallel, "tests/http", "-m", f"not ({avoided} or {APART})"],
            {"COMITY_TEST_MOUNT": "1"}),
        *([Run("in a real browser", [*parallel, "-m", f"browser and not ({avoided})"])] if chromium() else []),
        Run("with real processes", ["-m", f"server and not (browser or {avoided})"]),
    ]  # fmt: skip
    if postgresql() is not None:
        runs.append(
            Run("on PostgreSQL", [*parallel, "-m", f"database and not ({avoided} or browser)"],
                {"COMITY_TEST_DATABASE": "postgres"})
        )  # fmt: skip
    status = run(runs)
    for each in missing:
        print(f"comity: did not run: {each}.", file=sys.stderr)
    return status


def libraries() -> dict[str, bool]:
    """The libraries that train the screening model and run a foreign one, and whether each is there."""
    return {name: find_spec(name) is not None for name in ("torch", "scipy", "onnxruntime", "tokenizers")}


def run(runs: Sequence[Run]) -> int:
    """Call pytest for each; the last line on standard output is its closing line."""
    with tempfile.TemporaryDirectory(prefix="comity-test-template-") as template:
        return _run(runs, {"COMITY_TEST_TEMPLATE": template})


def _run(runs: Sequence[Run], shared: dict[str, str]) -> int:
    status = 0
    # Whatever the caller prefers: hundreds of processes import the same modules, and pytest rewrites the asserts of
    # every test file, each once if what was compiled is kept.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for each in runs:
        print(f"comity: tests {each.title}", flush=True)
        started = time.monotonic()
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *each.arguments],
            cwd=ROOT, stdin=subprocess.DEVNULL, env={**kept, **shared, **each.environment}, check=False,
        )  # fmt: skip
        seconds = time.monotonic() - started
        print(
            f"comity: {each.title}: {seconds:.0f} s, pytest ended with {ended.returncode}", file=sys.stderr, flush=True
        )
        status = status or ended.returncode
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
