"""Keeping what is searched in step with what is shown."""

from __future__ import annotations

from comity.actions.rows import insert_row
from comity.models import Comment, SearchEntry
from comity.rules.statuses import CommentStatus
from comity.text.markdown import render
from comity.text.searching import words_of

__all__ = ["index_comment"]


def index_comment(comment: Comment, *, is_new: bool = False, words: str | None = None) -> None:
    """Let a published comment's words be found, and no others'. Called wherever a status changes, inside that
    transaction, so that nothing removed is ever found.

    Args:
        is_new: no words of this comment are kept yet.
        words: its plain text, if it is at hand.
    """
    if comment.status != CommentStatus.PUBLISHED:
        if not is_new:
            SearchEntry.objects.filter(comment_id=comment.pk).delete()
        return
    plain = render(comment.text_source).plain if words is None else words
    entry = {
        "story_id": comment.story_id,
        "place": f"s{comment.story_id}",
        "words": words_of(f"{comment.author_name} {plain}"),
    }
    if is_new:
        insert_row(SearchEntry(comment_id=comment.pk, **entry))
    else:
        SearchEntry.objects.update_or_create(comment_id=comment.pk, defaults=entry)
