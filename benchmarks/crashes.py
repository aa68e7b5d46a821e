"""How often Comity may be killed, and what is lost by it: `python -m benchmarks.crashes [--rounds 5] [--write]`.

Each round takes a fresh database. A process that has loaded everything forks victims, which carry out what readers and
moderators ask (posts, replies, votes, edits, withdrawals, decisions) through the whole of Django, or run the pump with
the reactions in force, a listening host and letters to two people. Each victim dies by SIGKILL at one point: before and
after every statement, every commit, every reaction, before it is taken, before and after the answer; a sweep visits
every one of them, and more die by a timer wherever they are. Every tenth has a neighbour who posts meanwhile. Whoever
was not answered asks again with the same key; then the pump runs, and the books are gone over: each comment, vote,
edit and decision there exactly once and under the id that was told, counters, versions, the chain of decisions, every
event, reaction and letter, the site's own head, no lock left. After that whole servers are killed while eight readers
post by HTTP, and started again.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.concurrency.posters import TRUST, Posters
from tests.postgres import PostgresServer, find_binaries
from tests.servers import Servers

from benchmarks.page import machine, renew

ROOT = Path(__file__).resolve().parent.parent
SECRET = "only for this benchmark, and long enough to be one"  # noqa: S105 - of throw-away databases
SURVIVED = "ended before its death"


@dataclass
class Found:
    """What came of all rounds on one database."""

    database: str
    deaths: Counter[str] = field(default_factory=Counter)
    """By what was done and where it died."""
    survived: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    neighbours: int = 0
    servers: int = 0
    """Whole servers that were killed."""
    posted: int = 0
    """Comments taken by them."""
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def killed(self) -> int:
        """Victims and servers."""
        return sum(self.deaths.values()) + self.servers


class Newsroom:
    """The process of `tests.concurrency.newsroom` on this database."""

    def __init__(self, folder: Path, address: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.newsroom"],
            env={
                **kept,
                "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
                "DJANGO_SETTINGS_MODULE": "comity_server.settings",
                "COMITY_DATA": str(folder),
                "COMITY_SECRET_KEY": SECRET,
                "COMITY_DATABASE_URL": address,
                "COMITY_LOG_LEVEL": "error",
            },
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip

    def do(self, what: str, **details: Any) -> Any:
        """Give an order and wait."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps({"do": what, **details}) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        if not line:
            raise SystemExit(f"the newsroom ended with {self._child.wait()}")
        return json.loads(line)

    def end(self) -> None:
        """Let it end."""
        self._child.communicate()


class Databases:
    """Fresh databases: files, or on a PostgreSQL of its own."""

    def __init__(self, folder: Path, server: PostgresServer | None) -> None:
        self._folder = folder
        self._server = server
        self._count = 0

    @contextmanager
    def fresh(self) -> Iterator[tuple[Path, str]]:
        """A folder, and the address of a database with a site, a story and a moderator."""
        self._count += 1
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            if self._server is None:
                address = f"sqlite:///{name}/comity.sqlite3"
            else:
                address = self._server.new_database(f"round_{self._count}")
            newsroom = Newsroom(Path(name), address)
            newsroom.do("prepare")
            newsroom.end()
            yield Path(name), address


def kill_victims(found: Found, databases: Databases, *, rounds: int, anywhere: int) -> None:
    """Every point of every kind of work, in each round."""
    for seed in range(1, rounds + 1):
        with databases.fresh() as (folder, address):
            newsroom = Newsroom(folder, address)
            told = newsroom.do("crash", seed=seed, folder=str(folder), anywhere=anywhere)
            newsroom.end()
        deaths = Counter(told["deaths"])
        found.survived += deaths.pop(SURVIVED, 0)
        found.deaths.update(deaths)
        found.asked.update(told["asked"])
        found.neighbours += told["neighbours"]
        found.faults += told["faults"]
        print(f"{found.database}, round {seed}: {deaths.total()} killed, faults {told['faults']}", flush=True)


def kill_servers(found: Found, databases: Databases, *, count: int) -> None:
    """Whole servers, under load."""
    with databases.fresh() as (folder, address):
        settings = {
            "COMITY_DATABASE_URL": address,
            "COMITY_SECRET_KEY": SECRET,
            "COMITY_LOG_LEVEL": "error",
            **TRUST,
        }
        server = Servers(folder, **settings)
        server.wait_until_up()
        posters = Posters(server.address, count=8)
        try:
            with posters.at_work():
                for number in range(count):
                    posters.wait_for_more(1 + number * 7 % 40)
                    server.kill()
                    server = Servers(folder, port=server.port, **settings)
                posters.wait_for_more(1)
        finally:
            server.end()
        newsroom = Newsroom(folder, address)
        faults = newsroom.do("check_posted", acknowledged=posters.acknowledged)["faults"]
        newsroom.end()
    found.servers += count
    found.posted += len(posters.acknowledged)
    found.faults += [*posters.faults, *faults]
    print(f"{found.database}: {count} servers killed, {len(posters.acknowledged)} comments taken, faults {faults}")


def measure(database: str, *, rounds: int, anywhere: int, servers: int) -> Found:
    """Kill, on one kind of database."""
    found = Found(database)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="comity-crashes-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user and keeps its data in here
        server = None
        if database == "PostgreSQL":
            binaries = find_binaries()
            if binaries is None:
                raise SystemExit("PostgreSQL is missing: --sqlite measures without it")
            server = PostgresServer(folder, binaries, durable=True)
            server.start()
        try:
            databases = Databases(folder, server)
            kill_victims(found, databases, rounds=rounds, anywhere=anywhere)
            kill_servers(found, databases, count=servers)
        finally:
            if server is not None:
                server.stop()
    found.seconds = time.monotonic() - began
    return found


def by_place(each: Found) -> tuple[dict[str, int], dict[str, int]]:
    """Deaths by what was done, and by where."""
    doing: Counter[str] = Counter()
    where: Counter[str] = Counter()
    for name, count in each.deaths.items():
        kind, _, place = name.partition(": ")
        doing[kind] += count
        where[place] += count
    return doing, where


def report(runs: list[Found]) -> str:
    """The section of `docs/benchmarks.md`."""
    versions = [f"SQLite {sqlite3.sqlite_version}"]
    if binaries := find_binaries():
        told = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
        versions.append("PostgreSQL " + told.stdout.split()[2])
    names = " | ".join(each.database for each in runs)
    lines = [
        "## Crashes",
        "",
        f"`python -m benchmarks.crashes --write`. {machine()}, {', '.join(versions)},"
        f" {sum(each.seconds for each in runs) / 60:.0f} minutes.",
        "",
        (__doc__ or "").partition("\n\n")[2].strip().replace("\n", " "),
        "",
        f"| | {names} |",
        "| --- |" + " --- |" * len(runs),
    ]

    def row(name: str, values: list[object]) -> None:
        lines.append(
            f"| {name} | " + " | ".join(f"{each:,}" if isinstance(each, int) else str(each) for each in values) + " |"
        )

    row("**killed**", [each.killed for each in runs])
    row("**faults found** (0 promised)", [len(each.faults) for each in runs])
    split = [by_place(each) for each in runs]
    for position, title in ((0, "while it did"), (1, "and died")):
        for name in sorted({name for each in split for name in each[position]}):
            row(f"{title}: {name}", [each[position].get(name, 0) for each in split])
    row("whole servers, under eight readers who post", [each.servers for each in runs])
    row("had ended before their timer", [each.survived for each in runs])
    row("posted meanwhile by a neighbour", [each.neighbours for each in runs])
    row("asked for in all, by victims, neighbours and their parents", [each.asked.total() for each in runs])
    row("taken by HTTP from servers that were killed", [each.posted for each in runs])
    return "\n".join(lines)


def main() -> int:
    """Kill and print; `--write` renews the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="each visits every point once")
    parser.add_argument("--anywhere", type=int, default=150, help="deaths by the timer in each round")
    parser.add_argument("--servers", type=int, default=40)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite alone")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    runs = [
        measure(each, rounds=given.rounds, anywhere=given.anywhere, servers=given.servers)
        for each in ("SQLite", *([] if given.sqlite else ["PostgreSQL"]))
    ]
    section = report(runs)
    print(section)
    faults = [fault for each in runs for fault in each.faults]
    for fault in faults:
        print(fault)
    if given.write:
        renew("crashes", section)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
