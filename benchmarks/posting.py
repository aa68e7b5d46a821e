"""What posting costs through HTTP: `python -m benchmarks.posting [--postgres ADDRESS] [--write]`.

A real `comity serve`, one process on one core; the readers on the other. Each comment is screened, stored durably
(SQLite: WAL, synchronous FULL; PostgreSQL as it is configured) and acknowledged after the commit; each comes from a
device and a network of its own, under one of twenty stories, with request limits off, since one machine plays all
readers. First as many as are answered, over eight connections; then half as many a second, each sent at its own moment
whatever the others do, which is where the waits are read. Then the processor time of each step, in one process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from benchmarks import servers
from benchmarks.load import cores, memory, processor_seconds
from benchmarks.page import machine, renew

STORIES = 20
CONNECTIONS = 8
WORDS = """
    accord aide appel bruit calme carte chemin convoi date effort espoir fin force front heure jour lecteur lettre
    matin ministre mot nord nuit paix parole pays pont porte presse province question raison route semaine soir sud
"""


@dataclass(frozen=True)
class Run:
    """What was measured of one engine on one database."""

    database: str
    engine: str
    a_second: float
    milliseconds: float
    """Of the server's processor time for each comment."""
    half: float
    p50: float
    p99: float
    """Milliseconds from the moment a comment was due to be sent, at `half` comments a second."""
    published: int
    posted: int
    resident: float


def environment(folder: str, database: str, *, model: bool) -> dict[str, str]:
    """What the server is told."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "DJANGO_SETTINGS_MODULE": "comity_server.settings",
        "COMITY_DATA": folder,
        "COMITY_SECRET_KEY": "only for this benchmark, and long enough to be one",
        "COMITY_LIMITS_ENABLED": "no",
        "COMITY_TRUSTED_PROXIES": "127.0.0.0/8",
        "COMITY_LOG_LEVEL": "error",
        "COMITY_SCREENING_MODEL": "yes" if model else "no",
        **({"COMITY_DATABASE_URL": database} if database else {}),
    }


def prepare() -> None:
    """Tables, a site, stories. In a process of its own: `python -m benchmarks.posting prepare`."""
    import django

    django.setup()
    from django.core.management import call_command

    from comity.actions.sites import create_site
    from comity.actions.stories import save_story
    from comity.models import Site

    call_command("migrate", verbosity=0)
    if Site.objects.exists():
        return
    site = create_site(key="gazette", name="La Gazette", hosts=["localhost"], domains=["gazette.example"])
    for number in range(STORIES):
        save_story(site=site, key=f"story-{number}", title="Une trêve", body_source="Un texte.", now=datetime.now(UTC))


class Comments:
    """Requests, none like another."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._chance = random.Random(seed)
        self._words = WORDS.split()
        self._number = 0

    def fields(self) -> tuple[str, dict[str, str], bytes]:
        """Path, headers and body."""
        self._number += 1
        number = self._number
        text = " ".join(self._chance.choices(self._words, k=self._chance.randint(20, 60))).capitalize() + "."
        body = json.dumps({"text": text, "author_name": f"Lectrice {number}"}).encode()
        headers = {
            "Host": "localhost",
            "Content-Type": "application/json",
            "Authorization": "Comity-Device " + f"{self._seed}-{number}".ljust(43, "x"),
            "Idempotency-Key": f"{self._seed}-{number}-0123456789abcdef",
            "X-Forwarded-For": ".".join(str(self._chance.randint(1, 254)) for _ in range(4)),
        }
        return f"/api/v1/threads/story-{number % STORIES}/comments?site=gazette", headers, body

    def request(self) -> bytes:
        """The same as bytes."""
        path, headers, body = self.fields()
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


class Connection:
    """One reader's connection, kept open."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, request: bytes) -> int:
        """Send; the answer's status."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        await reader.readexactly(int(length[1]) if length else 0)
        return int(head[9:12])

    def close(self) -> None:
        """Close it."""
        if self._streams is not None:
            self._streams[1].close()


async def as_many_as_are_answered(port: int, seconds: float, seed: str) -> list[int]:
    """Statuses of what eight readers post one after another."""
    comments, statuses = Comments(seed), []
    until = time.perf_counter() + seconds

    async def reader() -> None:
        connection = Connection(port)
        while time.perf_counter() < until:
            statuses.append(await connection.post(comments.request()))
        connection.close()

    await asyncio.gather(*(reader() for _ in range(CONNECTIONS)))
    return statuses


async def at_a_rate(port: int, rate: float, seconds: float, seed: str) -> list[float]:
    """Milliseconds from the moment each comment was due until it was acknowledged."""
    comments, waits = Comments(seed), []
    idle = [Connection(port) for _ in range(64)]
    began = time.perf_counter()

    async def one(due: float) -> None:
        connection = idle.pop() if idle else Connection(port)
        await connection.post(comments.request())
        waits.append((time.perf_counter() - due) * 1000)
        idle.append(connection)

    tasks = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.ensure_future(one(due)))
    await asyncio.gather(*tasks)
    for each in idle:
        each.close()
    return waits


def measure(database: str, *, model: bool, seconds: float) -> Run:
    """One server, measured."""
    import subprocess

    with tempfile.TemporaryDirectory() as folder:
        given = environment(folder, database, model=model)
        subprocess.run([sys.executable, "-m", "benchmarks.posting", "prepare"], env=given, check=True)
        with servers.comity(given) as server:
            os.sched_setaffinity(0, {int(cores()[1])})
            seed = f"{'model' if model else 'words'}-{random.SystemRandom().randrange(10**6)}"
            asyncio.run(as_many_as_are_answered(server.port, 2.0, f"{seed}-w"))
            spent = processor_seconds(server.pid)
            statuses = asyncio.run(as_many_as_are_answered(server.port, seconds, f"{seed}-a"))
            spent = processor_seconds(server.pid) - spent
            rate = len(statuses) / seconds
            waits = sorted(asyncio.run(at_a_rate(server.port, rate / 2, seconds, f"{seed}-h")))
            resident = memory(server.pid).proportional
    wrong = sorted({each for each in statuses if each not in {201, 202}})
    if wrong:
        raise SystemExit(f"answers other than 201 and 202: {wrong}")
    return Run(
        database="PostgreSQL" if database else "SQLite",
        engine="full" if model else "word lists and statements",
        a_second=rate,
        milliseconds=spent * 1000 / len(statuses),
        half=rate / 2,
        p50=statistics.median(waits),
        p99=waits[int(len(waits) * 0.99)],
        published=statuses.count(201),
        posted=len(statuses),
        resident=resident,
    )


def steps() -> dict[str, float]:
    """Milliseconds of processor time of each step of one comment, in one process, on SQLite, with the full engine. In a
    process of its own: `python -m benchmarks.posting steps`."""
    import django

    django.setup()
    from django.db import connection

    from comity.actions import comments as actions
    from comity.actions import screener
    from comity.api import threads
    from comity.queries.prepared import Prepared
    from comity.screening.engine import Engine
    from comity.text import markdown
    from comity_server.asgi import django_application

    spent: dict[str, float] = {}
    inside: list[str] = []

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            with step(name):
                return work(*given, **named)

        return run

    @contextmanager
    def step(name: str) -> Iterator[None]:
        """Time is counted for the innermost step alone."""
        began = time.thread_time()
        inside.append(name)
        before = sum(spent.values())
        yield
        inside.pop()
        own = time.thread_time() - began - (sum(spent.values()) - before)
        spent[name] = spent.get(name, 0.0) + own

    original = actions.write_transaction

    @contextmanager
    def transaction(**named: Any) -> Iterator[None]:
        with step("the transaction, its statements and its commit"), original(**named):
            yield

    rows = Prepared.rows
    Prepared.rows = lambda self, *given, **form: (  # type: ignore[method-assign]  # for this measurement alone
        rows(self, *given, **form) if "the transaction, its statements and its commit" in inside
        else timed("reading what is known", rows)(self, *given, **form)
    )  # fmt: skip
    actions.write_transaction = transaction  # type: ignore[assignment]  # likewise
    Engine.screen = timed("screening", Engine.screen)  # type: ignore[method-assign]  # likewise
    markdown_render = markdown.render
    markdown.render = timed("Markdown", markdown_render)
    threads.posted_answer = timed("rendering the answer", threads.posted_answer)
    threads.post_comment = timed("the rest of the action", threads.post_comment)
    del screener

    def post(comments: Comments) -> None:
        path, headers, body = comments.fields()
        where, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST", "PATH_INFO": where, "QUERY_STRING": query, "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": headers.pop("Content-Type"), "wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
            "wsgi.version": (1, 0),
        }  # fmt: skip
        environ.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()})
        with step("Django, its middleware, the JSON interface"):
            b"".join(django_application(environ, lambda *_: lambda _: None))  # type: ignore[arg-type]  # a stand-in

    comments = Comments("steps")
    for _ in range(100):
        post(comments)
    spent.clear()
    count = 500
    for _ in range(count):
        post(comments)
    connection.close()
    return {name: seconds * 1000 / count for name, seconds in spent.items()}


def _verdict(**parts: bool) -> str:
    """Which of the promises are met."""
    return ", ".join(f"{name} {'met' if good else 'not met'}" for name, good in parts.items())


def report(runs: list[Run], parts: dict[str, float]) -> str:
    """The section of `docs/benchmarks.md`."""
    promised = {"word lists and statements": 350, "full": 300}
    room = {"word lists and statements": 200, "full": 280}
    lines = [
        "## Posting",
        "",
        f"`python -m benchmarks.posting --write`. {machine()}.",
        "",
        (__doc__ or "").partition("\n\n")[2].strip().replace("\n", " "),
        "",
        "| database, engine | promised | comments a second | ms of processor time each | at half that: p50, p99 in ms"
        " (20 promised) | whole process after that, MB (promised) | |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for each in runs:
        verdict = _verdict(
            rate=each.a_second >= promised[each.engine],
            wait=each.p99 <= 20,
            memory=each.resident <= room[each.engine],
        )
        lines.append(
            f"| {each.database}, {each.engine} | {promised[each.engine]} | {each.a_second:.0f} |"
            f" {each.milliseconds:.2f} |"
            f" {each.p50:.1f}, {each.p99:.1f} (at {each.half:.0f} a second) | {each.resident:.0f}"
            f" ({room[each.engine]}) | {verdict} |"
        )
    lines += ["", "Where the time of one comment goes (SQLite, full engine, without the server and its socket):", ""]
    lines += ["| step | ms of processor time |", "| --- | --- |"]
    lines += [f"| {name} | {value:.2f} |" for name, value in sorted(parts.items(), key=lambda each: -each[1])]
    together = sum(parts.values())
    lines.append(f"| together | {together:.2f} |")
    first, second = sorted(parts, key=lambda name: -parts[name])[:2]
    lines += [
        "",
        f"What stands in the way of what was promised is processor time, not the disk: at {together:.2f} ms one core"
        f" takes {1000 / together:.0f} comments a second before its server has read one byte. Most of it goes to"
        f" {first} ({parts[first] / together:.0%}) and {second} ({parts[second] / together:.0%}). Gathering commits"
        " would spare waits for the disk, which other requests use already; more comments a second take more processes"
        " (`comity serve --processes`).",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure and print; `--write` renews the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("word", nargs="?", choices=("prepare", "steps"))
    parser.add_argument("--postgres", default="", metavar="ADDRESS", help="of an empty database")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.word == "prepare":
        prepare()
        return 0
    if given.word == "steps":
        prepare()
        print(json.dumps(steps()))
        return 0
    import subprocess

    runs = []
    for database in ("", *([given.postgres] if given.postgres else [])):
        for model in (False, True):
            runs.append(measure(database, model=model, seconds=given.seconds))
            print(runs[-1], flush=True)
    with tempfile.TemporaryDirectory() as folder:
        told = subprocess.run(
            ["taskset", "-c", cores()[0], sys.executable, "-m", "benchmarks.posting", "steps"],
            env=environment(folder, "", model=True), check=True, capture_output=True, text=True,
        )  # fmt: skip
    section = report(runs, json.loads(told.stdout.splitlines()[-1]))
    print(section)
    if given.write:
        renew("posting", section)
    return 0


if __name__ == "__main__":
    sys.exit(main())
