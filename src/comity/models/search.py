"""What is searched: the words of published comments."""

from __future__ import annotations

from django.db import models

__all__ = ["SearchEntry"]


class SearchEntry(models.Model):
    """A published comment's words, folded. The database keeps its own index of them: an FTS5 table on SQLite, a GIN
    index on PostgreSQL (see the migration that makes this table)."""

    comment = models.OneToOneField("comity.Comment", on_delete=models.CASCADE, primary_key=True, related_name="+")
    story = models.ForeignKey("comity.Story", on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=24)
    """The story as a word, so that SQLite finds a story's comments in the same index."""
    words = models.TextField()

    def __str__(self) -> str:
        return f"words of comment {self.comment_id}"
