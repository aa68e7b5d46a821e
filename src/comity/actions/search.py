"""Keeping what is searched in step with what is shown."""

from __future__ import annotations

from comity.models import Comment, SearchEntry
from comity.rules.statuses import CommentStatus
from comity.text.markdown import render
from comity.text.searching import words_of

__all__ = ["index_comment"]


def index_comment(comment: Comment) -> None:
    """Let a published comment's words be found, and no others'. Called wherever a status changes, inside that
    transaction, so that nothing removed is ever found."""
    if comment.status != CommentStatus.PUBLISHED:
        SearchEntry.objects.filter(comment_id=comment.pk).delete()
        return
    SearchEntry.objects.update_or_create(
        comment_id=comment.pk,
        defaults={
            "story_id": comment.story_id,
            "place": f"s{comment.story_id}",
            "words": words_of(f"{comment.author_name} {render(comment.text_source).plain}"),
        },
    )
