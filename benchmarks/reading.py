"""What reading costs: `python -m benchmarks.reading`.

Makes conversations of 50, 1,000 and 10,000 comments, measures what building a page of each costs, then serves that of
fifty beside nginx with the same compressed bytes as a file, behind nginx with the documented file, and beside Isso,
all in turn in one run: servers on one core, wrk on the other. Prints ratios; `--write` renews `docs/benchmarks.md` and
its chart.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import servers
from benchmarks.chart import Bar, bars
from benchmarks.conversation import BLOCK, SITE, story_key
from benchmarks.load import Load, Memory, cores, drive, memory
from benchmarks.page import machine, renew

ROOT = Path(__file__).resolve().parent.parent
CHART = ROOT / "docs" / "images" / "reading.svg"
COUNTS = (BLOCK, 1000, 10_000)
GZIP = {"Accept-Encoding": "gzip"}
BUILD_MILLISECONDS = 2.5
GROWTH = 1.2
OF_FILE, OF_FILE_AIM, BEHIND_NGINX, OF_ISSO = 0.25, 0.40, 0.6, 1000.0


@dataclass
class Series:
    """Runs of one kind of request."""

    name: str
    loads: list[Load] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Median requests per second of processor time."""
        return statistics.median(each.per_core_second for each in self.loads)

    @property
    def milliseconds(self) -> float:
        """Median processor time of one request."""
        return statistics.median(each.milliseconds_each for each in self.loads)

    @property
    def p99(self) -> float:
        """Median of the slowest hundredth, in milliseconds."""
        return statistics.median(each.p99 for each in self.loads)

    @property
    def failed(self) -> int:
        """Answers that were none."""
        return sum(each.failed for each in self.loads)


@dataclass
class Measured:
    """Everything."""

    building: dict[str, dict[str, float]]
    series: dict[str, Series]
    memories: dict[str, Memory]
    lacks: list[str]


def environment(folder: Path) -> dict[str, str]:
    """A database of the benchmark's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "comity_server.settings",
        "COMITY_DATA": str(folder),
        "COMITY_SECRET_KEY": "only for measuring, and long enough to be one",
    }


def prepare(folder: Path) -> dict[str, str]:
    """The conversations."""
    given = environment(folder)
    program = "import django; django.setup()\nfrom benchmarks.conversation import fill\n" + f"fill{COUNTS}\n"
    subprocess.run([sys.executable, "-c", program], env=given, check=True)
    return given


def measure(folder: Path, *, seconds: float, runs: int) -> Measured:
    """Measure in turn."""
    given = prepare(folder / "comity")
    said = subprocess.run(
        ["taskset", "-c", cores()[0], sys.executable, "-m", "benchmarks.building", *map(str, COUNTS)],
        env=given, check=True, capture_output=True, text=True, cwd=ROOT,
    ).stdout  # fmt: skip
    series: dict[str, Series] = {}
    memories: dict[str, Memory] = {}
    lacks: list[str] = []
    thread = f"/embed/thread?site={SITE}&key={story_key(BLOCK)}"
    with ExitStack() as stack:
        own = stack.enter_context(servers.comity(given))
        memories["started"] = memory(own.pid)
        packed = servers.fetch(own.url(thread), **GZIP)
        file = stack.enter_context(servers.nginx_file(folder / "file", packed))
        before = stack.enter_context(servers.nginx_before(folder / "before", own))
        other = stack.enter_context(servers.isso(folder / "isso"))
        etag = _etag(own.url(thread))
        kinds: list[tuple[str, Callable[[], Load]]] = [
            ("file", lambda: drive(file.url("/thread.html"), file.pid, seconds=seconds, headers=GZIP)),
            ("comity", lambda: drive(own.url(thread), own.pid, seconds=seconds, headers=GZIP)),
            ("before", lambda: drive(before.url(thread), before.pid, own.pid, seconds=seconds, headers=GZIP)),
            ("unchanged", lambda: drive(own.url(thread), own.pid, seconds=seconds, headers={"If-None-Match": etag})),
            ("page", lambda: drive(own.url(f"/threads/{story_key(BLOCK)}"), own.pid, seconds=seconds, headers=GZIP)),
            ("json", lambda: drive(own.url(f"/api/v1/threads/{story_key(BLOCK)}"), own.pid, seconds=seconds,
                                   headers=GZIP)),
            ("count", lambda: drive(own.url(f"/embed/count?key={story_key(BLOCK)}"), own.pid, seconds=seconds)),
        ]  # fmt: skip
        if other is None:
            lacks.append("Isso could not be installed here (`pip install isso gunicorn`): there is no ratio to it.")
        else:
            kinds.append(("isso", lambda: drive(other.url("/?uri=/t/"), other.pid, seconds=seconds, connections=8,
                                                headers=GZIP)))  # fmt: skip
        for number in range(runs):
            for name, run in kinds:
                print(f"run {number + 1} of {runs}: {name} …", file=sys.stderr, flush=True)
                series.setdefault(name, Series(name)).loads.append(run())
        memories["after"] = memory(own.pid)
        for number in range(3000):
            servers.fetch(own.url(f"/embed/thread?site={SITE}&key=made-up-{number}"))
        memories["crawled"] = memory(own.pid)
    return Measured(json.loads(said), series, memories, lacks)


def _etag(url: str) -> str:
    import urllib.request

    with urllib.request.urlopen(url) as answer:  # noqa: S310 - an address of this machine
        return str(answer.headers["ETag"])


def _versions() -> str:
    import brotli
    import django
    import uvicorn

    nginx = subprocess.run(
        [shutil.which("nginx") or "/usr/sbin/nginx", "-v"], capture_output=True, text=True, check=False
    )
    return (
        f"{machine()}, Django {django.__version__}, uvicorn {uvicorn.__version__}, brotli {brotli.__version__},"
        f" {nginx.stderr.strip().partition(': ')[2]}"
    )


@dataclass(frozen=True)
class Line:
    """One promise and what was found."""

    what: str
    promised: str
    found: str
    met: bool


def lines(measured: Measured) -> list[Line]:
    """The promises of the fast path, each with what was found."""
    series, building = measured.series, measured.building
    small, large = building[str(BLOCK)], building[str(COUNTS[-1])]
    of_file = series["comity"].rate / series["file"].rate
    behind = series["before"].rate / series["file"].rate
    found = [
        Line(
            "cached thread of 50 comments, requests per second of processor time, against nginx's static file",
            f"at least {OF_FILE}, aim {OF_FILE_AIM:.2f}",
            f"{of_file:.2f} ({series['comity'].rate:,.0f} of {series['file'].rate:,.0f})",
            of_file >= OF_FILE,
        ),
        Line(
            "the same behind nginx with the documented file (nginx and Comity together)",
            f"{BEHIND_NGINX}",
            f"{behind:.2f} ({series['before'].rate:,.0f})",
            behind >= BEHIND_NGINX,
        ),
    ]
    if "isso" in series:
        times = series["comity"].rate / series["isso"].rate
        found.append(
            Line(
                "the same against Isso with the same comments",
                f"at least {OF_ISSO:,.0f} times",
                f"{times:,.0f} times (Isso {series['isso'].rate:,.1f}, {series['isso'].milliseconds:.0f} ms each)",
                times >= OF_ISSO,
            )
        )
    return [
        *found,
        Line(
            "building that page, its queries included",
            f"{BUILD_MILLISECONDS} ms of processor time or less",
            f"{small['build']:.2f} ms; {small['build_anew']:.2f} ms with no comment kept; "
            f"{small['request']:.2f} ms as a whole request of Django's",
            small["request"] <= BUILD_MILLISECONDS,
        ),
        Line(
            "building the first page of 10,000 comments",
            f"at most {GROWTH} times that",
            f"{large['build'] / small['build']:.2f} times ({large['build']:.2f} ms)",
            large["build"] <= GROWTH * small["build"],
        ),
        Line(
            "memory of the building process, after 50 and after 10,000 comments",
            "flat",
            f"{small['resident_megabytes']:.0f} and {large['resident_megabytes']:.0f} MB",
            large["resident_megabytes"] < 1.1 * small["resident_megabytes"],
        ),
        Line(
            "memory of `comity serve`: started, after the load, after 3,000 made-up addresses",
            "bounded (`COMITY_CACHE_BYTES`)",
            ", ".join(f"{measured.memories[name].resident:.0f}" for name in ("started", "after", "crawled"))
            + " MB resident",
            measured.memories["crawled"].resident - measured.memories["started"].resident < 100,
        ),
    ]


def report(measured: Measured) -> str:
    """The section of the page of results."""
    series, building = measured.series, measured.building
    rows = [
        f"| {each.what} | {each.promised} | {each.found} | {'met' if each.met else '**not met**'} |"
        for each in lines(measured)
    ]
    names = {
        "file": "nginx, the same bytes as a static file",
        "comity": "Comity, the thread as a fragment, gzip",
        "page": "Comity, the thread as a page, gzip",
        "json": "Comity, the thread as JSON, gzip",
        "unchanged": "Comity, 304 to who has it",
        "count": "Comity, a count",
        "before": "nginx with the documented file before Comity",
        "isso": "Isso, the same comments",
    }
    served = [
        f"| {names[name]} | {each.rate:,.0f} | {each.rate / series['file'].rate:.2f} | {each.milliseconds:.4f} "
        f"| {each.p99:.1f} |"
        for name, each in ((name, series[name]) for name in names if name in series)
    ]
    built = [
        f"| {int(count):,} | "
        + " | ".join(f"{each[name]:.2f}" for name in ("read", "build", "build_anew", "request", "page", "json"))
        + " |"
        for count, each in building.items()
    ]
    small = building[str(BLOCK)]
    return "\n".join(
        [
            "## Reading",
            "",
            f"`python -m benchmarks.reading --write`. {_versions()}.",
            "",
            f"Servers on one core, wrk on the other; each figure is the median of {len(series['comity'].loads)} runs"
            " taken in turn, per second of the server's own processor time. On a shared machine, trust the ratios.",
            "",
            "![Requests per second of processor time](images/reading.svg)",
            "",
            "| what | promised | found | |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            *measured.lacks,
            *([""] if measured.lacks else []),
            "Served:",
            "",
            "| | per second of processor time | of nginx's file | ms of processor time each | p99 at full load, ms |",
            "| --- | --- | --- | --- | --- |",
            *served,
            "",
            "Built (milliseconds of processor time, the least of twenty rounds; every first page holds 50 comments):",
            "",
            "| comments | queries | fragment | nothing kept | fragment by Django | page by Django | JSON by Django |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *built,
            "",
            f"The fragment is {small['bytes'] / 1024:.0f} KB, {small['bytes_brotli'] / 1024:.1f} KB by brotli-5"
            f" ({small['brotli']:.2f} ms, once per version) and {small['bytes_gzip'] / 1024:.1f} KB by gzip-6"
            f" ({small['gzip']:.2f} ms).",
        ]
    )


def chart(measured: Measured) -> str:
    """The picture."""
    series = measured.series
    shown = [
        ("file", "nginx, static file", False),
        ("before", "nginx before Comity", True),
        ("comity", "Comity, one process", True),
        ("isso", "Isso", False),
    ]
    found = [Bar(label, series[name].rate, own) for name, label, own in shown if name in series]
    return bars("A thread of 50 comments: requests per second of processor time", found)


def write(measured: Measured) -> None:
    """Renew the page and the chart."""
    renew("reading", report(measured))
    CHART.write_text(chart(measured), "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a promise is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each run (5)")
    parser.add_argument("--runs", type=int, default=3, help="of each kind (3)")
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md and its chart")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="comity-reading-") as folder:
        Path(folder).chmod(0o755)
        measured = measure(Path(folder), seconds=given.seconds, runs=given.runs)
    print(report(measured))
    if given.write:
        write(measured)
    return int(not all(each.met for each in lines(measured)))


if __name__ == "__main__":
    sys.exit(main())
