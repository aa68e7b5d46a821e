"""Votes: one per voter and comment."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

__all__ = ["Vote"]


class Vote(models.Model):
    """A vote, up (+1) or down (-1). Withdrawing one deletes the row. No address is stored."""

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey("comity.Comment", on_delete=models.CASCADE, related_name="votes")
    device = models.ForeignKey("comity.Device", on_delete=models.CASCADE, null=True, related_name="votes")
    staff = models.ForeignKey("comity.Staff", on_delete=models.CASCADE, null=True, related_name="votes")
    reader = models.ForeignKey("comity.Reader", on_delete=models.CASCADE, null=True, related_name="votes")
    value = models.SmallIntegerField()
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("comment", "device"), name="comity_vote_device_once", condition=models.Q(device__isnull=False)
            ),
            models.UniqueConstraint(
                fields=("comment", "staff"), name="comity_vote_staff_once", condition=models.Q(staff__isnull=False)
            ),
            models.UniqueConstraint(
                fields=("comment", "reader"), name="comity_vote_reader_once", condition=models.Q(reader__isnull=False)
            ),
            models.CheckConstraint(condition=models.Q(value__in=(-1, 1)), name="comity_vote_value"),
        )

    def __str__(self) -> str:
        return f"vote {self.pk}"
