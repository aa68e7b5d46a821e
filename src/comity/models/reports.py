"""Reports of comments, gathered by comment, and requests for a right of reply."""

from __future__ import annotations

from django.db import models

from comity.rules.reports import CaseState, ReportReason

__all__ = ["ReplyRequest", "Report", "ReportCase"]


class ReportCase(models.Model):
    """All reports of one comment that are decided together."""

    site = models.ForeignKey("comity.Site", on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey("comity.Comment", on_delete=models.PROTECT, related_name="report_cases")
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in CaseState])
    is_urgent = models.BooleanField(default=False)
    """Somebody's life or safety is said to be in danger."""
    report_count = models.PositiveIntegerField(default=0)
    """Every report, also those that repeat or exceed what is kept word for word."""
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.ForeignKey("comity.Decision", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("comment",), name="comity_case_open_once", condition=models.Q(state="open")
            ),
        )
        indexes = (
            models.Index(
                fields=("site", "-is_urgent", "opened_at"), name="comity_case_open", condition=models.Q(state="open")
            ),
        )

    def __str__(self) -> str:
        return f"report case {self.pk}"


class Report(models.Model):
    """One person's report. Who that is, only staff with the right may see; erasure empties it."""

    case = models.ForeignKey(ReportCase, on_delete=models.PROTECT, related_name="reports")
    reason = models.CharField(max_length=16, choices=[(each.value, each.value) for each in ReportReason])
    explanation = models.TextField(blank=True, default="")
    reporter_name = models.CharField(max_length=80, blank=True, default="")
    reporter_email = models.EmailField(max_length=254, blank=True, default="")
    good_faith = models.BooleanField(default=False)
    by_staff = models.BooleanField(default=False)
    """The newsroom's own: what is decided then is decided on its own initiative."""
    digest = models.CharField(max_length=64)
    """Keyed digest of who and what, so that the same report again is the same report."""
    filed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "digest"), name="comity_report_once"),)

    def __str__(self) -> str:
        return f"report {self.pk}"


class ReplyRequest(models.Model):
    """Somebody named or designated in a story or a comment asks the editor to publish their reply."""

    site = models.ForeignKey("comity.Site", on_delete=models.PROTECT, related_name="+")
    story = models.ForeignKey("comity.Story", on_delete=models.PROTECT, related_name="+")
    comment = models.ForeignKey("comity.Comment", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=80)
    email = models.EmailField(max_length=254)
    passage = models.TextField()
    """The words that the reply answers."""
    reply = models.TextField()
    digest = models.CharField(max_length=64)
    filed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("comity.Staff", on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("site", "digest"), name="comity_reply_request_once"),)

    def __str__(self) -> str:
        return f"reply request {self.pk}"
