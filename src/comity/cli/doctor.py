"""`comity doctor`: looks an installation over, one line for each finding; exit code 1 if something is wrong."""

from __future__ import annotations

import argparse
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from comity.cli.ending import DONE, FAILED
from comity.cli.setting_up import database_sentence, pending_migrations, set_up

__all__ = ["Finding", "examine"]

LITTLE_DISK = 1_000_000_000
LATE = timedelta(minutes=5)
PUT_ASIDE_LONG = timedelta(days=365)
RETENTION_LATE = timedelta(days=3)
CLOCK_TOLERANCE = timedelta(seconds=30)
OF_TOOLS = ("COMITY_TEST_", "COMITY_NO_INSTALL", "COMITY_CHROMIUM")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `ok`, `look` (somebody should) or `wrong`."""

    verdict: str
    subject: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.verdict:<6} {self.subject:<10} {self.sentence}"


def examine(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of all commands
    """Print what is found."""
    set_up()
    wrong = 0
    for finding in findings():
        print(finding, flush=True)
        wrong += finding.verdict == "wrong"
    return FAILED if wrong else DONE


def findings() -> Iterator[Finding]:
    """Everything looked at, in order; what needs the database only if it answers."""
    yield from _settings()
    yield from _folder()
    database = list(_database())
    yield from database
    if all(each.verdict != "wrong" for each in database):
        yield from _commits()
        yield from _clock()
        yield from _pump()
        yield from _shared_caches()
        yield from _sites()
        yield from _decisions()
        yield from _retention()
        yield from _put_aside()
    yield from _package()
    yield from _screening()


def _settings() -> Iterator[Finding]:
    from django.conf import settings

    if settings.SETTINGS_MODULE != "comity_server.settings":
        yield Finding("ok", "settings", f"those of {settings.SETTINGS_MODULE}")
        return
    known: Callable[[str], object] = sys.modules["comity_server.environment"].VARIABLES.get
    unknown = [n for n in os.environ if n.startswith("COMITY_") and not n.startswith(OF_TOOLS) and known(n) is None]
    if unknown:
        yield Finding("look", "settings", f"no such setting: {', '.join(sorted(unknown))}")
    else:
        yield Finding("ok", "settings", "every COMITY_ variable is known")


def _folder() -> Iterator[Finding]:
    from django.conf import settings

    folder: Path | None = getattr(settings, "DATA", None)
    if folder is None:
        return
    free = shutil.disk_usage(folder).free
    verdict = "wrong" if free < LITTLE_DISK else "ok"
    yield Finding(verdict, "disk", f"{free / 1e9:.1f} GB free in {folder}")
    for path in sorted(folder.iterdir()):
        secret = path.name in {"secret-key", "demo-accounts"} or path.suffix == ".sqlite3"
        if secret and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield Finding("wrong", "secrets", f"{path.name} may be read by others: chmod 600 it")
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Finding("look", "secrets", f"{folder} is open to others: chmod 700 it")
    else:
        yield Finding("ok", "secrets", "the folder is its owner's alone")


def _database() -> Iterator[Finding]:
    from django.db import Error, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
            version = str(cursor.fetchone()[0])
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA quick_check(1)")
                sound = str(cursor.fetchone()[0])
                if sound != "ok":
                    yield Finding("wrong", "database", "SQLite finds the file damaged: restore it from a back-up")
                    return
        yield Finding("ok", "database", f"{connection.display_name} {version} answers")
        missing = pending_migrations()
    except Error as error:
        yield Finding("wrong", "database", database_sentence(error))
        return
    if missing:
        yield Finding("wrong", "tables", f"{missing} migrations are missing: run comity migrate")
    else:
        yield Finding("ok", "tables", "those of this release")


def _commits() -> Iterator[Finding]:
    from comity.queries.readiness import careless_settings

    if careless := careless_settings():
        yield Finding(
            "wrong", "commits", f"a crash may lose what was acknowledged: {', '.join(careless)} is turned down"
        )
    else:
        yield Finding("ok", "commits", "what is acknowledged is on the disk")


def _clock() -> Iterator[Finding]:
    from django.db import connection

    if connection.vendor == "sqlite":
        return  # its clock is this machine's
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - datetime.now(UTC))
    verdict = "wrong" if apart > CLOCK_TOLERANCE else "ok"
    yield Finding(verdict, "clock", f"{apart.total_seconds():.1f} s from the database's")


def _pump() -> Iterator[Finding]:
    from comity.queries.outbox import backlog

    found = backlog(now=datetime.now(UTC))
    late = found.oldest > LATE
    waiting = f"{found.undispatched} events and {found.waiting} reactions wait, {found.failing} of them failed before"
    since = f"; the oldest for {int(found.oldest.total_seconds() // 60)} min: is a worker running?" if late else ""
    yield Finding("wrong" if late else "ok", "worker", waiting + since)
    if not found.parked:
        yield Finding("ok", "parked", "nothing")
    for each in found.parked_work:
        what = f"{each.reaction} {each.id} after {each.event_kind}: {each.failure}, {each.attempts} attempts"
        yield Finding("wrong", "parked", what)
    if found.parked > len(found.parked_work):
        yield Finding("wrong", "parked", f"and {found.parked - len(found.parked_work)} more")


def _shared_caches() -> Iterator[Finding]:
    from django.core.exceptions import ImproperlyConfigured

    from comity.notify.purging import PurgeFailedError, purge, shared_caches

    try:
        caches = shared_caches()
    except ImproperlyConfigured as error:
        yield Finding("wrong", "caches", str(error))
        return
    for cache in caches:
        try:
            purge(cache, ["comity-doctor"])  # which no answer carries
        except PurgeFailedError as failure:
            yield Finding("wrong", "caches", f"{cache.name} does not forget when told to: {failure}")
        else:
            yield Finding("ok", "caches", f"{cache.name} is told of every change")


def _sites() -> Iterator[Finding]:
    from comity.queries.sites import all_sites

    sites = all_sites()
    if not sites:
        yield Finding("look", "sites", "none yet: comity site add")
    for site in sites:
        if not site.domains and site.key != "demo":
            yield Finding("look", "sites", f"{site.key} has no domain: only its own stories can be commented")
        missing = [
            f"{whom}_contact"
            for whom, contact in (("readers", site.readers_contact), ("authorities", site.authorities_contact))
            if not contact
        ]
        if missing:
            how = f"comity site set {site.key} --set {missing[0]}=ADDRESS"
            yield Finding("look", "contacts", f"{site.key} has no {' and no '.join(missing)} (DSA, 11 and 12): {how}")
    if sites:
        yield Finding("ok", "sites", ", ".join(site.key for site in sites))


def _decisions() -> Iterator[Finding]:
    from comity.queries.decisions import verify_chains

    for chain in verify_chains():
        if chain.fault:
            yield Finding(
                "wrong", "decisions", f"{chain.site_key}: the chain breaks at number {chain.broken_at} ({chain.fault})"
            )
        elif chain.without_details:
            yield Finding(
                "ok",
                "decisions",
                f"{chain.site_key}: {chain.decisions} hold together, {chain.without_details} without details",
            )
        else:
            yield Finding("ok", "decisions", f"{chain.site_key}: {chain.decisions} hold together")


def _retention() -> Iterator[Finding]:
    from comity.queries.retention import last_runs

    now = datetime.now(UTC)
    for each in last_runs():
        since = each.last_run or each.site_since
        when = "has not run yet" if each.last_run is None else f"last ran on {each.last_run:%Y-%m-%d %H:%M} UTC"
        if now - since > RETENTION_LATE:
            yield Finding("wrong", "retention", f"{each.site_key}: {when}: is a worker running?")
        else:
            yield Finding("ok", "retention", f"{each.site_key}: {when}")


def _put_aside() -> Iterator[Finding]:
    from comity.queries.preservation import put_aside

    now = datetime.now(UTC)
    for each in put_aside():
        if each.spoilt:
            yield Finding("wrong", "put aside", f"{each.site_key}: {each.spoilt} records are not what they were")
        if each.waiting:
            what = f"{each.waiting} reports of danger wait, of which nothing is put aside: see the desk"
            yield Finding("look", "put aside", f"{each.site_key}: {what}")
        if each.oldest is not None:
            days = (now - each.oldest).days
            verdict = "look" if days >= PUT_ASIDE_LONG.days else "ok"
            yield Finding(verdict, "put aside", f"{each.site_key}: {each.records} records, the oldest for {days} days")


def _package() -> Iterator[Finding]:
    import comity

    package = Path(comity.__file__).parent
    sources = list((package / "locale").glob("*/LC_MESSAGES/*.po"))
    compiled = all(source.with_suffix(".mo").exists() for source in sources)
    yield (
        Finding("ok", "languages", "compiled") if compiled else Finding("wrong", "languages", "not compiled: make run")
    )
    built = (package / "static" / "comity" / "built" / "page.js").exists()
    yield Finding("ok", "assets", "built") if built else Finding("wrong", "assets", "not built: make run")


def _screening() -> Iterator[Finding]:
    from comity.screening import house_rules
    from comity.screening.engine import Engine
    from comity.screening.metrics import Metrics
    from comity.screening.types import Submission

    engine = Engine()
    submission = Submission("Merci pour cet article.", language="fr")
    decision = engine.screen(submission, house_rules.shipped())
    engine.metrics = warm = Metrics()  # the first text also loads words and weights
    began = time.perf_counter()
    engine.screen(submission, house_rules.shipped())
    took = (time.perf_counter() - began) * 1000
    failed = [note for note in decision.notes if note.startswith(("detector_failed", "missing"))]
    if failed:
        yield Finding("wrong", "screening", f"{', '.join(failed)}: every comment waits for a person")
    elif decision.outcome != "publish":
        yield Finding("wrong", "screening", "a plain thank-you is not published: look at the house rules")
    else:
        yield Finding("ok", "screening", f"the engine answers, in {took:.1f} ms")
    late = [f"{cost.detector} {cost.longest * 1000:.0f} ms" for cost in warm.costs() if cost.overruns]
    if late:
        yield Finding("look", "screening", f"slow on this machine: {', '.join(late)}")
    yield from _back_ends()


def _back_ends() -> Iterator[Finding]:
    from comity.actions.back_ends import UnusableModel, back_ends

    for back_end in back_ends():
        if isinstance(back_end, UnusableModel):
            yield Finding("wrong", "back end", f"the model in COMITY_SCREENING_ONNX_FOLDER: {back_end.reason}")
        else:
            yield Finding("ok", "back end", f"comments are also shown to {back_end.name}")
