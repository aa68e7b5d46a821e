"""Reading appeals, for staff."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from comity.models import Appeal, Staff
from comity.queries.reasons import facts_of
from comity.queries.shapes import CommentShape, SiteShape
from comity.queries.threads import comment_shape
from comity.rules.actors import Actor
from comity.rules.appeals import SAME_DECIDER_AFTER, AppealState
from comity.rules.identifiers import is_identifier
from comity.rules.permissions import PERMISSIONS, Permission
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statements import statement_title
from comity.screening.house_rules import in_language

__all__ = ["AppealShape", "may_others_decide", "open_appeals", "read_appeal"]


class AppealShape(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal with what it is about."""

    id: int
    comment: CommentShape
    """With its words."""
    story_title: str
    text: str
    title: str
    """Of the statement of reasons: what was decided."""
    rule_title: str
    decided_by: str
    """Name of who took the decision; empty for the machine."""
    state: AppealState
    filed_at: datetime
    due_at: datetime
    overdue: bool
    waits: timedelta | None
    """None when this actor may decide now; else how long they must wait: for good when somebody else must (zero)."""


def may_others_decide(*, site: SiteShape, staff_id: int | None) -> bool:
    """Whether any active member of the site's staff but this one may decide appeals."""
    roles = [role.value for role, rights in PERMISSIONS.items() if Permission.MODERATE in rights]
    others = Staff.objects.filter(site_id=site.id, active=True, role__in=roles)
    return (others.exclude(pk=staff_id) if staff_id is not None else others).exists()


def _shape(row: Appeal, *, site: SiteShape, actor: Actor, now: datetime, language: str) -> AppealShape:
    decision = row.decision
    facts = facts_of(decision)
    rule = facts.rule
    waits = None
    if decision.staff_id is not None and decision.staff_id == actor.staff_id:
        if may_others_decide(site=site, staff_id=decision.staff_id):
            waits = timedelta(0)
        elif now < row.filed_at + SAME_DECIDER_AFTER:
            waits = row.filed_at + SAME_DECIDER_AFTER - now
    return AppealShape(
        id=row.pk,
        comment=comment_shape(row.comment, story_key=row.comment.story.key, show_words=True),
        story_title=row.comment.story.title or row.comment.story.key,
        text=row.text,
        title=statement_title(facts, language=language),
        rule_title=in_language(rule.title, language) if rule else "",
        decided_by=decision.staff.name if decision.staff is not None else "",
        state=AppealState(row.state),
        filed_at=row.filed_at,
        due_at=row.due_at,
        overdue=row.state == AppealState.OPEN and row.due_at <= now,
        waits=waits,
    )


def open_appeals(
    *, site: SiteShape, actor: Actor, now: datetime, language: str, limit: int = 50
) -> tuple[AppealShape, ...]:
    """Appeals that wait for an answer, those due first."""
    rows = (
        Appeal.objects.select_related("comment__story", "decision__staff")
        .filter(site_id=site.id, state=AppealState.OPEN)
        .order_by("due_at", "pk")[:limit]
    )
    return tuple(_shape(row, site=site, actor=actor, now=now, language=language) for row in rows)


def read_appeal(*, site: SiteShape, appeal_id: int, actor: Actor, now: datetime, language: str) -> AppealShape:
    """One appeal.

    Raises:
        Refusal: `appeal_unknown`.
    """
    row = (
        Appeal.objects.select_related("comment__story", "decision__staff").filter(pk=appeal_id, site_id=site.id).first()
        if is_identifier(appeal_id)
        else None
    )
    if row is None:
        raise Refusal(RefusalCode.APPEAL_UNKNOWN)
    return _shape(row, site=site, actor=actor, now=now, language=language)
