"""Erasing a comment, an author, or everything under an e-mail address. Decisions stay whole: they hold none of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

from django.db.models import Q

from comity.actions import outbox
from comity.actions.counters import bump, change_status, lock_story
from comity.actions.preservation import preserve_before_erasure
from comity.actions.writing import write_transaction
from comity.events import AuthorErased, CommentErased
from comity.models import (
    Appeal,
    Comment,
    CommentLink,
    CommentRevision,
    DecisionEvidence,
    Device,
    Reader,
    ReplyRequest,
    Report,
    ReportCase,
    Restriction,
    RetentionPass,
)
from comity.queries.preservation import is_preserved
from comity.queries.shapes import SiteShape
from comity.rules.identifiers import is_identifier
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.reports import CaseState
from comity.rules.statuses import CommentStatus
from comity.rules.transitions import Move, status_after

__all__ = ["erase_author", "erase_comment", "erase_email"]


@contextmanager
def _on_record(site_id: int, note: str, now: datetime) -> Iterator[None]:
    """Let the evidence of the site's decisions be emptied, and keep that it was."""
    record = RetentionPass.objects.create(site_id=site_id, before=None, note=note, started_at=now)
    yield
    record.counts, record.is_open = {"erased": 1}, False
    record.save(update_fields=["counts", "is_open"])


def erase_comment(*, site: SiteShape, comment_id: int, now: datetime) -> bool:
    """Erase a comment's words, earlier wordings, author, evidence and the words of its appeals; one that stands is
    withdrawn by it. The row stays as the place of its replies; decisions stay whole, since they hold none of this. What
    was put aside for authorities stays as well.

    Returns:
        False when it was erased before.

    Raises:
        Refusal: `comment_unknown`; `erasure_barred`: somebody's life is said to be in danger, and that waits.
    """
    with write_transaction():
        story_id = (
            Comment.objects.filter(pk=comment_id, site_id=site.id).values_list("story_id", flat=True).first()
            if is_identifier(comment_id)
            else None
        )
        if story_id is None:
            raise Refusal(RefusalCode.COMMENT_UNKNOWN)
        story = lock_story(story_id)
        comment = Comment.objects.get(pk=comment_id)
        if comment.erased_at is not None:
            return False
        urgent = ReportCase.objects.filter(comment_id=comment_id, state=CaseState.OPEN, is_urgent=True)
        if urgent.filter(~is_preserved("comment_id")).exists():
            raise Refusal(RefusalCode.ERASURE_BARRED)
        comment.story = story
        preserve_before_erasure(comment, now=now)
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
        CommentLink.objects.filter(comment_id=comment.pk).delete()
        with _on_record(site.id, f"Comment {comment.pk} erased", now):
            DecisionEvidence.objects.filter(decision__comment_id=comment.pk, erased_at__isnull=True).update(
                items=[], erased_at=now
            )
        Appeal.objects.filter(comment_id=comment.pk).update(text="", network_digest="")
        outbox.record(CommentErased(site_id=site.id, story_id=story.pk, comment_id=comment.pk))
    return True


def erase_author(
    *,
    site: SiteShape,
    comment_id: int | None = None,
    device_id: int | None = None,
    reader_id: int | None = None,
    now: datetime,
) -> int:
    """Erase every comment of a device or a reader, and what they were known by. Their votes go on counting, for nobody.

    Args:
        comment_id: a comment whose author is meant, in place of the other two.

    Returns:
        How many comments were erased.

    Raises:
        Refusal: `comment_unknown`, `author_unknown` (also of a comment that was erased, or written by staff),
            `erasure_barred`, after the comments before the barred one.
    """
    if comment_id is not None:
        of = Comment.objects.filter(pk=comment_id, site_id=site.id) if is_identifier(comment_id) else None
        found = of.values_list("device_id", "reader_id").first() if of is not None else None
        if found is None:
            raise Refusal(RefusalCode.COMMENT_UNKNOWN)
        device_id, reader_id = found
    if not is_identifier(device_id or 0) and not is_identifier(reader_id or 0):
        raise Refusal(RefusalCode.AUTHOR_UNKNOWN)
    whose = Q(pk=device_id or 0) if reader_id is None else Q(reader_id=reader_id)
    devices = Device.objects.filter(whose, site_id=site.id)
    device_ids = list(devices.values_list("pk", flat=True))
    if not device_ids and not Reader.objects.filter(pk=reader_id or 0, site_id=site.id).exists():
        raise Refusal(RefusalCode.AUTHOR_UNKNOWN)
    theirs = Q(device_id__in=device_ids) | (Q(reader_id=reader_id) if reader_id is not None else Q())
    comments = Comment.objects.filter(theirs, site_id=site.id, staff__isnull=True, erased_at__isnull=True)
    total = 0
    for each in list(comments.order_by("pk").values_list("pk", flat=True)):
        total += erase_comment(site=site, comment_id=each, now=now)
    with write_transaction():
        for device in Device.objects.filter(pk__in=device_ids):
            # No token has this digest: whoever comes with the old one is somebody new.
            device.token_digest, device.reader = sha256(secrets.token_bytes(32)).hexdigest(), None
            device.save(update_fields=["token_digest", "reader"])
        Restriction.objects.filter(Q(device_id__in=device_ids) | Q(reader_id=reader_id or 0)).update(reason="")
        if reader_id is not None:
            Reader.objects.filter(pk=reader_id, site_id=site.id).update(name="", name_skeleton="", user=None)
        outbox.record(AuthorErased(site_id=site.id, device_id=device_id, reader_id=reader_id))
    return total


def erase_email(*, site: SiteShape, email: str, now: datetime) -> tuple[int, int]:
    """Erase the comments written with an e-mail address, and the names and addresses of the reports and requests for a
    right of reply that gave it.

    Returns:
        How many comments, and how many reports and requests.

    Raises:
        Refusal: `email_missing`, `erasure_barred`.
    """
    address = email.strip()
    if not address:
        raise Refusal(RefusalCode.EMAIL_MISSING)
    comments = Comment.objects.filter(site_id=site.id, author_email__iexact=address, erased_at__isnull=True)
    total = 0
    for each in list(comments.order_by("pk").values_list("pk", flat=True)):
        total += erase_comment(site=site, comment_id=each, now=now)
    with write_transaction():
        named = Report.objects.filter(case__site_id=site.id, reporter_email__iexact=address)
        asked = ReplyRequest.objects.filter(site_id=site.id, email__iexact=address)
        others = Report.objects.filter(pk__in=list(named.values_list("pk", flat=True))).update(
            reporter_name="", reporter_email=""
        )
        others += asked.update(name="", email="")
        with _on_record(site.id, "An e-mail address erased", now):
            pass
    return total, others
