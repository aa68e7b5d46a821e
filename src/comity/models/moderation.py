"""Decisions: appended, never edited."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

__all__ = ["Decision"]


class Decision(models.Model):
    """What was decided on a comment and why: ids, versions, scores and offsets; no text, no name, no address."""

    class ActorKind(models.TextChoices):
        """Who decided."""

        MACHINE = "machine"
        STAFF = "staff"

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey("comity.Comment", on_delete=models.PROTECT, related_name="decisions")
    revision_number = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=16)
    actor_kind = models.CharField(max_length=8, choices=ActorKind.choices)
    staff = models.ForeignKey("comity.Staff", on_delete=models.SET_NULL, null=True, related_name="decisions")
    rule_key = models.CharField(max_length=64, blank=True, default="")
    rule_version = models.PositiveIntegerField(default=0)
    engine_version = models.CharField(max_length=64, blank=True, default="")
    findings = models.JSONField(default=list)
    """One object each: category, score, detector, field, spans (code points)."""
    citations = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    decided_at = models.DateTimeField(default=timezone.now)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        indexes = (models.Index(fields=("comment", "-id"), name="comity_decision_latest"),)

    def __str__(self) -> str:
        return f"decision {self.pk}"
