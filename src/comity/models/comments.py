"""Comments and their revisions."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from comity.rules.statuses import AuthorKind, CommentStatus, Prominence

__all__ = ["Comment", "CommentRevision"]


class Comment(models.Model):
    """One comment in the thread of one story.

    `parent` is where it hangs in the tree, never deeper than the site's limit; `reply_to` is the comment it answers,
    which is deeper only beyond that limit. So a branch never has more ancestors than the limit, however long it grows.
    """

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="+")
    story = models.ForeignKey("comity.Story", on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="branch")
    reply_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    depth = models.PositiveSmallIntegerField(default=0)

    status = models.CharField(max_length=16, choices=[(each.value, each.value) for each in CommentStatus])
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    """When words and author were erased; the row stays as the place of its replies and the subject of decisions."""
    version = models.BigIntegerField(default=0)
    """The story's version when this comment last changed for readers."""
    first_version = models.BigIntegerField(null=True)
    """The story's version with which readers first saw it; null while they have not, and for what was imported."""

    text_source = models.TextField()
    text_html = models.TextField()
    renderer_version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=16, default="und")
    revision_number = models.PositiveIntegerField(default=1)

    author_kind = models.CharField(max_length=8, default=AuthorKind.GUEST.value)
    author_name = models.CharField(max_length=80)
    author_email = models.EmailField(max_length=254, blank=True, default="")
    author_website = models.URLField(max_length=500, blank=True, default="")
    device = models.ForeignKey("comity.Device", on_delete=models.SET_NULL, null=True, related_name="comments")
    reader = models.ForeignKey("comity.Reader", on_delete=models.SET_NULL, null=True, related_name="comments")
    staff = models.ForeignKey("comity.Staff", on_delete=models.SET_NULL, null=True, related_name="comments")

    prominence = models.PositiveSmallIntegerField(default=Prominence.NONE)
    up_count = models.PositiveIntegerField(default=0)
    down_count = models.PositiveIntegerField(default=0)
    imported_up_count = models.PositiveIntegerField(default=0)
    """Up votes that an importer brought without their voters; part of `up_count`."""
    imported_down_count = models.PositiveIntegerField(default=0)
    popularity = models.FloatField(default=0.0)
    """Lower bound of the Wilson interval of the share of up votes; see `comity.rules.popularity`."""
    reply_count = models.PositiveIntegerField(default=0)
    """Published comments whose `reply_to` is this one."""
    branch_count = models.PositiveIntegerField(default=0)
    """Published comments that hang below this one, at any depth."""
    is_shown = models.BooleanField(default=False)
    """Published, or kept as a placeholder because published comments depend on it."""

    class Meta:
        indexes = (
            models.Index(
                fields=(
                    "story",
                    "-prominence",
                    "-created_at",
                    "-id",
                ),
                name="comity_roots_newest",
                condition=models.Q(parent__isnull=True, is_shown=True),
            ),
            models.Index(
                fields=(
                    "story",
                    "-prominence",
                    "created_at",
                    "id",
                ),
                name="comity_roots_oldest",
                condition=models.Q(parent__isnull=True, is_shown=True),
            ),
            models.Index(
                fields=(
                    "story",
                    "-prominence",
                    "-popularity",
                    "-id",
                ),
                name="comity_roots_popular",
                condition=models.Q(parent__isnull=True, is_shown=True),
            ),
            models.Index(
                fields=(
                    "root",
                    "id",
                ),
                name="comity_branch",
                condition=models.Q(is_shown=True),
            ),
            models.Index(
                fields=(
                    "story",
                    "version",
                ),
                name="comity_story_changes",
            ),
            models.Index(
                fields=(
                    "device",
                    "-id",
                ),
                name="comity_device_comments",
            ),
            models.Index(
                fields=(
                    "site",
                    "id",
                ),
                name="comity_held",
                condition=models.Q(status=CommentStatus.HELD.value),
            ),
        )

    def __str__(self) -> str:
        return f"comment {self.pk}"


class CommentRevision(models.Model):
    """An earlier wording of a comment, kept when its author edits it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text_source = models.TextField()
    text_html = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "number"), name="comity_revision_once"),)

    def __str__(self) -> str:
        return f"revision {self.number} of comment {self.comment_id}"
