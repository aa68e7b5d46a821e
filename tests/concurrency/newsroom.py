"""A process of its own on a database of its own, told what to do by its parent: `python -m tests.concurrency.newsroom`.

Every order and every answer is one line of JSON, so that the parent waits for answers and never for time.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import django

from tests.concurrency import deciders

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEY = "treve"

Order = dict[str, Any]


def prepare(order: Order) -> Order:
    """Tables, a site, a story, a moderator."""
    from django.core.management import call_command

    from comity.actions.readers import add_staff
    from comity.actions.sites import create_site
    from comity.actions.stories import save_story
    from comity.rules.actors import StaffRole

    call_command("migrate", verbosity=0)
    site = create_site(
        key="gazette", name="La Gazette", hosts=["localhost"], domains=["gazette.example"], settings={"depth_limit": 2}
    )
    add_staff(site=site, username="marc", role=StaffRole.MODERATOR, name="Marc", password="une phrase assez longue")
    save_story(site=site, key=KEY, title="Une trêve", body_source="Un texte.", now=START)
    return {"site_id": site.id}


def take_part(order: Order) -> Order:
    """Post, reply, vote, edit, withdraw and moderate, in a mixture drawn from `seed`."""
    from tests.concurrency.crowd import Crowd

    return {"outcomes": dict(Crowd(order["seed"], KEY, START).act(order["count"]))}


def compare(order: Order) -> Order:
    """What a recount finds, without mending it; and how much there is."""
    from comity.actions.recount import recount
    from comity.models import Comment, EventRecord, Story, Vote

    differences = [str(each) for each in recount(repair=False)]
    versions = list(Comment.objects.values_list("version", flat=True))
    return {
        "differences": differences,
        "comments": len(versions),
        "highest_version": max(versions, default=0),
        "story_version": Story.objects.get().version,
        "votes": Vote.objects.count(),
        "events": EventRecord.objects.count(),
    }


def learn(order: Order) -> Order:
    """Teach the site's own head what was decided; the version in force, and a digest of it."""
    from comity.actions.learning import learn_from_decisions, replay_learning
    from comity.actions.screener import engine_of
    from comity.models import Site
    from comity.queries.site_heads import newest_head

    site_id, now = Site.objects.get().pk, START + timedelta(seconds=order["at"])
    _, current = engine_of(site_id)
    learn_from_decisions(site_id=site_id, now=now)
    same = replay_learning(site_id=site_id, now=now)[1] if order.get("replay") else None
    current.look(now)
    newest, loaded = newest_head(site_id=site_id), current()
    return {
        "version": newest.version,
        "lessons": newest.lessons,
        "digest": sha256(newest.content or b"").hexdigest(),
        "loaded": loaded.version if loaded else 0,
        "same": same,
    }


def spend(order: Order) -> Order:
    """Count requests against one shared limit; how many were let through."""
    from limits import parse
    from limits.strategies import FixedWindowRateLimiter, SlidingWindowCounterRateLimiter

    from comity.actions.limits import TableStorage

    storage = TableStorage(clock=START.timestamp)
    kind = FixedWindowRateLimiter if order["window"] == "fixed" else SlidingWindowCounterRateLimiter
    limiter, limit = kind(storage), parse(order["limit"])
    return {"passed": sum(limiter.hit(limit, "everybody") for _ in range(order["count"]))}


def pump(order: Order) -> Order:
    """React to everything there is, noting each reaction in a file; die at the `kill_at`th, if given."""
    from comity.events import CommentPosted, Event
    from comity.worker.pump import Pump
    from comity.worker.reactions import Reaction

    notes = os.open(order["notes"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    noted = 0

    def note(event: Event, now: datetime) -> None:
        nonlocal noted
        assert isinstance(event, CommentPosted)
        noted += 1
        os.write(notes, f"{event.comment_id}\n".encode())
        if noted == order.get("kill_at"):
            os.kill(os.getpid(), signal.SIGKILL)

    now = START + timedelta(seconds=order.get("later", 0))
    working = Pump({CommentPosted: (Reaction("note", note),)}, upkeep=(), clock=lambda: now, batch=5)
    while working.run_once():
        pass
    return {"noted": noted}


def ask(order: Order) -> Order:
    """Send one request through Django; status, headers and body."""
    from django.db import close_old_connections
    from django.test import Client

    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    content = order.get("form") or json.dumps(order.get("json", {}))
    kind = "application/x-www-form-urlencoded" if "form" in order else "application/json"
    answer = client.generic(
        order["method"], order["path"], content, kind if order["method"] != "GET" else "", headers=order.get("headers")
    )
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]  # the stubs know one kind
    close_old_connections()  # as after every request in service; the test client leaves it out
    return {"status": answer.status_code, "headers": dict(answer.items()), "body": body.decode()}


def crash(order: Order) -> Order:
    """Kill forks of this process at every point of their work, and tell what does not stand afterwards."""
    from django.db import connection

    from tests.concurrency import carelessness
    from tests.concurrency.accounts import check
    from tests.concurrency.crashing import Trial

    if order.get("without_disk") and connection.vendor == "sqlite":  # a process that is killed leaves its pages behind
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        connection.close()
    late = getattr(carelessness, order["careless"])() if order.get("careless") else None
    trial = Trial(order["seed"], Path(order["folder"]), late)
    trial.sweep(every=order.get("every", 1), kinds=order.get("kinds", ()), part=order.get("part", 1.0))
    trial.anywhere(order.get("anywhere", 0))
    trial.settle()
    return {**trial.report(), "faults": check(trial)}


def check_posted(order: Order) -> Order:
    """What does not stand of what was acknowledged by HTTP."""
    from tests.concurrency.accounts import check_posted

    return {"faults": check_posted(order["acknowledged"])}


def be_patient(order: Order) -> Order:
    """How long this process's connection waits for SQLite's own lock, in milliseconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(order['milliseconds'])}")
    return {}


def allow_pages(order: Order) -> Order:
    """How many pages this process's SQLite database may have more than it has: 0 is a full disk."""
    from django.db import connection

    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + int(order['more'])}")
    return {}


def commit_levels(order: Order) -> Order:
    """How far a commit waits for the disk: inside a durable write, inside one that is not, and afterwards."""
    from django.db import connection

    from comity.actions.writing import write_transaction

    def level() -> str:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit")
            return str(cursor.fetchone()[0])

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO on")  # the tests' own server is told to be careless
    levels = []
    for durable in (True, False):
        with write_transaction(durable=durable):
            levels.append(level())
    return {"levels": [*levels, level()]}


def doctor(order: Order) -> Order:
    """What the doctor says of one subject, after a statement was run on the connection."""
    from django.db import connection

    from comity.cli.doctor import findings

    with connection.cursor() as cursor:
        cursor.execute(order["after"])
    return {"found": [[each.verdict, each.sentence] for each in findings() if each.subject == order["subject"]]}


ORDERS: dict[str, Callable[[Order], Order]] = {
    each.__name__: each
    for each in (
        prepare,
        take_part,
        compare,
        learn,
        spend,
        pump,
        crash,
        check_posted,
        ask,
        be_patient,
        allow_pages,
        commit_levels,
        doctor,
        deciders.offer_cases,
        deciders.decide_all,
        deciders.decided,
    )
}


def main() -> None:
    """Carry out orders until there are no more."""
    django.setup()
    for line in sys.stdin:
        order = json.loads(line)
        answer = ORDERS[order.pop("do")](order)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[2])]
    main()
