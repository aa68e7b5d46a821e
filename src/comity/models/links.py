"""Where comments link to."""

from __future__ import annotations

from django.db import models

__all__ = ["CommentLink"]


class CommentLink(models.Model):
    """A host that a comment links to, so that its standing on the site can be told. None for the site's own hosts."""

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey("comity.Comment", on_delete=models.CASCADE, related_name="+")
    host = models.CharField(max_length=253)
    """In ASCII form, without `www.`."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "host"), name="comity_link_once"),)
        indexes = (models.Index(fields=("site", "host", "-id"), name="comity_link_standing"),)

    def __str__(self) -> str:
        return f"link {self.pk}"
