"""What must stand after processes were killed: the accounts of `tests.concurrency.crashing`, compared with the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection

from comity.actions.fair_lock import FairLock
from comity.actions.learning import replay_learning
from comity.actions.recount import recount
from comity.events import EVENTS
from comity.models import (
    Comment,
    CommentRevision,
    Decision,
    Delivery,
    EventRecord,
    PostingReceipt,
    ReactionRecord,
    SiteHead,
    Story,
    Vote,
    WorkState,
)
from comity.queries.decisions import verify_chain
from comity.worker.reactions import reactions_in_force
from tests.concurrency.crashing import Trial

__all__ = ["check"]

MOVING = {"comment_posted", "comment_edited", "comment_withdrawn", "comment_decided", "vote_cast"}
"""Events whose change gives the story its next version: they commit together, or not at all."""


def check(trial: Trial) -> list[str]:
    """Everything that is not as it was promised; `trial` has settled."""
    return [
        *trial.faults,
        *_asked(trial),
        *_totals(trial),
        *_versions(trial),
        *_decisions(),
        *_work(trial),
        *_learning(trial),
        *_left_behind(),
    ]


def _asked(trial: Trial) -> Iterator[str]:
    for each in trial.asked:
        ids = {answer["id"] for answer in each.done}
        what = f"{each.kind} {each.number}"
        if each.kind in {"post", "reply"}:
            rows = list(Comment.objects.filter(text_source__startswith=each.text).values_list("pk", flat=True))
            edited = any(other.kind == "edit" and other.subject in ids for other in trial.asked)
            if not edited and len(rows) != 1:
                yield f"{what}: {len(rows)} comments"
            if len(ids) != 1 or (not edited and ids != set(rows)):
                yield f"{what}: acknowledged as {sorted(ids)}, stored as {rows}"
            if not edited and Comment.objects.filter(pk__in=ids).count() != 1:
                yield f"{what}: acknowledged and not there"
        elif each.kind == "edit":
            words = Comment.objects.values_list("text_source", flat=True).get(pk=each.subject)
            if words != f"{each.text} Mieux dit." or CommentRevision.objects.filter(comment=each.subject).count() != 1:
                yield f"{what}: not edited exactly once"
        elif each.kind == "vote":
            if not each.done:
                yield f"{what}: {each.answers}"
        elif any(answer not in each.done for answer in each.answers):
            yield f"{what}: {each.answers}"


def _totals(trial: Trial) -> Iterator[str]:
    kinds = Counter(each.kind for each in trial.asked)
    staff = Decision.objects.filter(actor_kind=Decision.ActorKind.STAFF)
    found = {
        "comments": (Comment.objects.count(), kinds["post"] + kinds["reply"]),
        "votes": (Vote.objects.count(), kinds["vote"]),
        "decisions": (staff.count(), kinds["hold"] + kinds["publish"]),
        "receipts of keys": (PostingReceipt.objects.filter(kind="idempotency").count(), kinds["post"] + kinds["reply"]),
    }
    for name, (stored, wanted) in found.items():
        if stored != wanted:
            yield f"{stored} {name} stored, {wanted} asked for"
    for difference in recount(repair=False):
        yield f"a counter: {difference}"


def _versions(trial: Trial) -> Iterator[str]:
    for story in Story.objects.all():
        told = EventRecord.objects.filter(kind__in=MOVING, subjects__story_id=story.pk, pk__gt=trial.first_event)
        moved = told.count()
        if story.version - trial.first_version != moved:
            yield f"story {story.pk}: version {story.version} after {moved} changes"
        versions = list(Comment.objects.filter(story=story).values_list("version", flat=True))
        if max(versions, default=0) > story.version:
            yield f"story {story.pk}: a comment's version is ahead of it"


def _decisions() -> Iterator[str]:
    for site_id in set(Decision.objects.values_list("site_id", flat=True)):
        if fault := verify_chain(site_id=site_id).fault:
            yield f"the chain of decisions: {fault}"
    for pk in Comment.objects.filter(decisions__isnull=True).values_list("pk", flat=True):
        yield f"comment {pk} has no decision"


def _work(trial: Trial) -> Iterator[str]:
    names = {kind.kind: [each.name for each in then] for kind, then in reactions_in_force().items()}
    assert {kind.kind for kind in EVENTS} == set(names)
    wanted = Counter(
        (pk, name) for pk, kind in EventRecord.objects.values_list("pk", "kind") for name in names[kind]
    )  # fmt: skip
    rows = Counter(ReactionRecord.objects.values_list("event_id", "reaction"))
    if rows != wanted:
        yield f"reactions on record differ from what events call for: {rows - wanted}, {wanted - rows}"
    for model in (ReactionRecord, Delivery):
        for state, count in Counter(
            model.objects.exclude(state=WorkState.DONE).values_list("state", "reaction", "failure")
        ).items():  # fmt: skip
            yield f"{count} not done: {state}"
    if undispatched := EventRecord.objects.filter(dispatched=False).count():
        yield f"{undispatched} events were forgotten"
    heard = trial.notes()
    wanted_words = {f"posted {pk}" for pk in Comment.objects.values_list("pk", flat=True)}
    staff = Decision.objects.filter(actor_kind=Decision.ActorKind.STAFF)
    wanted_words |= {f"decided {pk}" for pk in staff.values_list("pk", flat=True)}
    if set(heard) != wanted_words:
        yield f"the host heard {set(heard) ^ wanted_words} wrongly or not at all"
    again = sum(heard.values()) - len(heard)
    if again > trial.pump_deaths:
        yield f"{again} announcements were repeated after {trial.pump_deaths} deaths"


def _learning(trial: Trial) -> Iterator[str]:
    versions = list(SiteHead.objects.order_by("version").values_list("version", flat=True))
    if versions != list(range(1, len(versions) + 1)) and versions[:1] == [1]:
        yield f"versions of the site's head: {versions}"
    for site_id in set(Decision.objects.values_list("site_id", flat=True)):
        if not replay_learning(site_id=site_id, now=trial.now)[1]:
            yield "the site's head is not what its decisions teach"


def _left_behind() -> Iterator[str]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            yield from (f"integrity: {row[0]}" for row in cursor.execute("PRAGMA integrity_check") if row[0] != "ok")
            yield from (f"foreign key: {row}" for row in cursor.execute("PRAGMA foreign_key_check").fetchall())
        lock = FairLock(Path(str(connection.settings_dict["NAME"])))
        if lock.acquire(0):
            lock.release()
        else:
            yield "the writers' lock was left behind"
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.state, l.mode FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
            "WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND l.locktype <> 'virtualxid'"
        )
        locks: list[Any] = cursor.fetchall()
    yield from (f"a lock was left behind: {each}" for each in locks)
