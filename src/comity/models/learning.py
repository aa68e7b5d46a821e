"""What moderators' decisions taught: the versions of a site's own head."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

__all__ = ["SiteHead"]


class SiteHead(models.Model):
    """One version of the head that `comity.screening.learning` reads; the site's newest is in force.

    Versions are never changed and never given twice, so that a decision's `engine_version` names one head.
    """

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    """1 for the site's first, then without a gap."""
    content = models.BinaryField(null=True)
    """The head's bytes; None where the version is so old that only a replay makes them again."""
    lessons = models.PositiveIntegerField()
    learnt_from = models.ForeignKey("comity.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    """The last human decision that was considered, whether it is held or was undone since."""
    left_out = models.JSONField(default=list)
    """Decisions whose lessons were undone: [first, last] numbers in the site's chain, in order, apart."""
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("site", "version"), name="comity_site_head_once"),)

    def __str__(self) -> str:
        return f"head {self.version} of site {self.site_id}"
