"""Counters and places: changed here, with the change of status, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from comity.actions.rows import insert_row, update_row
from comity.actions.search import index_comment
from comity.actions.writing import database_alias
from comity.models import Comment, Story
from comity.queries.prepared import Prepared
from comity.rules.popularity import wilson_lower_bound
from comity.rules.statuses import CommentStatus

__all__ = ["bump", "change_status", "change_votes", "lock_story", "lock_story_by_key"]


_STORY_COLUMNS = [each.attname for each in Story._meta.concrete_fields]


def _locked(story_id: int) -> QuerySet[Story, tuple[Any, ...]]:
    return Story.objects.using(database_alias()).select_for_update().filter(pk=story_id).values_list(*_STORY_COLUMNS)


def _locked_by_key(site_id: int, key: str) -> QuerySet[Story, tuple[Any, ...]]:
    rows = Story.objects.using(database_alias()).select_for_update()
    return rows.filter(site_id=site_id, key=key).values_list(*_STORY_COLUMNS)


_prepared_locked, _prepared_locked_by_key = Prepared(_locked, writes=True), Prepared(_locked_by_key, writes=True)


def lock_story(story_id: int) -> Story:
    """The story's row, locked until the transaction ends. Every change to a thread takes this lock first, so counters
    and versions of one story are never written by two at once."""
    found = _prepared_locked.rows(story_id)
    if not found:
        raise Story.DoesNotExist
    return story_of(found[0])


def lock_story_by_key(*, site_id: int, key: str) -> Story | None:
    """The same for a story known by its key; None if nobody has used it yet."""
    found = _prepared_locked_by_key.rows(site_id, key)
    return story_of(found[0]) if found else None


def story_of(values: Sequence[Any]) -> Story:
    """A row of all of a story's columns as the model has it."""
    return Story.from_db(database_alias(), _STORY_COLUMNS, values)


def bump(story: Story, *comments: Comment) -> None:
    """Give the story its next version and stamp the comments that readers see changed. Saves neither."""
    story.version += 1
    for comment in comments:
        comment.version = story.version


def _is_shown(comment: Comment) -> bool:
    return bool(comment.status == CommentStatus.PUBLISHED or comment.branch_count or comment.reply_count)


def _ancestors(comment: Comment) -> list[Comment]:
    found: list[Comment] = []
    parent_id = comment.parent_id
    while parent_id is not None:
        parent = Comment.objects.get(pk=parent_id)
        found.append(parent)
        parent_id = parent.parent_id
    return found


def change_status(
    comment: Comment,
    *,
    story: Story,
    before: CommentStatus | None,
    after: CommentStatus,
    words: str | None = None,
) -> None:
    """Set a comment's status and every counter and place that hangs on it; saves the comment, what it hangs from and
    the story, and lets the comment's words be found or no longer.

    Args:
        comment: the row; `story` is its story, locked. One that is new is stored by this.
        before: None for a comment just created.
        words: the comment's plain text where it is at hand; else it is rendered anew, to be searched.
    """
    change = (after is CommentStatus.PUBLISHED) - (before is CommentStatus.PUBLISHED)
    comment.status = after.value
    touched = {comment.pk: comment}
    if change:
        story.published_count += change
        if story.newest_comment_at is None or story.newest_comment_at < comment.created_at:
            story.newest_comment_at = comment.created_at
        for ancestor in _ancestors(comment):
            ancestor.branch_count += change
            touched[ancestor.pk] = ancestor
        if comment.reply_to_id is not None:
            target = touched.get(comment.reply_to_id) or Comment.objects.get(pk=comment.reply_to_id)
            target.reply_count += change
            touched[target.pk] = target
    story.version += 1
    for each in touched.values():
        shown = _is_shown(each)
        if each.parent_id is None and shown != each.is_shown:
            story.shown_root_count += 1 if shown else -1
        each.is_shown = shown
        each.version = story.version
        if shown and each.first_version is None:
            each.first_version = story.version
        if each is comment and before is None:
            insert_row(each)
        else:
            update_row(each, "status", "branch_count", "reply_count", "is_shown", "version", "first_version")
    # Named columns only: the story's row holds its whole body.
    update_row(story, "published_count", "shown_root_count", "newest_comment_at", "version")
    index_comment(comment, is_new=before is None, words=words)


def change_votes(comment: Comment, *, story: Story, up: int, down: int) -> None:
    """Add to a comment's votes and place it anew; saves both. `story` is its story, locked."""
    comment.up_count += up
    comment.down_count += down
    comment.popularity = wilson_lower_bound(comment.up_count, comment.down_count)
    bump(story, comment)
    comment.save(update_fields=["up_count", "down_count", "popularity", "version"])
    story.save(update_fields=["version"])
