"""How many comments a second several processes post through `actions`, and how long the unluckiest of them waits.

    python -m benchmarks.writes [--seconds 5] [--processes 1 2 4] [--database-url postgres://...]

Screened, durable (SQLite: WAL, synchronous FULL), all under one story, each post by a reader of its own. On SQLite
every measurement is made twice, with Comity's fair lock and with SQLite's own busy waiting alone.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import random
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from time import monotonic, process_time

STORY = "treve"
WORDS = """
    accord aide appel armée bruit calme carte chemin convoi date diplomate effort espoir fin force front guerre heure
    jour lecteur lettre matin ministre mot nord nuit paix parole pays pont porte presse province question raison région
    réponse réunion route semaine silence soir sud table temps terre trêve ville voisin voix
"""
"""Comments are drawn from these, so that none repeats another and screening lets them pass."""


@dataclass(frozen=True)
class Tally:
    """What one process did."""

    waits: list[float]
    """Seconds each post took."""
    published: int
    """Posts that screening let pass; the others were stored as well, but held."""
    failures: int
    """Posts that ended with the database locked or the service unavailable."""
    seconds: float
    cpu_seconds: float


class _NoLock:
    """Stands in the fair lock's place, to measure what it is worth."""

    def acquire(self, timeout: float) -> bool:  # noqa: ARG002 - the lock's signature
        return True

    def release(self) -> None:
        pass


def _environment(folder: str, url: str) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "comity_server.settings",
        "COMITY_DATA": folder,
        "COMITY_SECRET_KEY": "only for measuring, and long enough to be one",
        "COMITY_DATABASE_URL": url,
    }


def prepare() -> None:
    """Tables, a site and a story, in a database that has none."""
    import django

    django.setup()
    from django.core.management import call_command

    from comity.actions.sites import create_site
    from comity.actions.stories import save_story

    call_command("migrate", verbosity=0)
    site = create_site(key="gazette", name="La Gazette", hosts=["localhost"], domains=["gazette.example"])
    save_story(site=site, key=STORY, title="Une trêve", body_source="Un texte.", now=datetime.now(UTC))


def post(number: int, seconds: float, fair: bool, parent: Connection) -> None:
    """Post for some seconds, and report."""
    import django

    django.setup()
    from django.db import OperationalError, connection

    from comity.actions import writing
    from comity.actions.comments import post_comment
    from comity.queries.sites import find_site
    from comity.rules.actors import Actor
    from comity.rules.refusals import Refusal
    from comity.rules.statuses import CommentStatus

    if not fair:
        writing._locks[str(connection.settings_dict["NAME"])] = _NoLock()  # type: ignore[assignment]  # for this measurement alone
    site = find_site(key="gazette", host=None)
    chance = random.Random(number)
    waits: list[float] = []
    published = failures = 0

    def one(label: str) -> bool:
        posted = post_comment(
            actor=Actor(site_id=site.id, new_device_token=label.ljust(43, "x"), network_digest=label),
            site=site,
            story_key=STORY,
            story_url="",
            text=" ".join(chance.choices(WORDS.split(), k=18)).capitalize() + ".",
            author_name="Lectrice",
            now=datetime.now(UTC),
        )
        return posted.own.status is CommentStatus.PUBLISHED

    one(f"first-{number}")
    parent.send("ready")
    parent.recv()
    began, cpu = monotonic(), process_time()
    before = began
    while before - began < seconds:
        try:
            published += one(f"{number}-{len(waits) + failures}")
        except (OperationalError, Refusal):
            failures += 1
        now = monotonic()
        waits.append(now - before)
        before = now
    parent.send(Tally(waits, published, failures, monotonic() - began, process_time() - cpu))


def measure(processes: int, seconds: float, *, fair: bool, url: str) -> list[Tally]:
    """Run so many processes at once."""
    context = multiprocessing.get_context("spawn")
    with database(context, url) as address:
        os.environ.update(address)
        pipes = [context.Pipe() for _ in range(processes)]
        children = [
            context.Process(target=post, args=(number, seconds, fair, theirs))
            for number, (_, theirs) in enumerate(pipes)
        ]
        for child in children:
            child.start()
        for ours, _ in pipes:
            ours.recv()
        for ours, _ in pipes:
            ours.send("go")
        tallies = [ours.recv() for ours, _ in pipes]
        for child in children:
            child.join()
    return tallies


@contextmanager
def database(context: multiprocessing.context.SpawnContext, url: str) -> Iterator[dict[str, str]]:
    """The environment of a fresh database: a SQLite file, or a new one on the PostgreSQL server at `url`."""
    with tempfile.TemporaryDirectory(prefix="comity-writes-") as folder:
        if url:
            import psycopg

            with psycopg.connect(url, autocommit=True) as server:
                server.execute("DROP DATABASE IF EXISTS comity_writes WITH (FORCE)")
                server.execute("CREATE DATABASE comity_writes")
            environment = _environment(folder, url.rpartition("/")[0] + "/comity_writes")
        else:
            environment = _environment(folder, f"sqlite:///{folder}/comity.sqlite3")
        os.environ.update(environment)
        child = context.Process(target=prepare)
        child.start()
        child.join()
        if child.exitcode:
            raise SystemExit("the database could not be prepared")
        yield environment


def report(name: str, tallies: list[Tally]) -> tuple[float, float]:
    """Print one line; posts a second, and the worst wait in seconds."""
    waits = sorted(wait for tally in tallies for wait in tally.waits)
    failures = sum(tally.failures for tally in tallies)
    rate = (len(waits) - failures) / max(tally.seconds for tally in tallies)
    cpu = sum(tally.cpu_seconds for tally in tallies) / len(waits)
    published = sum(tally.published for tally in tallies) / len(waits)
    shares = sorted(len(tally.waits) for tally in tallies)
    print(
        f"{name:34} {rate:7.0f}/s   p50 {statistics.median(waits) * 1000:6.1f} ms   "
        f"p99 {waits[int(len(waits) * 0.99)] * 1000:7.1f} ms   worst {waits[-1] * 1000:7.1f} ms   "
        f"failed {failures:3}   published {published:4.0%}   "
        f"CPU {cpu * 1000:4.2f} ms each   fewest/most {shares[0]}/{shares[-1]}",
        flush=True,
    )
    return rate, waits[-1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--database-url", default="", help="measure on this PostgreSQL server instead of on SQLite")
    given = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, ", end="")
    print("PostgreSQL" if given.database_url else f"SQLite {sqlite3.sqlite_version}", f"{given.seconds:g} s each")
    for processes in given.processes:
        results = {}
        for fair in (True,) if given.database_url else (True, False):
            name = f"{processes} processes" + (
                "" if given.database_url else ", fair lock" if fair else ", busy waiting"
            )
            results[fair] = report(name, measure(processes, given.seconds, fair=fair, url=given.database_url))
        if len(results) == 2:
            (rate, worst), (other_rate, other_worst) = results[True], results[False]
            print(
                f"{'':34} fair / busy: {rate / other_rate:.2f} of the rate, {worst / other_worst:.2f} of the worst wait"
            )


if __name__ == "__main__":
    sys.exit(main())
