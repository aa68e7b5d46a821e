"""Editing and withdrawing one's own comment."""

from __future__ import annotations

from datetime import datetime

from comity.actions import outbox, screener
from comity.actions.counters import change_status, lock_story
from comity.actions.drafts import OUTCOME_OF, terms_of
from comity.actions.links import keep_links
from comity.actions.writing import write_transaction
from comity.events import CommentEdited, CommentWithdrawn
from comity.models import Comment, CommentRevision
from comity.queries.comments import is_own, own_comment_shape
from comity.queries.restrictions import check_author
from comity.queries.shapes import PostedComment, SiteShape
from comity.queries.stories import story_shape
from comity.rules import posting
from comity.rules.actors import Actor
from comity.rules.identifiers import is_identifier
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import AuthorKind, CommentStatus, status_after_screening
from comity.rules.transitions import Move, status_after
from comity.text import markdown

__all__ = ["edit_comment", "withdraw_comment"]


def _find_own(*, actor: Actor, site: SiteShape, comment_id: int) -> Comment:
    found = (
        Comment.objects.select_related("story").filter(pk=comment_id, site_id=site.id).first()
        if is_identifier(comment_id)
        else None
    )
    if found is None:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    if not is_own(found, actor):
        raise Refusal(RefusalCode.NOT_YOURS if found.is_shown else RefusalCode.COMMENT_UNKNOWN)
    return found


def _check_change(comment: Comment, *, site: SiteShape, now: datetime) -> None:
    posting.check_change(
        status=CommentStatus(comment.status),
        created_at=comment.created_at,
        window_seconds=site.edit_window_seconds,
        reply_count=comment.reply_count,
        state=story_shape(comment.story, site=site, now=now).state,
        now=now,
    )


def edit_comment(
    *, actor: Actor, site: SiteShape, comment_id: int, text: str, now: datetime, language: str = ""
) -> PostedComment:
    """Change the words of one's own comment within the edit window; the new words are screened like the first.

    A comment that waits goes on waiting, however good the new words: a person decides.

    Raises:
        Refusal: `comment_unknown`, `not_yours`, `edit_window_closed`, `edit_after_reply`, `story_closed`,
            `transition_refused`, and what `rules.posting.check_text` refuses.
    """
    comment = _find_own(actor=actor, site=site, comment_id=comment_id)
    _check_change(comment, site=site, now=now)
    check_author(actor=actor, site=site, now=now)
    is_reply = comment.reply_to_id is not None
    terms = terms_of(site, is_reply=is_reply)
    cleaned = posting.check_text(text, minimum=terms.minimum, maximum=terms.maximum)
    rendered = markdown.render(cleaned)
    verdict = screener.screen(
        site=site,
        actor=actor,
        text=cleaned,
        author_name=comment.author_name,
        author_website=comment.author_website,
        links=rendered.links,
        honeypot="",
        is_reply=is_reply,
        leave_out=comment.pk,
        now=now,
    )
    with write_transaction():
        story = lock_story(comment.story_id)
        comment = _find_own(actor=actor, site=site, comment_id=comment_id)
        _check_change(comment, site=site, now=now)
        if cleaned != comment.text_source:
            before = CommentStatus(comment.status)
            after = status_after_screening(
                verdict.outcome, story_shape(story, site=site, now=now).state, AuthorKind(comment.author_kind)
            )
            if check_author(actor=actor, site=site, now=now) and after is CommentStatus.PUBLISHED:
                after, verdict = CommentStatus.HELD, screener.of_limited(verdict)
            if before is CommentStatus.HELD and after is CommentStatus.PUBLISHED:
                after = CommentStatus.HELD
            CommentRevision.objects.create(
                comment=comment,
                number=comment.revision_number,
                text_source=comment.text_source,
                text_html=comment.text_html,
                written_at=comment.edited_at or comment.created_at,
            )
            comment.revision_number += 1
            comment.edited_at = now
            comment.text_source = cleaned
            comment.text_html = rendered.html
            keep_links(comment, site=site, links=rendered.links, replace=True)
            comment.renderer_version = markdown.RENDERER_VERSION
            comment.language = verdict.language
            comment.save()
            screener.record_decision(comment, verdict, outcome=OUTCOME_OF[after])
            change_status(comment, story=story, before=before, after=after)
            outbox.record(CommentEdited(site_id=site.id, story_id=story.pk, comment_id=comment.pk))
        comment.story = story
        own = own_comment_shape(comment, site=site, now=now, language=language or site.language)
        return PostedComment(own=own, repeated=False, device_id=comment.device_id, device_token=None)


def withdraw_comment(
    *, actor: Actor, site: SiteShape, comment_id: int, now: datetime, language: str = ""
) -> PostedComment:
    """Take one's own comment back within the edit window. Its place stays if published comments depend on it.

    Raises:
        Refusal: `comment_unknown`, `not_yours`, `edit_window_closed`, `edit_after_reply`, `story_closed`,
            `transition_refused`.
    """
    comment = _find_own(actor=actor, site=site, comment_id=comment_id)
    _check_change(comment, site=site, now=now)
    with write_transaction():
        story = lock_story(comment.story_id)
        comment = _find_own(actor=actor, site=site, comment_id=comment_id)
        _check_change(comment, site=site, now=now)
        before = CommentStatus(comment.status)
        change_status(comment, story=story, before=before, after=status_after(before, Move.WITHDRAW))
        outbox.record(CommentWithdrawn(site_id=site.id, story_id=story.pk, comment_id=comment.pk))
        comment.story = story
        own = own_comment_shape(comment, site=site, now=now, language=language or site.language)
        return PostedComment(own=own, repeated=False, device_id=comment.device_id, device_token=None)
