"""Stories: what a conversation is about."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from comity.rules.statuses import StoryState

__all__ = ["Story"]


class Story(models.Model):
    """A story, known by its key at one site. Hosted here when it has a body, else known by its address only."""

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="stories")
    key = models.CharField(max_length=200)
    url = models.URLField(max_length=2000, blank=True, default="")
    title = models.CharField(max_length=500, blank=True, default="")
    body_source = models.TextField(blank=True, default="")
    body_format = models.CharField(max_length=8, default="markdown")
    body_html = models.TextField(blank=True, default="")
    source_credit = models.CharField(max_length=200, blank=True, default="")
    section = models.CharField(max_length=200, blank=True, default="")
    authors = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=16, blank=True, default="")
    published_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    signed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in StoryState], default=StoryState.OPEN.value
    )
    closes_at = models.DateTimeField(null=True, blank=True)

    version = models.BigIntegerField(default=0)
    """Grows by one with every change that a reader can see; given under the story's lock."""
    published_count = models.PositiveIntegerField(default=0)
    shown_root_count = models.PositiveIntegerField(default=0)
    newest_comment_at = models.DateTimeField(null=True, blank=True)
    """When the newest comment ever published here was written: no later one is dated before it."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("site", "key"), name="comity_story_key_once"),)
        indexes = (models.Index(fields=("site", "-published_at"), name="comity_story_newest"),)

    def __str__(self) -> str:
        return self.key
