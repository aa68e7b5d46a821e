"""Reports of comments: taking them in, and deciding them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from comity.actions import outbox
from comity.actions.counters import lock_story
from comity.actions.decisions import append_decision
from comity.actions.moderation import cited_rule, move_comment
from comity.actions.reporting import close_case, locked_case
from comity.actions.writing import write_transaction
from comity.events import ReportFiled
from comity.models import Report, ReportCase
from comity.queries.reports import Gathered, ReportReceipt, gathered, receipt_token, reportable_story
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.reports import KEPT_REPORTS_MAXIMUM, CaseState, Notice
from comity.rules.statuses import CommentStatus
from comity.rules.transitions import Move
from comity.screening.types import Outcome

__all__ = ["decide_case", "file_report"]


def file_report(
    *,
    actor: Actor,
    site: SiteShape,
    comment_id: int,
    notice: Notice,
    known: Gathered | None = None,
    now: datetime,
) -> ReportReceipt:
    """Take a report in; of danger, the newsroom's own also about a comment that waits or was removed. Reports of one
    comment gather in one case; the same report again is the same report; beyond a
    number, those without legal effect are counted and not kept word for word.

    Args:
        known: what `queries.reports.gathered` said of it, by whoever asked before; it is asked now when None.

    Raises:
        Refusal: `comment_unknown`, `report_not_published`.
    """
    known = known or gathered(actor=actor, site=site, comment_id=comment_id, notice=notice)
    if known.receipt is not None:
        return known.receipt
    if known.case_id is not None and known.is_full and not notice.is_kept and _count_alone(known.case_id):
        return ReportReceipt(token=receipt_token(site.id, known.case_id, filed_at=now), repeated=False)
    with write_transaction():
        by_staff = actor.is_staff and notice.is_urgent
        story_id = reportable_story(site=site, comment_id=comment_id, by_staff=by_staff)
        case_id, count = _open_case(site.id, comment_id, story_id, now=now)
        filed_at = Report.objects.filter(case_id=case_id, digest=known.digest).values_list("filed_at").first()
        if filed_at is not None:
            return ReportReceipt(token=receipt_token(site.id, case_id, filed_at=filed_at[0]), repeated=True)
        changes: dict[str, Any] = {"report_count": F("report_count") + 1}
        if notice.is_urgent:
            changes["is_urgent"] = True
        ReportCase.objects.filter(pk=case_id).update(**changes)
        if notice.is_kept or count < KEPT_REPORTS_MAXIMUM:
            report = Report.objects.create(
                case_id=case_id,
                reason=notice.reason.value,
                explanation=notice.explanation,
                reporter_name=notice.name,
                reporter_email=notice.email,
                good_faith=notice.good_faith,
                by_staff=by_staff,
                digest=known.digest,
                filed_at=now,
            )
            outbox.record(
                ReportFiled(
                    site_id=site.id, story_id=story_id, comment_id=comment_id, case_id=case_id, report_id=report.pk
                )
            )
    return ReportReceipt(token=receipt_token(site.id, case_id, filed_at=now), repeated=False)


def _count_alone(case_id: int) -> bool:
    """Count one more report of a case; False when it was decided meanwhile. What a machine that loses its power forgets
    of such a count changes no decision, so it does not wait for the disk."""
    with write_transaction(durable=False):
        open_still = ReportCase.objects.filter(pk=case_id, state=CaseState.OPEN)
        return bool(open_still.update(report_count=F("report_count") + 1))


def _open_case(site_id: int, comment_id: int, story_id: int, *, now: datetime) -> tuple[int, int]:
    """Id and count of the comment's open case, locked; opened if there is none."""
    waiting = (
        ReportCase.objects.select_for_update()
        .filter(comment_id=comment_id, state=CaseState.OPEN)
        .order_by()
        .values_list("pk", "report_count")
    )
    found = waiting.first()
    if found is None:
        lock_story(story_id)  # of two first reports at once, the second finds the case
        found = waiting.first()
    if found is None:
        case = ReportCase.objects.create(
            site_id=site_id, comment_id=comment_id, state=CaseState.OPEN.value, opened_at=now
        )
        found = (case.pk, 0)
    return found


def decide_case(
    *, actor: Actor, site: SiteShape, case_id: int, remove: bool, rule_key: str = "", now: datetime
) -> CaseState:
    """Decide all reports of a comment: remove it, citing a rule, or let it stand. A decision is appended either way,
    and whoever reported is owed the outcome.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `case_unknown`, `case_already_decided`,
            `field_invalid` (no such rule).
    """
    require(actor, Permission.MODERATE)
    cited = cited_rule(site=site, rule_key=rule_key) if remove else None
    with write_transaction():
        case = locked_case(site=site, case_id=case_id)
        if case.state != CaseState.OPEN:
            raise Refusal(RefusalCode.CASE_ALREADY_DECIDED)
        comment = case.comment
        status = CommentStatus(comment.status)
        if remove and status in {CommentStatus.PUBLISHED, CommentStatus.HELD}:
            move_comment(comment, move=Move.REMOVE, cited=cited, actor=actor, now=now)  # closes the case as well
            return CaseState.REMOVED
        decision = None
        if status is CommentStatus.PUBLISHED:
            decision = append_decision(comment, outcome=Outcome.PUBLISH, staff_id=actor.staff_id, decided_at=now)
        gone = status in {CommentStatus.REMOVED, CommentStatus.WITHDRAWN}
        state = CaseState.REMOVED if remove and gone else CaseState.KEPT
        close_case(comment, state=state, decision=decision, now=now)
    return state
