"""Taking away what has served its time, or what its author wants gone; each time a tombstone stays, and an event."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from comity.actions import outbox
from comity.actions.counters import bump, change_status, lock_story
from comity.actions.writing import write_transaction
from comity.events import CommentErased, DecisionsForgotten
from comity.models import Appeal, Comment, CommentRevision, Decision, DecisionEvidence, RetentionPass
from comity.queries.shapes import SiteShape
from comity.rules.appeals import AppealState, appeal_until
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus
from comity.rules.transitions import Move, status_after

__all__ = ["erase_comment", "forget_decision_details"]

NOTE_MAXIMUM = 200
ROWS_AT_ONCE = 500


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
    if not note.strip() or len(note) > NOTE_MAXIMUM:
        raise Refusal(RefusalCode.FIELD_INVALID, field="note", limit=NOTE_MAXIMUM)
    with write_transaction():
        record = RetentionPass.objects.create(site_id=site.id, before=before, note=note.strip(), started_at=now)
        appealed = Appeal.objects.filter(decision_id=OuterRef("pk"), state=AppealState.OPEN)
        due = Decision.objects.filter(~Exists(appealed), site_id=site.id, decided_at__lt=before).exclude(salt="")
        ids = list(due.values_list("pk", flat=True))
        for start in range(0, len(ids), ROWS_AT_ONCE):
            some = ids[start : start + ROWS_AT_ONCE]
            Decision.objects.filter(pk__in=some).update(findings=[], citations=[], notes=[], salt="")
            DecisionEvidence.objects.filter(decision_id__in=some, erased_at__isnull=True).update(
                items=[], erased_at=now
            )
        record.decision_count = len(ids)
        record.is_open = False
        record.save(update_fields=["decision_count", "is_open"])
        outbox.record(DecisionsForgotten(site_id=site.id, retention_pass_id=record.pk))
    return len(ids)


def erase_comment(*, site: SiteShape, comment_id: int, now: datetime) -> bool:
    """Erase a comment's words, earlier wordings, author, evidence and the words of its appeals; one that stands is
    withdrawn by it. The row stays as the place of its replies; decisions stay whole, since they hold none of this.

    Returns:
        False when it was erased before.

    Raises:
        Refusal: `comment_unknown`.
    """
    with write_transaction():
        story_id = Comment.objects.filter(pk=comment_id, site_id=site.id).values_list("story_id", flat=True).first()
        if story_id is None:
            raise Refusal(RefusalCode.COMMENT_UNKNOWN)
        story = lock_story(story_id)
        comment = Comment.objects.get(pk=comment_id)
        if comment.erased_at is not None:
            return False
        comment.erased_at = now
        comment.text_source = comment.text_html = ""
        comment.author_name = comment.author_email = comment.author_website = ""
        comment.device = comment.reader = None
        comment.language = "und"
        comment.save()
        before = CommentStatus(comment.status)
        if before in {CommentStatus.PUBLISHED, CommentStatus.HELD}:
            change_status(comment, story=story, before=before, after=status_after(before, Move.WITHDRAW))
        else:
            bump(story, comment)
            comment.save(update_fields=["version"])
            story.save(update_fields=["version"])
        CommentRevision.objects.filter(comment_id=comment.pk).update(text_source="", text_html="")
        DecisionEvidence.objects.filter(decision__comment_id=comment.pk, erased_at__isnull=True).update(
            items=[], erased_at=now
        )
        Appeal.objects.filter(comment_id=comment.pk).update(text="", network_digest="")
        outbox.record(CommentErased(site_id=site.id, story_id=story.pk, comment_id=comment.pk))
    return True
