"""Restrictions of authors, each in force by a decision."""

from __future__ import annotations

from django.db import models

from comity.rules.restrictions import RestrictionKind

__all__ = ["Restriction"]


class Restriction(models.Model):
    """What an author, a guest's device or a reader, may not do at a site for a time."""

    site = models.ForeignKey("comity.Site", on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey("comity.Device", on_delete=models.PROTECT, null=True, related_name="+")
    reader = models.ForeignKey("comity.Reader", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=[(each.value, each.value) for each in RestrictionKind])
    decision = models.OneToOneField("comity.Decision", on_delete=models.PROTECT, related_name="restriction")
    reason = models.TextField(blank=True, default="")
    """What the author is told; erasing the author empties it."""
    began_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """None: without a day."""
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.OneToOneField("comity.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    """The decision that took it back."""

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(device__isnull=False) | models.Q(reader__isnull=False),
                name="comity_restriction_of_somebody",
            ),
        )
        indexes = (
            models.Index(fields=("device",), name="comity_restricted_device", condition=models.Q(lifted_at=None)),
            models.Index(fields=("reader",), name="comity_restricted_reader", condition=models.Q(lifted_at=None)),
        )

    def __str__(self) -> str:
        return f"restriction {self.pk}"
