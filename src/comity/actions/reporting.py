"""The case that the reports of a comment make: locking it, and closing it whichever way the comment was decided."""

from __future__ import annotations

from datetime import datetime

from comity.actions import outbox
from comity.actions.counters import lock_story
from comity.events import ReportsDecided
from comity.models import Comment, Decision, ReportCase
from comity.queries.shapes import SiteShape
from comity.rules.identifiers import is_identifier
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.reports import CaseState

__all__ = ["close_case", "locked_case"]


def close_case(comment: Comment, *, state: CaseState, decision: Decision | None, now: datetime) -> None:
    """Close the comment's open case, if there is one; the story is locked. Whoever reported is owed the outcome."""
    case = ReportCase.objects.select_for_update().filter(comment_id=comment.pk, state=CaseState.OPEN).first()
    if case is None:
        return
    case.state, case.decided_at, case.decision = state.value, now, decision
    case.save(update_fields=["state", "decided_at", "decision"])
    outbox.record(
        ReportsDecided(site_id=case.site_id, story_id=comment.story_id, comment_id=comment.pk, case_id=case.pk)
    )


def locked_case(*, site: SiteShape, case_id: int) -> ReportCase:
    """A case with its comment, the story locked; inside a write transaction.

    Raises:
        Refusal: `case_unknown`.
    """
    story_id = (
        ReportCase.objects.filter(pk=case_id, site_id=site.id).values_list("comment__story_id", flat=True).first()
        if is_identifier(case_id)
        else None
    )
    if story_id is None:
        raise Refusal(RefusalCode.CASE_UNKNOWN)
    story = lock_story(story_id)
    case = ReportCase.objects.select_related("comment__device", "comment__reader").get(pk=case_id)
    case.comment.story = story
    return case
