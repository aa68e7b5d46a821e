"""Reading single comments: the permalink, one's own, those that wait."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db.models import Q

from comity.models import Comment, CommentRevision
from comity.queries.decisions import decision_in_force
from comity.queries.reasons import AuthorReason, author_reason
from comity.queries.shapes import CommentShape, OwnComment, SiteShape, StoryShape
from comity.queries.stories import story_shape
from comity.queries.threads import comment_shape, nest, shapes_of
from comity.rules.actors import Actor
from comity.rules.identifiers import is_identifier
from comity.rules.posting import editable_until
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus

__all__ = [
    "CommentPage",
    "HeldComment",
    "RevisionShape",
    "comment_for_staff",
    "comments_since",
    "held_comments",
    "own_comment",
    "own_comment_shape",
    "own_comments",
    "read_comment",
    "revisions",
]

PERMALINK_REPLIES = 200
OWN_LIMIT = 50


class CommentPage(msgspec.Struct, frozen=True, kw_only=True):
    """A comment on its own page."""

    story: StoryShape
    ancestors: tuple[CommentShape, ...]
    """From the root down."""
    comment: CommentShape


class HeldComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment that waits for a member of staff."""

    comment: CommentShape
    """With its words."""
    story_title: str
    rule_key: str
    rule_title: str
    explanation: str


class RevisionShape(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier wording."""

    number: int
    html: str
    written_at: datetime


def _find(site: SiteShape, comment_id: int) -> Comment:
    found = (
        Comment.objects.select_related("story", "parent").filter(pk=comment_id, site_id=site.id).first()
        if is_identifier(comment_id)
        else None
    )
    if found is None:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    return found


def read_comment(*, site: SiteShape, comment_id: int, now: datetime) -> CommentPage:
    """A comment that everybody may see, with what it hangs from and what hangs from it.

    Raises:
        Refusal: `comment_unknown`, also for one that is held, removed or withdrawn and keeps no place.
    """
    comment = _find(site, comment_id)
    if not comment.is_shown:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    key = comment.story.key
    ancestors: list[Comment] = []
    above = comment.parent
    while above is not None:
        ancestors.insert(0, above)
        above = above.parent
    below: list[Comment] = []
    level = [comment.pk]
    while level and len(below) < PERMALINK_REPLIES:
        rows = list(
            Comment.objects.filter(parent_id__in=level, is_shown=True).order_by("id")[: PERMALINK_REPLIES - len(below)]
        )
        below.extend(rows)
        level = [row.pk for row in rows]
    tree = nest(shapes_of([comment, *below], story_key=key))[0]
    left = comment.branch_count - sum(row.status == CommentStatus.PUBLISHED for row in below)
    return CommentPage(
        story=story_shape(comment.story, site=site, now=now),
        ancestors=tuple(shapes_of(ancestors, story_key=key)),
        comment=msgspec.structs.replace(tree, replies_left=max(0, left)),
    )


def is_own(comment: Comment, actor: Actor) -> bool:
    """Whether the actor wrote the comment: by device, reader or as staff."""
    return (
        (actor.device_id is not None and comment.device_id == actor.device_id)
        or (actor.reader_id is not None and comment.reader_id == actor.reader_id)
        or (actor.staff_id is not None and comment.staff_id == actor.staff_id)
    )


def _reason(comment: Comment, *, language: str) -> AuthorReason | None:
    """What its author is told of the decision in force on a held or removed comment."""
    decision = decision_in_force(comment.pk)
    return author_reason(decision, language=language) if decision is not None else None


def own_comment_shape(comment: Comment, *, site: SiteShape, now: datetime, language: str) -> OwnComment:
    """A row as its author sees it."""
    status = CommentStatus(comment.status)
    reason = _reason(comment, language=language) if status in {CommentStatus.HELD, CommentStatus.REMOVED} else None
    (as_everybody,) = shapes_of([comment], story_key=comment.story.key)
    return OwnComment(
        comment=comment_shape(
            comment,
            story_key=comment.story.key,
            reply_to_name=as_everybody.reply_to_name,
            show_words=status is not CommentStatus.WITHDRAWN,
        ),
        status=status,
        text_source=comment.text_source,
        email=comment.author_email,
        editable_until=editable_until(
            status=status,
            created_at=comment.created_at,
            window_seconds=site.edit_window_seconds,
            reply_count=comment.reply_count,
            state=story_shape(comment.story, site=site, now=now).state,
            now=now,
        ),
        rule_key=reason.rule_key if reason else "",
        rule_title=reason.rule_title if reason else "",
        explanation=reason.sentence if reason else "",
        statement_token=reason.token if reason else "",
    )


def own_comments(*, site: SiteShape, key: str, actor: Actor, now: datetime, language: str) -> tuple[OwnComment, ...]:
    """The actor's comments on a story, newest first, those withdrawn left out; at most 50."""
    own = Q()
    if actor.device_id is not None:
        own |= Q(device_id=actor.device_id)
    if actor.reader_id is not None:
        own |= Q(reader_id=actor.reader_id)
    if actor.staff_id is not None:
        own |= Q(staff_id=actor.staff_id)
    if not own:
        return ()
    rows = (
        Comment.objects.select_related("story")
        .filter(own, site_id=site.id, story__key=key)
        .exclude(status=CommentStatus.WITHDRAWN)
        .order_by("-id")[:OWN_LIMIT]
    )
    return tuple(own_comment_shape(row, site=site, now=now, language=language) for row in rows)


def own_comment(*, site: SiteShape, comment_id: int, actor: Actor, now: datetime, language: str) -> OwnComment:
    """One of the actor's comments.

    Raises:
        Refusal: `comment_unknown`; `not_yours` for another's comment that everybody can see.
    """
    comment = _find(site, comment_id)
    if not is_own(comment, actor):
        raise Refusal(RefusalCode.NOT_YOURS if comment.is_shown else RefusalCode.COMMENT_UNKNOWN)
    return own_comment_shape(comment, site=site, now=now, language=language)


def held_comments(*, site: SiteShape, language: str, limit: int = 50) -> tuple[HeldComment, ...]:
    """Comments that wait for staff, oldest first."""
    rows = (
        Comment.objects.select_related("story")
        .filter(site_id=site.id, status=CommentStatus.HELD)
        .order_by("id")[:limit]
    )
    held = []
    for row in rows:
        reason = _reason(row, language=language)
        held.append(
            HeldComment(
                comment=comment_shape(row, story_key=row.story.key, show_words=True),
                story_title=row.story.title or row.story.key,
                rule_key=reason.rule_key if reason else "",
                rule_title=reason.rule_title if reason else "",
                explanation=reason.sentence if reason else "",
            )
        )
    return tuple(held)


def comments_since(*, site: SiteShape, since: datetime) -> int:
    """How many comments came since a moment, whatever became of them; those erased left out."""
    return Comment.objects.filter(site_id=site.id, created_at__gte=since, erased_at__isnull=True).count()


def comment_for_staff(*, site: SiteShape, comment_id: int) -> CommentShape:
    """A comment with its words, whatever its status; for staff.

    Raises:
        Refusal: `comment_unknown`.
    """
    found = _find(site, comment_id)
    return comment_shape(found, story_key=found.story.key, show_words=True)


def revisions(*, site: SiteShape, comment_id: int) -> tuple[RevisionShape, ...]:
    """Earlier wordings, oldest first; for staff.

    Raises:
        Refusal: `comment_unknown`.
    """
    comment = _find(site, comment_id)
    return tuple(
        RevisionShape(number=each.number, html=each.text_html, written_at=each.written_at)
        for each in CommentRevision.objects.filter(comment_id=comment.pk).order_by("number")
    )
