"""Letting go of what has served its time: the only way into what decisions rest on, and every time on record.

What is let go is replaced by a tombstone: an empty text, an empty name. The rows stay, and so does the chain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat

from comity.actions import outbox
from comity.actions.writing import write_transaction
from comity.events import DataForgotten, DecisionsForgotten
from comity.models import (
    Appeal,
    Comment,
    CommentRevision,
    Decision,
    DecisionEvidence,
    ReplyRequest,
    Report,
    ReportCase,
    RetentionPass,
    Site,
)
from comity.queries.preservation import is_preserved
from comity.queries.retention import retention_periods
from comity.queries.shapes import SiteShape
from comity.rules.appeals import AppealState, appeal_until
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.reports import CaseState
from comity.rules.retention import DataClass, cutoffs

__all__ = ["forget_decision_details", "run_due_retention", "run_retention"]

NOTE_MAXIMUM = 200
ROWS_AT_ONCE = 500
"""Rows of one class in one pass, so that no writer waits long for it."""
EVERY = timedelta(hours=24)
_FORGOTTEN = "forgotten-"
_BEFORE_EVERYTHING = datetime(1970, 1, 1, tzinfo=UTC)


def run_due_retention(now: datetime) -> int:
    """Let go of what has served its time at every site that was not looked through for a day.

    Returns:
        How many rows were replaced by tombstones.
    """
    total = 0
    recent = RetentionPass.objects.filter(site_id=OuterRef("pk"), before__isnull=False, started_at__gt=now - EVERY)
    for site_id in list(Site.objects.filter(~Exists(recent)).order_by("pk").values_list("pk", flat=True)):
        total += sum(run_retention(site_id=site_id, note="By the schedule", now=now).values())
    return total


def run_retention(
    *, site_id: int, note: str, periods: Mapping[DataClass, int] | None = None, now: datetime
) -> dict[DataClass, int]:
    """Let go of what has served its time at a site, in passes of a bounded number of rows. A run that finds nothing
    leaves one pass, which says that it looked.

    What is appealed, and what is said of danger to somebody's life, waits for its decision; what is put aside for
    authorities, until it is let go.

    Args:
        note: why, for the record.
        periods: days for each class of data; the settings' when None.

    Returns:
        How many rows of each class were replaced by tombstones.

    Raises:
        Refusal: `field_invalid`: there is no note, or it is too long.
    """
    limits = cutoffs(retention_periods() if periods is None else periods, now=now)
    total = dict.fromkeys(DataClass, 0)
    while True:
        counts = _pass(site_id=site_id, limits=limits, note=note, now=now)
        for each, count in counts.items():
            total[each] += count
        if all(count < ROWS_AT_ONCE for count in counts.values()):
            return total


def forget_decision_details(*, site: SiteShape, before: datetime, note: str, now: datetime) -> int:
    """Take findings, citations, notes and evidence out of decisions taken before `before`, and the salts that tie them
    to their digests. What was decided, when, by whom and under which rule stays, and so does the chain.

    Decisions that can still be appealed, or whose appeal is open, keep everything.

    Args:
        note: why, for the record.

    Returns:
        How many decisions lost their details.

    Raises:
        Refusal: `field_invalid`: `before` is within the time to appeal, or there is no note.
    """
    if appeal_until(before) > now:
        raise Refusal(RefusalCode.FIELD_INVALID, field="before")
    limits = {DataClass.DETAILS: before, DataClass.EVIDENCE: before}
    total = 0
    while True:
        counts = _pass(site_id=site.id, limits=limits, note=note, now=now)
        total += counts[DataClass.DETAILS]
        if all(count < ROWS_AT_ONCE for count in counts.values()):
            return total


def _pass(*, site_id: int, limits: Mapping[DataClass, datetime], note: str, now: datetime) -> dict[DataClass, int]:
    if not note.strip() or len(note) > NOTE_MAXIMUM:
        raise Refusal(RefusalCode.FIELD_INVALID, field="note", limit=NOTE_MAXIMUM)
    with write_transaction():
        # Without a period for details, a moment before every decision: the pass then opens none.
        record = RetentionPass.objects.create(
            site_id=site_id,
            before=limits.get(DataClass.DETAILS, _BEFORE_EVERYTHING),
            note=note.strip(),
            started_at=now,
        )
        counts = {each: _FORGET[each](site_id, before, now) for each, before in limits.items()}
        record.decision_count = counts.get(DataClass.DETAILS, 0)
        record.counts = {each.value: count for each, count in counts.items() if count}
        record.is_open = False
        record.save(update_fields=["decision_count", "counts", "is_open"])
        if record.decision_count:
            outbox.record(DecisionsForgotten(site_id=site_id, retention_pass_id=record.pk))
        if any(count for each, count in counts.items() if each is not DataClass.DETAILS):
            outbox.record(DataForgotten(site_id=site_id, retention_pass_id=record.pk))
    return counts


def _not_appealed(decision: str) -> Combinable | Q:
    """No appeal waits against the decision that the row's column `decision` names."""
    return ~Exists(Appeal.objects.filter(decision_id=OuterRef(decision), state=AppealState.OPEN))


def _not_urgent(comment: str) -> Combinable | Q:
    """Nothing waits that is said of danger to somebody's life in the comment that the column names, and nothing of it
    is put aside for authorities."""
    urgent = Exists(ReportCase.objects.filter(comment_id=OuterRef(comment), state=CaseState.OPEN, is_urgent=True))
    return ~urgent & ~is_preserved(comment)


def _some(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE])


def _details(site_id: int, before: datetime, now: datetime) -> int:  # noqa: ARG001 - the signature of all classes
    due = Decision.objects.filter(
        _not_appealed("pk"), _not_urgent("comment_id"), site_id=site_id, decided_at__lt=before
    ).exclude(salt="")
    return Decision.objects.filter(pk__in=_some(due)).update(findings=[], citations=[], notes=[], salt="")


def _evidence(site_id: int, before: datetime, now: datetime) -> int:
    due = DecisionEvidence.objects.filter(
        _not_appealed("pk"),
        _not_urgent("decision__comment_id"),
        decision__site_id=site_id,
        decision__decided_at__lt=before,
        erased_at__isnull=True,
    )
    return DecisionEvidence.objects.filter(pk__in=_some(due)).update(items=[], erased_at=now)


def _revisions(site_id: int, before: datetime, now: datetime) -> int:  # noqa: ARG001 - the signature of all classes
    appealed = Appeal.objects.filter(comment_id=OuterRef("comment_id"), state=AppealState.OPEN)
    due = CommentRevision.objects.filter(
        ~Exists(appealed), _not_urgent("comment_id"), comment__site_id=site_id, written_at__lt=before
    ).exclude(text_source="", text_html="")
    return CommentRevision.objects.filter(pk__in=_some(due)).update(text_source="", text_html="")


def _networks(site_id: int, before: datetime, now: datetime) -> int:  # noqa: ARG001 - the signature of all classes
    due = Appeal.objects.filter(site_id=site_id, filed_at__lt=before).exclude(network_digest="")
    return Appeal.objects.filter(pk__in=_some(due.exclude(state=AppealState.OPEN))).update(network_digest="")


def _reporters(site_id: int, before: datetime, now: datetime) -> int:  # noqa: ARG001 - the signature of all classes
    reports = Report.objects.filter(_not_urgent("case__comment_id"), case__site_id=site_id, case__decided_at__lt=before)
    reports = reports.exclude(digest__startswith=_FORGOTTEN)
    # The digest tells that the same device reports again, which an answered case asks no more.
    count = Report.objects.filter(pk__in=_some(reports)).update(
        reporter_name="", reporter_email="", digest=Concat(Value(_FORGOTTEN), Cast(F("pk"), CharField()))
    )
    asked = ReplyRequest.objects.filter(site_id=site_id, answered_at__lt=before).exclude(name="", email="")
    return count + ReplyRequest.objects.filter(pk__in=_some(asked)).update(name="", email="")


def _addresses(site_id: int, before: datetime, now: datetime) -> int:  # noqa: ARG001 - the signature of all classes
    due = Comment.objects.filter(_not_urgent("pk"), site_id=site_id, created_at__lt=before).exclude(author_email="")
    return Comment.objects.filter(pk__in=_some(due)).update(author_email="")


_FORGET: dict[DataClass, Callable[[int, datetime, datetime], int]] = {
    DataClass.DETAILS: _details,
    DataClass.EVIDENCE: _evidence,
    DataClass.REVISIONS: _revisions,
    DataClass.NETWORKS: _networks,
    DataClass.REPORTERS: _reporters,
    DataClass.ADDRESSES: _addresses,
}
"""Site, moment, now -> rows of a class replaced by tombstones, at most `ROWS_AT_ONCE` of each table."""
