"""Marks: published comments that a house rule asks the newsroom to look at."""

from __future__ import annotations

from datetime import datetime

from comity.actions import outbox
from comity.actions.writing import write_transaction
from comity.events import MarkTakenOff
from comity.models import Comment, Decision, MarkedComment
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import AuthorKind

__all__ = ["settle_mark", "take_mark_off"]


def settle_mark(comment: Comment, decision: Decision) -> None:
    """Let a comment's mark follow from the decision just appended: a machine's that publishes under a rule that marks
    makes one; any other takes it off. Inside a write transaction."""
    by_machine = decision.staff_id is None
    cited = next((each for each in decision.citations if each["outcome"] == "mark"), None)
    if by_machine and decision.outcome == "publish" and cited and comment.author_kind != AuthorKind.STAFF:
        MarkedComment.objects.update_or_create(
            comment_id=comment.pk,
            defaults={
                "site_id": comment.site_id,
                "rule_key": cited["rule_key"],
                "rule_version": cited["rule_version"],
                "marked_at": decision.decided_at,
            },
        )
    elif not by_machine or comment.edited_at is not None:  # a comment just posted has no mark to take off
        MarkedComment.objects.filter(comment_id=comment.pk).delete()


def take_mark_off(*, actor: Actor, site: SiteShape, comment_id: int, now: datetime) -> None:
    """Say that somebody has looked, and let the comment stand. Doing it twice changes nothing.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `comment_unknown`.
    """
    del now  # every write takes the clock; this one keeps no time
    require(actor, Permission.MODERATE)
    with write_transaction():
        comment = Comment.objects.filter(pk=min(comment_id, 2**63 - 1), site_id=site.id).first()
        if comment is None:
            raise Refusal(RefusalCode.COMMENT_UNKNOWN)
        gone, _ = MarkedComment.objects.filter(comment_id=comment.pk).delete()
        if gone:
            outbox.record(MarkTakenOff(site_id=site.id, story_id=comment.story_id, comment_id=comment.pk))
