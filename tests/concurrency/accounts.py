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
from tests.concurrency.crashing import TARGETS, Trial

__all__ = ["check", "check_posted"]

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
    """Each wish on its own: there once, under the id by which it was acknowledged, whenever that was."""
    by_text: dict[str, list[int]] = {}
    for pk, words in Comment.objects.values_list("pk", "text_source"):
        by_text.setdefault(words, []).append(pk)
    reworded = {each.subject: each.text for each in trial.asked if each.kind == "edit"}
    withdrawn = set(Comment.objects.filter(status="withdrawn").values_list("pk", flat=True))
    revised = Counter(CommentRevision.objects.values_list("comment_id", flat=True))
    voted = Counter(Vote.objects.filter(value=1).values_list("comment_id", flat=True))
    for each in trial.asked:
        ids = {answer["id"] for answer in each.done}
        what = f"{each.kind} {each.number}"
        if each.kind in {"post", "reply"}:
            rows = by_text.get(reworded.get(min(ids, default=0), each.text), [])
            if len(ids) != 1 or set(rows) != ids or len(rows) != 1:
                yield f"{what}: acknowledged as {sorted(ids)}, stored as {rows}"
        elif each.kind == "edit":
            if not each.done or by_text.get(each.text) != [each.subject] or revised[each.subject] != 1:
                yield f"{what}: not edited exactly once, {each.answers}"
        elif each.kind == "withdraw":
            if each.subject not in withdrawn:
                yield f"{what}: not withdrawn, {each.answers}"
        elif each.kind == "vote":
            if not each.done:
                yield f"{what}: {each.answers}"
        elif any(answer not in each.done for answer in each.answers):
            yield f"{what}: {each.answers}"
    for subject in {each.subject for each in trial.asked if each.kind == "vote"}:
        if voted[subject] != sum(each.subject == subject for each in trial.asked if each.kind == "vote"):
            yield f"comment {subject}: {voted[subject]} votes"


def _totals(trial: Trial) -> Iterator[str]:
    kinds = Counter(each.kind for each in trial.asked)
    staff = Decision.objects.filter(actor_kind=Decision.ActorKind.STAFF)
    found = {
        "comments": (Comment.objects.count(), kinds["post"] + kinds["reply"]),
        "votes": (Vote.objects.count(), kinds["vote"]),
        "revisions": (CommentRevision.objects.count(), kinds["edit"]),
        "withdrawn comments": (Comment.objects.filter(status="withdrawn").count(), kinds["withdraw"]),
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
    """What follows from events: all of it, and nothing more often than once and once more for each death in it."""
    names = {kind.kind: [each.name for each in then if each.is_wanted()] for kind, then in trial.reactions.items()}
    assert {kind.kind for kind in EVENTS} == set(names)
    events = list(EventRecord.objects.filter(pk__gt=trial.first_event).values_list("pk", "kind"))
    wanted = {(pk, name) for pk, kind in events for name in names[kind]}
    rows = Counter(ReactionRecord.objects.filter(event_id__gt=trial.first_event).values_list("event_id", "reaction"))
    if rows != Counter(wanted):
        yield f"reactions on record differ from what events call for: {rows - Counter(wanted)}, {wanted - set(rows)}"
    letters = Counter(Delivery.objects.values_list("event_id", "target"))
    posted = {(pk, target) for pk, kind in events if kind == "comment_posted" for target in TARGETS}
    if letters != Counter(posted):
        yield f"deliveries on record differ from what events call for: {letters - Counter(posted)}"
    for model in (ReactionRecord, Delivery):
        left = model.objects.exclude(state=WorkState.DONE).values_list("state", "reaction", "failure")
        for state, count in Counter(left).items():
            yield f"{count} not done: {state}"
    if undispatched := EventRecord.objects.filter(dispatched=False).count():
        yield f"{undispatched} events were forgotten"
    heard = trial.notes()
    comments = list(Comment.objects.values_list("pk", flat=True))
    staff = Decision.objects.filter(actor_kind=Decision.ActorKind.STAFF).values_list("pk", flat=True)
    wanted_words = {f"{word} {pk}" for pk in comments for word in ("posted", *TARGETS)}
    wanted_words |= {f"decided {pk}" for pk in staff}
    if set(heard) != wanted_words:
        yield f"wrongly heard, or not at all: {set(heard) ^ wanted_words}"
    again = sum(heard.values()) - len(heard)
    if again > trial.pump_deaths:
        yield f"{again} repeated after {trial.pump_deaths} deaths"


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


def check_posted(acknowledged: dict[str, int]) -> list[str]:
    """What is not as it was promised to people who posted by HTTP and asked again until they were answered.

    Args:
        acknowledged: by their words, the ids under which comments were taken.
    """
    stored = Counter(Comment.objects.values_list("text_source", flat=True))
    found = [f"{count} times: {words}" for words, count in stored.items() if count > 1]
    found += [f"never asked for, or never acknowledged: {words}" for words in stored.keys() - acknowledged.keys()]
    ids = dict(Comment.objects.values_list("pk", "text_source"))
    found += [f"lost: {words}" for words, pk in acknowledged.items() if ids.get(pk) != words]
    found += [f"a counter: {each}" for each in recount(repair=False)]
    posted = EventRecord.objects.filter(kind="comment_posted").count()
    if posted != len(ids):
        found.append(f"{posted} events of {len(ids)} comments")
    return [*found, *_decisions(), *_left_behind()]
