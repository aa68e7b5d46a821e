"""A site's own house rules; a site without any follows the shipped ones."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

__all__ = ["CitedRule", "HouseRule"]


class HouseRule(models.Model):
    """One version of one rule, as the document that `comity.screening.house_rules` reads.

    A rule with the key of a shipped one replaces it; another is added to the set.
    """

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="house_rules")
    key = models.SlugField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    document = models.JSONField()
    author = models.ForeignKey("comity.Staff", on_delete=models.SET_NULL, null=True, related_name="+")
    """Who saved it; nobody when an operator did on the command line."""
    note = models.CharField(max_length=500, blank=True, default="")
    in_force_from = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("site", "key", "version"), name="comity_house_rule_once"),)

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class CitedRule(models.Model):
    """A rule as it read when a decision first cited it: it outlives the rule, so that every reason stays readable."""

    site = models.ForeignKey("comity.Site", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    document = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("site", "key", "version"), name="comity_cited_rule_once"),)

    def __str__(self) -> str:
        return f"{self.key} {self.version} as cited"
