"""Decisions: appended, never edited, chained by digests. Triggers refuse every other write; see migration 0002."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

__all__ = ["Decision", "DecisionChain", "DecisionEvidence", "MarkedComment", "RetentionPass"]


class Decision(models.Model):
    """What was decided on a comment and why: ids, versions, scores and offsets; no text, no name, no address."""

    class ActorKind(models.TextChoices):
        """Who decided."""

        MACHINE = "machine"
        STAFF = "staff"

    site = models.ForeignKey("comity.Site", on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey("comity.Comment", on_delete=models.PROTECT, related_name="decisions")
    revision_number = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=16)
    actor_kind = models.CharField(max_length=8, choices=ActorKind.choices)
    staff = models.ForeignKey("comity.Staff", on_delete=models.PROTECT, null=True, related_name="decisions")
    rule_key = models.CharField(max_length=64, blank=True, default="")
    rule_version = models.PositiveIntegerField(default=0)
    engine_version = models.CharField(max_length=64, blank=True, default="")
    findings = models.JSONField(default=list)
    """One object each: category, score, detector, field, spans (code points)."""
    citations = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    decided_at = models.DateTimeField(default=timezone.now)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")

    sequence = models.PositiveBigIntegerField()
    """1 for the site's first decision, then without a gap."""
    salt = models.CharField(max_length=32, blank=True, default="")
    """Random; empty once retention has taken the details, which the digest then no longer betrays."""
    content_digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64)
    """Of the previous decision's digest and this one's content; see `comity.rules.chain`."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("site", "sequence"), name="comity_decision_sequence_once"),)
        indexes = (models.Index(fields=("comment", "-id"), name="comity_decision_latest"),)

    def __str__(self) -> str:
        return f"decision {self.pk}"


class DecisionChain(models.Model):
    """The head of a site's chain; its row's lock orders the decisions, and betrays a chain cut short."""

    site = models.OneToOneField("comity.Site", on_delete=models.PROTECT, primary_key=True, related_name="+")
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"chain of site {self.pk}"


class DecisionEvidence(models.Model):
    """What the detectors named for a decision: pieces of the author's words. Erasure and retention empty it."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, primary_key=True, related_name="evidence")
    items = models.JSONField(default=list)
    """One list of strings for each of the decision's findings."""
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "decision evidence"

    def __str__(self) -> str:
        return f"evidence of decision {self.pk}"


class MarkedComment(models.Model):
    """A published comment that a house rule asks the newsroom to look at; gone once somebody has, or has decided."""

    comment = models.OneToOneField("comity.Comment", on_delete=models.CASCADE, primary_key=True, related_name="+")
    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="+")
    rule_key = models.CharField(max_length=64)
    rule_version = models.PositiveIntegerField()
    marked_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("site", "marked_at"), name="comity_marked_oldest"),)

    def __str__(self) -> str:
        return f"mark of comment {self.pk}"


class RetentionPass(models.Model):
    """The audited exception: while a site's pass is open, and only inside its transaction, the triggers let retention
    take the details out of that site's decisions, and retention or erasure empty their evidence. The row stays as the
    record of it."""

    site = models.ForeignKey("comity.Site", on_delete=models.PROTECT, related_name="+")
    before = models.DateTimeField(null=True)
    """Decisions taken before this moment lost their details; None for an erasure, which takes none."""
    note = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    decision_count = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    """Class of data, or `erased` -> rows replaced by a tombstone."""

    class Meta:
        verbose_name_plural = "retention passes"

    def __str__(self) -> str:
        return f"retention pass {self.pk}"
