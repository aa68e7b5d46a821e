"""The house rules in force at a site."""

from __future__ import annotations

from django.db.models import Max

from comity.models import HouseRule
from comity.screening.house_rules import HouseRule as Rule
from comity.screening.house_rules import HouseRules, shipped, with_overrides

__all__ = ["rules_of"]


def rules_of(site_id: int) -> HouseRules:
    """The shipped rules with the site's own laid over them, each in its latest version."""
    latest = HouseRule.objects.filter(site_id=site_id).order_by().values("key").annotate(version=Max("version"))
    wanted = {(each["key"], each["version"]) for each in latest}
    if not wanted:
        return shipped()
    own = [
        Rule.from_document(row.document)
        for row in HouseRule.objects.filter(site_id=site_id).order_by("pk")
        if (row.key, row.version) in wanted
    ]
    return with_overrides(shipped(), own)
