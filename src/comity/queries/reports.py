"""Reading reports: the receipt for whoever reported, the cases for staff."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count, Exists, OuterRef, Q, Subquery

from comity import conf
from comity.models import Comment, PreservedRecord, Report, ReportCase
from comity.queries.shapes import CommentShape, SiteShape
from comity.queries.threads import comment_shape
from comity.rules import tokens
from comity.rules.actors import Actor
from comity.rules.digests import keyed_digest
from comity.rules.identifiers import is_identifier
from comity.rules.permissions import PERMISSIONS, Permission, require
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.reports import KEPT_REPORTS_MAXIMUM, CaseState, Notice, ReportReason
from comity.rules.statuses import CommentStatus

__all__ = [
    "CaseShape",
    "Gathered",
    "ReceiptPage",
    "ReportReceipt",
    "ReportShape",
    "danger_cases",
    "gathered",
    "open_case_of",
    "open_cases",
    "read_case",
    "read_receipt",
    "receipt_token",
    "report_digest",
    "reportable_story",
]

PURPOSE = "report"
READABLE_FOR = timedelta(days=366)
REPORTS_SHOWN = 100
DANGER_SHOWN_FOR = timedelta(days=90)
"""How long a case of danger stays in the desk's list after its decision; for as long as anything is put aside."""


class ReportReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """That a report was taken in."""

    token: str
    """Opens the receipt's page."""
    repeated: bool


class ReceiptPage(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt and what came of the report."""

    comment_id: int
    story_key: str
    story_title: str
    filed_at: datetime
    state: CaseState
    decided_at: datetime | None
    by_machine: bool
    """Whether the decision was taken by automated means."""


class ReportShape(msgspec.Struct, frozen=True, kw_only=True):
    """One report; name and address only for staff with the right to see them."""

    reason: ReportReason
    explanation: str
    filed_at: datetime
    name: str
    email: str


class CaseShape(msgspec.Struct, frozen=True, kw_only=True):
    """All reports of a comment that are decided together."""

    id: int
    comment: CommentShape
    story_title: str
    state: CaseState
    is_urgent: bool
    count: int
    opened_at: datetime
    reasons: tuple[tuple[ReportReason, int], ...]
    """Those kept word for word, by reason, the most frequent first."""
    reports: tuple[ReportShape, ...] = ()


def reportable_story(*, site: SiteShape, comment_id: int, by_staff: bool = False) -> int:
    """The id of the story of a comment that can be reported.

    Args:
        by_staff: whatever its status, unless it was erased: the newsroom reads what waits and what was removed.

    Raises:
        Refusal: `comment_unknown` (also another site's, and one that keeps no place), `report_not_published`.
    """
    seen = Q(erased_at=None) if by_staff else Q(is_shown=True)
    found = (
        Comment.objects.filter(seen, pk=comment_id, site_id=site.id).values_list("story_id", "status").first()
        if is_identifier(comment_id)
        else None
    )
    if found is None:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    story_id, status = found
    if status != CommentStatus.PUBLISHED and not by_staff:
        raise Refusal(RefusalCode.REPORT_NOT_PUBLISHED)
    return int(story_id)


def report_digest(secret: str, *, actor: Actor, comment_id: int, notice: Notice) -> str:
    """What the same report again has in common with the first: who (device, else network), what, and their words."""
    who = f"device {actor.device_id}" if actor.device_id is not None else f"network {actor.network_digest}"
    return keyed_digest(
        secret, "report", str(comment_id), who, notice.reason.value, notice.explanation, notice.name, notice.email
    )


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a report before it is taken in."""

    digest: str
    case_id: int | None
    """The open case of a comment that can be reported; None if there is none yet."""
    is_full: bool
    """The case has as many reports as are kept word for word."""
    receipt: ReportReceipt | None
    """Of the same report, filed before and not decided yet."""


def gathered(*, actor: Actor, site: SiteShape, comment_id: int, notice: Notice) -> Gathered:
    """What is known of a report: one read, so that a flood of reports of one comment costs little more."""
    digest = report_digest(conf.current().signing_secrets()[0], actor=actor, comment_id=comment_id, notice=notice)
    same = Report.objects.filter(case_id=OuterRef("pk"), digest=digest)
    row = (
        ReportCase.objects.filter(
            comment_id=comment_id,
            site_id=site.id,
            state=CaseState.OPEN,
            comment__status=CommentStatus.PUBLISHED,
        )
        .order_by()
        .values_list("pk", "report_count", Subquery(same.values("filed_at")[:1]))
        .first()
        if is_identifier(comment_id)
        else None
    )
    if row is None:
        return Gathered(digest=digest, case_id=None, is_full=False, receipt=None)
    case_id, count, filed_at = row
    return Gathered(
        digest=digest,
        case_id=case_id,
        is_full=count >= KEPT_REPORTS_MAXIMUM,
        receipt=ReportReceipt(token=receipt_token(site.id, case_id, filed_at=filed_at), repeated=True)
        if filed_at is not None
        else None,
    )


def receipt_token(site_id: int, case_id: int, *, filed_at: datetime) -> str:
    """The token of a receipt's page."""
    return tokens.seal(
        conf.current().signing_secrets()[0],
        site_id=site_id,
        purpose=PURPOSE,
        subject=f"{case_id}-{int(filed_at.timestamp())}",
        expires_at=filed_at + READABLE_FOR,
    )


def read_receipt(*, site: SiteShape, token: str, now: datetime) -> ReceiptPage:
    """The receipt that a token opens, and what came of the report.

    Raises:
        Refusal: `link_invalid`, `link_expired`.
    """
    try:
        subject = tokens.open_seal(
            token, secrets=conf.current().signing_secrets(), site_id=site.id, purpose=PURPOSE, now=now
        )
    except tokens.SealError as error:
        raise Refusal(RefusalCode.LINK_EXPIRED if error.expired else RefusalCode.LINK_INVALID) from None
    case_id, _, filed = subject.partition("-")
    case = ReportCase.objects.select_related("comment__story", "decision").filter(pk=int(case_id)).first()
    if case is None:
        raise Refusal(RefusalCode.LINK_INVALID)
    story = case.comment.story
    return ReceiptPage(
        comment_id=case.comment_id,
        story_key=story.key,
        story_title=story.title or story.key,
        filed_at=datetime.fromtimestamp(int(filed), UTC),
        state=CaseState(case.state),
        decided_at=case.decided_at,
        by_machine=case.decision is not None and case.decision.staff_id is None,
    )


def _shape(row: ReportCase, *, reasons: tuple[tuple[ReportReason, int], ...], **more: Any) -> CaseShape:
    return CaseShape(
        id=row.pk,
        comment=comment_shape(row.comment, story_key=row.comment.story.key, show_words=True),
        story_title=row.comment.story.title or row.comment.story.key,
        state=CaseState(row.state),
        is_urgent=row.is_urgent,
        count=row.report_count,
        opened_at=row.opened_at,
        reasons=reasons,
        **more,
    )


def _reasons(case_ids: list[int]) -> dict[int, tuple[tuple[ReportReason, int], ...]]:
    rows = (
        Report.objects.filter(case_id__in=case_ids)
        .order_by()
        .values_list("case_id", "reason")
        .annotate(count=Count("pk"))
    )
    found: dict[int, list[tuple[ReportReason, int]]] = {}
    for case_id, reason, count in sorted(rows, key=lambda row: (-row[2], row[1])):
        found.setdefault(case_id, []).append((ReportReason(reason), count))
    return {case_id: tuple(reasons) for case_id, reasons in found.items()}


def _shapes(rows: list[ReportCase]) -> tuple[CaseShape, ...]:
    reasons = _reasons([row.pk for row in rows])
    return tuple(_shape(row, reasons=reasons.get(row.pk, ())) for row in rows)


def open_cases(*, site: SiteShape, limit: int = 50) -> tuple[CaseShape, ...]:
    """Reports that wait, by comment: danger first, then the oldest."""
    rows = ReportCase.objects.select_related("comment__story").filter(site_id=site.id, state=CaseState.OPEN)
    return _shapes(list(rows.order_by("-is_urgent", "opened_at", "pk")[:limit]))


def danger_cases(*, site: SiteShape, actor: Actor, now: datetime, limit: int = 50) -> tuple[CaseShape, ...]:
    """Decided cases that authorities may still ask about, newest first: put aside, or of danger and decided of late.

    Raises:
        Refusal: `authentication_required`, `permission_denied`.
    """
    require(actor, Permission.PRESERVE_EVIDENCE)
    kept = Exists(PreservedRecord.objects.filter(case_id=OuterRef("pk"), released_at=None))
    late = Q(is_urgent=True, decided_at__gt=now - DANGER_SHOWN_FOR)
    rows = list(
        ReportCase.objects.select_related("comment__story")
        .filter(kept | late, site_id=site.id)
        .exclude(state=CaseState.OPEN)
        .order_by("-decided_at", "-pk")[:limit]
    )
    return _shapes(rows)


def open_case_of(*, site: SiteShape, comment_id: int) -> int | None:
    """The id of a comment's open case; None when nothing waits."""
    waiting = ReportCase.objects.filter(site_id=site.id, comment_id=comment_id, state=CaseState.OPEN)
    return waiting.values_list("pk", flat=True).first()


def _case(site: SiteShape, case_id: int) -> ReportCase:
    row = (
        ReportCase.objects.select_related("comment__story").filter(pk=case_id, site_id=site.id).first()
        if is_identifier(case_id)
        else None
    )
    if row is None:
        raise Refusal(RefusalCode.CASE_UNKNOWN)
    return row


def read_case(*, site: SiteShape, case_id: int, actor: Actor) -> CaseShape:
    """One case with its reports; who reported only for staff with the right.

    Raises:
        Refusal: `case_unknown`.
    """
    row = _case(site, case_id)
    sees = actor.staff_role is not None and Permission.SEE_REPORTERS in PERMISSIONS[actor.staff_role]
    return _shape(
        row,
        reasons=_reasons([row.pk]).get(row.pk, ()),
        reports=tuple(
            ReportShape(
                reason=ReportReason(each.reason),
                explanation=each.explanation,
                filed_at=each.filed_at,
                name=each.reporter_name if sees else "",
                email=each.reporter_email if sees else "",
            )
            for each in Report.objects.filter(case_id=row.pk).order_by("pk")[:REPORTS_SHOWN]
        ),
    )
