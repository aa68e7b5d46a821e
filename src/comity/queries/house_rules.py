"""The house rules in force at a site."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, QuerySet
from django.utils import timezone

from comity.models import HouseRule
from comity.queries.prepared import Prepared
from comity.screening.house_rules import HouseRule as Rule
from comity.screening.house_rules import HouseRules, shipped, with_overrides

__all__ = ["rules_of"]


def _beginnings(site_id: int) -> QuerySet[HouseRule, tuple[datetime]]:
    return HouseRule.objects.filter(site_id=site_id).order_by().values_list("in_force_from")


_prepared_beginnings = Prepared(_beginnings)


def rules_of(site_id: int, *, now: datetime | None = None) -> HouseRules:
    """The shipped rules with the site's own laid over them, each in its latest version that holds already.

    Args:
        now: the present moment unless given.
    """
    moment = now or timezone.now()
    if not any(begins <= moment for (begins,) in _prepared_beginnings.rows(site_id)):
        return shipped()
    begun = HouseRule.objects.filter(site_id=site_id, in_force_from__lte=moment)
    latest = begun.order_by().values("key").annotate(version=Max("version"))
    wanted = {(each["key"], each["version"]) for each in latest}
    own = [Rule.from_document(row.document) for row in begun.order_by("pk") if (row.key, row.version) in wanted]
    return with_overrides(shipped(), own)
