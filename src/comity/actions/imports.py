"""Taking in a conversation that was held elsewhere, with its own times, statuses and votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from comity.actions import outbox
from comity.actions.counters import change_status, lock_story
from comity.actions.decisions import append_decision
from comity.actions.drafts import OUTCOME_OF
from comity.actions.writing import write_transaction
from comity.events import StoryRecounted
from comity.models import Comment, CommentRevision, Staff, Story
from comity.queries.shapes import SiteShape
from comity.rules.placement import place_reply
from comity.rules.popularity import wilson_lower_bound
from comity.rules.posting import check_name, check_text
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import AuthorKind, CommentStatus, Prominence
from comity.text import markdown

__all__ = ["CommentRecord", "import_comments"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRecord:
    """A comment as any importer hands it over."""

    local_id: str
    """Its id where it comes from; what `parent` of later records names."""
    author_name: str
    text: str
    created_at: datetime
    parent: str | None = None
    staff_id: int | None = None
    language: str = "und"
    status: CommentStatus = CommentStatus.PUBLISHED
    up: int = 0
    down: int = 0
    earlier_text: str = ""
    """The wording before it was edited at `edited_at`."""
    edited_at: datetime | None = None
    prominence: int = Prominence.NONE
    rule_key: str = ""
    """The house rule that a held or removed comment was found to break."""


def import_comments(*, site: SiteShape, story_key: str, records: Sequence[CommentRecord]) -> dict[str, int]:
    """Store a story's comments in the order given, parents first, in one transaction; local ids -> comment ids.

    Imported comments are not screened anew and announce nothing: they were decided elsewhere, and the decision row
    says so.

    Raises:
        Refusal: `story_unknown`, `parent_unknown`, `text_too_long`, `name_missing` and their kin.
    """
    ids: dict[str, int] = {}
    with write_transaction():
        found = Story.objects.filter(site_id=site.id, key=story_key).first()
        if found is None:
            raise Refusal(RefusalCode.STORY_UNKNOWN)
        story = lock_story(found.pk)
        stored: dict[str, Comment] = {}
        for record in records:
            comment = _import(record, site=site, story=story, parents=stored)
            stored[record.local_id] = comment
            ids[record.local_id] = comment.pk
        outbox.record(StoryRecounted(site_id=site.id, story_id=story.pk))
    return ids


def _import(record: CommentRecord, *, site: SiteShape, story: Story, parents: dict[str, Comment]) -> Comment:
    text = check_text(record.text, minimum=1, maximum=max(site.comment_maximum, 50_000))
    rendered = markdown.render(text)
    staff = Staff.objects.filter(pk=record.staff_id, site_id=site.id).first() if record.staff_id else None
    comment = Comment(
        site_id=site.id,
        story=story,
        status=record.status.value,
        created_at=record.created_at,
        edited_at=record.edited_at,
        text_source=text,
        text_html=rendered.html,
        renderer_version=markdown.RENDERER_VERSION,
        language=record.language,
        author_kind=(AuthorKind.STAFF if staff else AuthorKind.GUEST).value,
        author_name=staff.name if staff else check_name(record.author_name),
        staff=staff,
        up_count=record.up,
        down_count=record.down,
        imported_up_count=record.up,
        imported_down_count=record.down,
        popularity=wilson_lower_bound(record.up, record.down),
        prominence=record.prominence,
    )
    if record.parent is not None:
        target = parents.get(record.parent)
        if target is None:
            raise Refusal(RefusalCode.PARENT_UNKNOWN, field="parent_id")
        place = place_reply(
            target_id=target.pk,
            target_parent_id=target.parent_id,
            target_root_id=target.root_id,
            target_depth=target.depth,
            depth_limit=site.depth_limit,
        )
        comment.parent_id, comment.root_id, comment.depth = place.parent_id, place.root_id, place.depth
        comment.reply_to_id = target.pk
    if record.earlier_text:
        comment.revision_number = 2
    change_status(comment, story=story, before=None, after=record.status, words=rendered.plain)
    if record.earlier_text:
        earlier = check_text(record.earlier_text, minimum=1, maximum=max(site.comment_maximum, 50_000))
        CommentRevision.objects.create(
            comment=comment,
            number=1,
            text_source=earlier,
            text_html=markdown.render(earlier).html,
            written_at=record.created_at,
        )
    if record.status in OUTCOME_OF:
        append_decision(
            comment,
            outcome=OUTCOME_OF[record.status],
            rule_key=record.rule_key,
            notes=["imported"],
            decided_at=record.created_at,
            states_reasons=False,  # whatever was owed was owed by the system that decided
        )
    return comment
