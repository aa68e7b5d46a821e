"""Closing the case that the reports of a comment make, whichever way the comment was decided."""

from __future__ import annotations

from datetime import datetime

from comity.actions import outbox
from comity.events import ReportsDecided
from comity.models import Comment, Decision, ReportCase
from comity.rules.reports import CaseState

__all__ = ["close_case"]


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
