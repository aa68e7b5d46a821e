"""What is put aside of a comment for authorities, and what was done about it. Triggers refuse every change but letting
go; see migration 0013."""

from __future__ import annotations

from django.db import models

from comity.rules.preservation import PreservationStep

__all__ = ["PreservationEntry", "PreservedRecord"]


class PreservedRecord(models.Model):
    """What was known of a comment when it was put aside (DSA 18). Retention and erasure leave it whole until it is let
    go, which empties it; the row and its digest stay."""

    site = models.ForeignKey("comity.Site", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("comity.ReportCase", on_delete=models.PROTECT, related_name="preserved")
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    """See `comity.rules.preservation.document_digest`."""
    preserved_at = models.DateTimeField()
    preserved_by = models.ForeignKey("comity.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    """None where an erasure made it, of what had changed since it was put aside."""
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("site", "preserved_at"), name="comity_preserved", condition=models.Q(released_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"preserved record {self.pk}"


class PreservationEntry(models.Model):
    """One step of the record kept of a case: put aside, handed over, told to an authority, let go. Appended only."""

    site = models.ForeignKey("comity.Site", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("comity.ReportCase", on_delete=models.PROTECT, related_name="preservation_entries")
    step = models.CharField(max_length=16, choices=[(each.value, each.value) for each in PreservationStep])
    staff = models.ForeignKey("comity.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    """Who did it; None for an erasure."""
    noted_at = models.DateTimeField()
    why = models.CharField(max_length=500, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    """Of what was put aside, or of the file handed over (SHA-256 of its bytes)."""
    with_reporters = models.BooleanField(default=False)
    """The file handed over says who reported."""
    authority = models.CharField(max_length=200, blank=True, default="")
    reference = models.CharField(max_length=100, blank=True, default="")
    told_at = models.DateTimeField(null=True)
    """When the authority was told, which may be before it was noted."""

    class Meta:
        verbose_name_plural = "preservation entries"

    def __str__(self) -> str:
        return f"preservation entry {self.pk}"
