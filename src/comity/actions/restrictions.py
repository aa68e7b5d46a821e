"""Restricting an author, and taking it back: decisions like any other, in the same chain."""

from __future__ import annotations

from datetime import datetime

from comity.actions import outbox
from comity.actions.counters import lock_story
from comity.actions.decisions import append_decision
from comity.actions.moderation import cited_rule
from comity.actions.writing import write_transaction
from comity.events import AuthorRestricted, RestrictionLifted
from comity.models import Comment, Decision, Restriction
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.appeals import check_reason
from comity.rules.identifiers import is_identifier
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.restrictions import LIFT, check_terms

__all__ = ["lift", "lift_restriction", "restrict_author"]


def restrict_author(
    *,
    actor: Actor,
    site: SiteShape,
    comment_id: int,
    kind: str,
    days: int | None = None,
    rule_key: str,
    reason: str,
    now: datetime,
) -> int:
    """Restrict the author of a comment at this site: the reader, else the guest's device. The comment stays as it is.

    Args:
        reason: what the author is told, with the rule.

    Returns:
        The restriction's id.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `comment_unknown`, `author_unknown` (staff, erased, or
            without a device), `field_invalid` (no such rule or kind), `restriction_days_missing`, `reason_missing`,
            `text_too_long`.
    """
    require(actor, Permission.MODERATE)
    wanted, until = check_terms(kind, days=days, now=now)
    said = check_reason(reason)
    cited = cited_rule(site=site, rule_key=rule_key)
    with write_transaction():
        comment = _locked(site=site, comment_id=comment_id)
        if comment.staff_id is not None or (comment.device_id is None and comment.reader_id is None):
            raise Refusal(RefusalCode.AUTHOR_UNKNOWN)
        of_reader = comment.reader_id is not None
        decision = append_decision(
            comment,
            outcome=wanted.value,
            staff_id=actor.staff_id,
            rule_key=cited.key,
            rule_version=cited.version,
            notes=(
                f"reader:{comment.reader_id}" if of_reader else f"device:{comment.device_id}",
                f"until:{until.isoformat() if until else '-'}",
            ),
            decided_at=now,
        )
        row = Restriction.objects.create(
            site_id=site.id,
            device_id=None if of_reader else comment.device_id,
            reader_id=comment.reader_id,
            kind=wanted.value,
            decision=decision,
            reason=said,
            began_at=now,
            until=until,
        )
        outbox.record(
            AuthorRestricted(
                site_id=site.id,
                story_id=comment.story_id,
                comment_id=comment.pk,
                decision_id=decision.pk,
                restriction_id=row.pk,
            )
        )
    return row.pk


def _locked(*, site: SiteShape, comment_id: int) -> Comment:
    story_id = (
        Comment.objects.filter(pk=comment_id, site_id=site.id).values_list("story_id", flat=True).first()
        if is_identifier(comment_id)
        else None
    )
    if story_id is None:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    lock_story(story_id)
    return Comment.objects.get(pk=comment_id)


def lift_restriction(*, actor: Actor, site: SiteShape, restriction_id: int, now: datetime) -> None:
    """Take a restriction back, by a decision that names the one it reverses.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `restriction_unknown`, `restriction_over`: it was
            lifted, or its time is over.
    """
    require(actor, Permission.MODERATE)
    with write_transaction():
        found = (
            Restriction.objects.filter(pk=restriction_id, site_id=site.id)
            .values_list("decision__comment_id", flat=True)
            .first()
            if is_identifier(restriction_id)
            else None
        )
        if found is None:
            raise Refusal(RefusalCode.RESTRICTION_UNKNOWN)
        comment = _locked(site=site, comment_id=found)
        row = Restriction.objects.select_related("decision").get(pk=restriction_id)
        if row.lifted_at is not None or (row.until is not None and row.until <= now):
            raise Refusal(RefusalCode.RESTRICTION_OVER)
        lift(row, comment, staff_id=actor.staff_id, now=now)


def lift(row: Restriction, comment: Comment, *, staff_id: int | None, now: datetime) -> Decision:
    """Append the decision and end the restriction; inside a write transaction, the story locked."""
    decision = append_decision(comment, outcome=LIFT, staff_id=staff_id, decided_at=now, reverses=row.decision)
    row.lifted_at, row.lifted_by = now, decision
    row.save(update_fields=["lifted_at", "lifted_by"])
    outbox.record(
        RestrictionLifted(
            site_id=row.site_id,
            story_id=comment.story_id,
            comment_id=comment.pk,
            decision_id=decision.pk,
            restriction_id=row.pk,
        )
    )
    return decision
