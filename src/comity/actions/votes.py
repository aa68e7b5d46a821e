"""Voting."""

from __future__ import annotations

from datetime import datetime

from comity.actions import outbox
from comity.actions.counters import change_votes, lock_story
from comity.actions.devices import device_of, holds_token_of
from comity.actions.writing import write_transaction
from comity.events import VoteCast
from comity.models import Comment, Vote
from comity.queries.comments import is_own
from comity.queries.shapes import SiteShape, VoteShape
from comity.queries.stories import story_shape
from comity.rules.actors import Actor
from comity.rules.identifiers import is_identifier
from comity.rules.posting import check_story_open
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus
from comity.rules.votes import check_vote

__all__ = ["cast_vote"]


def cast_vote(*, actor: Actor, site: SiteShape, comment_id: int, value: int, now: datetime) -> VoteShape:
    """Vote on a comment, change one's vote, or withdraw it. The same vote twice is one vote.

    Args:
        value: 1 up, -1 down, 0 withdraws.

    Raises:
        Refusal: `comment_unknown`, `story_closed`, `authentication_required` (an actor that is nobody), and what
            `rules.votes.check_vote` refuses.
    """
    with write_transaction():
        found = (
            Comment.objects.filter(pk=comment_id, site_id=site.id).values_list("story_id", flat=True).first()
            if is_identifier(comment_id)
            else None
        )
        if found is None:
            raise Refusal(RefusalCode.COMMENT_UNKNOWN)
        story = lock_story(found)
        comment = Comment.objects.select_related("device").get(pk=comment_id)
        if comment.status != CommentStatus.PUBLISHED and not comment.is_shown and not is_own(comment, actor):
            raise Refusal(RefusalCode.COMMENT_UNKNOWN)
        check_story_open(story_shape(story, site=site, now=now).state)
        check_vote(
            value=value,
            status=CommentStatus(comment.status),
            own_comment=is_own(comment, actor) or holds_token_of(actor, comment.device),
            guest=actor.reader_id is None and not actor.is_staff,
            guest_votes=site.guest_votes,
            down_votes=site.down_votes,
        )
        device, token = device_of(actor, now=now)
        if device is None and not actor.is_staff:
            raise Refusal(RefusalCode.AUTHENTICATION_REQUIRED)
        owner: dict[str, int | None] = (
            {"staff_id": actor.staff_id}
            if actor.is_staff
            else {"reader_id": actor.reader_id}
            if actor.reader_id is not None
            else {"device_id": device.pk if device else None}
        )
        vote = Vote.objects.filter(comment_id=comment.pk, **owner).first()
        before = vote.value if vote else 0
        if value != before:
            if vote is not None and value == 0:
                vote.delete()
            elif vote is not None:
                vote.value = value
                vote.cast_at = now
                vote.save(update_fields=["value", "cast_at"])
            else:
                Vote.objects.create(site_id=site.id, comment=comment, value=value, cast_at=now, **owner)
            change_votes(comment, story=story, up=(value == 1) - (before == 1), down=(value == -1) - (before == -1))
            outbox.record(VoteCast(site_id=site.id, story_id=story.pk, comment_id=comment.pk))
    return VoteShape(
        comment_id=comment.pk,
        story_key=story.key,
        up_count=comment.up_count,
        down_count=comment.down_count,
        own=value,
        device_id=device.pk if device else None,
        device_token=token,
    )
