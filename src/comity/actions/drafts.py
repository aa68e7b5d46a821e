"""What a posting is made of: its words checked, its place found, its row stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from comity.actions import screener
from comity.actions.counters import change_status
from comity.models import Comment, Device, Story
from comity.queries.readers import is_reserved
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules import posting
from comity.rules.actors import Actor
from comity.rules.identifiers import is_identifier
from comity.rules.placement import place_reply
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import AuthorKind, CommentStatus, StoryState, status_after_screening
from comity.screening.types import Decision as Verdict
from comity.screening.types import Outcome
from comity.text import markdown

__all__ = ["OUTCOME_OF", "Place", "check_draft", "find_place", "is_duplicate_of_last", "store_comment", "terms_of"]

OUTCOME_OF = {
    CommentStatus.PUBLISHED: Outcome.PUBLISH,
    CommentStatus.HELD: Outcome.HOLD,
    CommentStatus.REMOVED: Outcome.REMOVE,
}
"""What a decision row says of a status."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment hangs, by ids; the default is a root."""

    parent_id: int | None = None
    root_id: int | None = None
    reply_to_id: int | None = None
    depth: int = 0


def terms_of(site: SiteShape, *, is_reply: bool) -> posting.PostingTerms:
    """What the site asks of a comment, or of a reply."""
    return posting.PostingTerms(
        minimum=site.reply_minimum if is_reply else site.comment_minimum,
        maximum=site.reply_maximum if is_reply else site.comment_maximum,
        email_requirement=site.email_requirement,
        website_field=site.website_field,
    )


def check_draft(
    *, actor: Actor, site: SiteShape, story: StoryShape, is_reply: bool, text: str, name: str, email: str, website: str
) -> posting.Draft:
    """The posting, cleaned; staff write under their own name and leave no address.

    Raises:
        Refusal: what `rules.posting.check_draft` refuses; `name_reserved`.
    """
    terms = terms_of(site, is_reply=is_reply)
    if actor.is_staff:
        cleaned = posting.check_text(text, minimum=terms.minimum, maximum=terms.maximum)
        return posting.Draft(text=cleaned, author_name=actor.staff_name, author_email="", author_website="")
    draft = posting.check_draft(text=text, author_name=name, author_email=email, author_website=website, terms=terms)
    if is_reserved(site=site, authors=story.authors, name=draft.author_name):
        raise Refusal(RefusalCode.NAME_RESERVED, field="author_name")
    return draft


def find_place(*, story: StoryShape, parent_id: int | None, site: SiteShape) -> Place:
    """Where the comment goes.

    Raises:
        Refusal: `parent_unknown` (also of another story or site), `parent_not_published`.
    """
    if parent_id is None:
        return Place()
    target = (
        Comment.objects.filter(pk=parent_id, story_id=story.id, site_id=site.id).first()
        if story.id is not None and is_identifier(parent_id)
        else None
    )
    if target is None:
        raise Refusal(RefusalCode.PARENT_UNKNOWN, field="parent_id")
    posting.check_parent(status=CommentStatus(target.status))
    place = place_reply(
        target_id=target.pk,
        target_parent_id=target.parent_id,
        target_root_id=target.root_id,
        target_depth=target.depth,
        depth_limit=site.depth_limit,
    )
    return Place(place.parent_id, place.root_id, target.pk, place.depth)


def _author_kind(actor: Actor) -> AuthorKind:
    if actor.is_staff:
        return AuthorKind.STAFF
    return AuthorKind.GUEST if actor.reader_id is None else AuthorKind.READER


def is_duplicate_of_last(*, actor: Actor, story_id: int | None, text: str) -> bool:
    """Whether the device's last comment on the story has the same words."""
    if story_id is None or actor.device_id is None or actor.is_staff:
        return False
    last = (
        Comment.objects.filter(device_id=actor.device_id, story_id=story_id)
        .exclude(status=CommentStatus.WITHDRAWN)
        .order_by("-id")
        .values_list("text_source", flat=True)
        .first()
    )
    return last == text


def store_comment(
    *,
    actor: Actor,
    site: SiteShape,
    story: Story,
    state: StoryState,
    place: Place,
    draft: posting.Draft,
    rendered: markdown.Rendered,
    verdict: Verdict,
    device: Device | None,
    now: datetime,
) -> Comment:
    """Store a comment with its decision and counters. Inside a write transaction; `story` is locked."""
    kind = _author_kind(actor)
    status = status_after_screening(verdict.outcome, state, kind)
    comment = Comment(
        site_id=site.id,
        story=story,
        parent_id=place.parent_id,
        root_id=place.root_id,
        reply_to_id=place.reply_to_id,
        depth=place.depth,
        status=status.value,
        created_at=posting.written_at(now, newest=story.newest_comment_at),
        text_source=draft.text,
        text_html=rendered.html,
        renderer_version=markdown.RENDERER_VERSION,
        language=verdict.language,
        author_kind=kind.value,
        author_name=draft.author_name,
        author_email=draft.author_email,
        author_website=draft.author_website,
        device=device,
        reader_id=actor.reader_id,
        staff_id=actor.staff_id,
    )
    change_status(comment, story=story, before=None, after=status, words=rendered.plain)
    screener.record_decision(comment, verdict, outcome=OUTCOME_OF[status])
    return comment
