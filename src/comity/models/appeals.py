"""Appeals against decisions."""

from __future__ import annotations

from django.db import models

from comity.rules.appeals import AppealState

__all__ = ["Appeal"]


class Appeal(models.Model):
    """An author's objection to one decision; there is at most one for each."""

    site = models.ForeignKey("comity.Site", on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField("comity.Decision", on_delete=models.PROTECT, related_name="appeal")
    comment = models.ForeignKey("comity.Comment", on_delete=models.PROTECT, related_name="appeals")
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in AppealState])
    text = models.TextField(blank=True, default="")
    """The author's words; erasure empties them."""
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True, blank=True)
    """When the newsroom is next reminded of it; None once it is answered."""
    reminded_at = models.DateTimeField(null=True, blank=True)
    network_digest = models.CharField(max_length=64, blank=True, default="")

    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("comity.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    same_decider = models.BooleanField(default=False)
    """Nobody else could decide: whoever took the decision decided the appeal as well."""
    reason = models.TextField(blank=True, default="")
    """What the author is told."""
    result = models.OneToOneField("comity.Decision", on_delete=models.PROTECT, null=True, related_name="+")
    """The decision that the appeal ended in."""

    class Meta:
        indexes = (
            models.Index(fields=("site", "due_at"), name="comity_appeal_open", condition=models.Q(state="open")),
            models.Index(fields=("remind_at",), name="comity_appeal_reminder", condition=models.Q(state="open")),
        )

    def __str__(self) -> str:
        return f"appeal {self.pk}"
