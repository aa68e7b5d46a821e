"""Reading reports: the receipt for whoever reported, the cases for staff."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count

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
from comity.rules.reports import CaseState, Notice, ReportReason
from comity.rules.statuses import CommentStatus

__all__ = [
    "CaseShape",
    "ReceiptPage",
    "ReportReceipt",
    "ReportShape",
    "known_report",
    "open_cases",
    "preserved_documents",
    "read_case",
    "read_receipt",
    "receipt_token",
    "report_digest",
    "reportable",
]

PURPOSE = "report"
READABLE_FOR = timedelta(days=366)
REPORTS_SHOWN = 100


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
    preserved: tuple[tuple[int, datetime, str], ...] = ()
    """Records put aside: id, when, which authority was told."""


def reportable(*, site: SiteShape, comment_id: int) -> Comment:
    """The comment, if it can be reported.

    Raises:
        Refusal: `comment_unknown` (also another site's, and one that keeps no place), `report_not_published`.
    """
    found = (
        Comment.objects.select_related("story").filter(pk=comment_id, site_id=site.id, is_shown=True).first()
        if is_identifier(comment_id)
        else None
    )
    if found is None:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    if found.status != CommentStatus.PUBLISHED:
        raise Refusal(RefusalCode.REPORT_NOT_PUBLISHED)
    return found


def report_digest(secret: str, *, actor: Actor, comment_id: int, notice: Notice) -> str:
    """What the same report again has in common with the first: who (device, else network), what, and their words."""
    who = f"device {actor.device_id}" if actor.device_id is not None else f"network {actor.network_digest}"
    return keyed_digest(
        secret, "report", str(comment_id), who, notice.reason.value, notice.explanation, notice.name, notice.email
    )


def known_report(*, actor: Actor, site: SiteShape, comment_id: int, notice: Notice) -> ReportReceipt | None:
    """The receipt of the same report, if it was filed before and not decided yet. Costs a read, so that a flood of the
    same report writes once."""
    digest = report_digest(conf.current().signing_secrets()[0], actor=actor, comment_id=comment_id, notice=notice)
    report = (
        Report.objects.select_related("case")
        .filter(case__comment_id=comment_id, case__site_id=site.id, case__state=CaseState.OPEN, digest=digest)
        .first()
        if is_identifier(comment_id)
        else None
    )
    if report is None:
        return None
    return ReportReceipt(token=receipt_token(report.case, filed_at=report.filed_at), repeated=True)


def receipt_token(case: ReportCase, *, filed_at: datetime) -> str:
    """The token of a receipt's page."""
    return tokens.seal(
        conf.current().signing_secrets()[0],
        site_id=case.site_id,
        purpose=PURPOSE,
        subject=f"{case.pk}-{int(filed_at.timestamp())}",
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


def open_cases(*, site: SiteShape, limit: int = 50) -> tuple[CaseShape, ...]:
    """Reports that wait, by comment: danger first, then the oldest."""
    rows = list(
        ReportCase.objects.select_related("comment__story")
        .filter(site_id=site.id, state=CaseState.OPEN)
        .order_by("-is_urgent", "opened_at", "pk")[:limit]
    )
    reasons = _reasons([row.pk for row in rows])
    return tuple(_shape(row, reasons=reasons.get(row.pk, ())) for row in rows)


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
        preserved=tuple(
            PreservedRecord.objects.filter(case_id=row.pk).order_by("pk").values_list("pk", "preserved_at", "told")
        )
        if sees
        else (),
    )


def preserved_documents(*, site: SiteShape, case_id: int, actor: Actor) -> list[dict[str, Any]]:
    """What was put aside of a case, with digests, for handing over.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `case_unknown`.
    """
    require(actor, Permission.SEE_REPORTERS)
    _case(site, case_id)
    return [
        {"digest": each.digest, "told": each.told, "document": each.document}
        for each in PreservedRecord.objects.filter(case_id=case_id).order_by("pk")
    ]
