"""Recomputing every counter from the rows it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from comity.actions import outbox
from comity.actions.counters import bump, lock_story
from comity.actions.writing import write_transaction
from comity.events import StoryRecounted
from comity.models import Comment, Story, Vote
from comity.rules.popularity import wilson_lower_bound
from comity.rules.statuses import CommentStatus

__all__ = ["Difference", "recount"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that said something else than the rows."""

    subject: str
    """`story` or `comment`."""
    id: int
    counter: str
    stored: float
    counted: float


def recount(
    *, repair: bool, site_id: int | None = None, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> tuple[Difference, ...]:
    """Compare all counters with the rows, story by story, and mend them if asked to; what differed.

    Args:
        repair: write the counted values; otherwise nothing is written.
        progress: called with stories done and in all.
    """
    stories = Story.objects.order_by("pk")
    if site_id is not None:
        stories = stories.filter(site_id=site_id)
    ids = list(stories.values_list("pk", flat=True))
    found: list[Difference] = []
    for done, story_id in enumerate(ids, start=1):
        with write_transaction():
            found.extend(_recount_story(story_id, repair=repair))
        progress(done, len(ids))
    return tuple(found)


def _recount_story(story_id: int, *, repair: bool) -> list[Difference]:
    story = lock_story(story_id)
    comments = {row.pk: row for row in Comment.objects.filter(story_id=story_id).order_by("pk")}
    ups: Counter[int] = Counter()
    downs: Counter[int] = Counter()
    for comment_id, value in Vote.objects.filter(comment__story_id=story_id).values_list("comment_id", "value"):
        (ups if value > 0 else downs)[comment_id] += 1
    replies: Counter[int] = Counter()
    branches: Counter[int] = Counter()
    for row in comments.values():
        if row.status == CommentStatus.PUBLISHED:
            if row.reply_to_id is not None:
                replies[row.reply_to_id] += 1
            parent_id = row.parent_id
            while parent_id is not None:
                branches[parent_id] += 1
                parent_id = comments[parent_id].parent_id
    differences: list[Difference] = []
    published = roots = 0
    for pk, row in comments.items():
        up = ups[pk] + row.imported_up_count
        down = downs[pk] + row.imported_down_count
        is_published = row.status == CommentStatus.PUBLISHED
        shown = bool(is_published or branches[pk] or replies[pk])
        published += is_published
        roots += shown and row.parent_id is None
        counted: dict[str, float] = {
            "up_count": up,
            "down_count": down,
            "popularity": wilson_lower_bound(up, down),
            "reply_count": replies[pk],
            "branch_count": branches[pk],
            "is_shown": shown,
        }
        wrong = _compare("comment", row, counted)
        if wrong and repair:
            for each in wrong:
                setattr(row, each.counter, counted[each.counter])
            bump(story, row)
            row.save(update_fields=[*(each.counter for each in wrong), "version"])
        differences.extend(wrong)
    wrong = _compare("story", story, {"published_count": published, "shown_root_count": roots})
    if wrong and repair:
        story.published_count, story.shown_root_count = published, roots
        bump(story)
    differences.extend(wrong)
    if differences and repair:
        story.save(update_fields=["published_count", "shown_root_count", "version"])
        outbox.record(StoryRecounted(site_id=story.site_id, story_id=story.pk))
    return differences


def _compare(subject: str, row: Story | Comment, counted: dict[str, float]) -> list[Difference]:
    return [
        Difference(subject, row.pk, counter, getattr(row, counter), value)
        for counter, value in counted.items()
        if abs(getattr(row, counter) - value) > 1e-12
    ]
