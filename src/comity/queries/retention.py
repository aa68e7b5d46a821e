"""What retention has done, and what it keeps how long."""

from __future__ import annotations

from datetime import datetime

import msgspec

from comity import conf
from comity.models import RetentionPass, Site
from comity.rules.retention import DataClass

__all__ = ["RetentionShape", "last_runs", "retention_periods"]


class RetentionShape(msgspec.Struct, frozen=True, kw_only=True):
    """When retention last looked through a site, and what it ever replaced there."""

    site_key: str
    site_since: datetime
    last_run: datetime | None
    counts: dict[str, int]
    """Class of data, or `erased` -> rows replaced by a tombstone so far."""


def retention_periods() -> dict[DataClass, int]:
    """Days that each class of data is kept; 0 for good."""
    configuration = conf.current()
    return {each: int(getattr(configuration, f"retention_{each.value}_days")) for each in DataClass}


def last_runs() -> tuple[RetentionShape, ...]:
    """One for each site, by key."""
    found = []
    for site_id, key, since in Site.objects.order_by("key").values_list("pk", "key", "created_at"):
        last, counts = None, dict[str, int]()
        passes = RetentionPass.objects.filter(site_id=site_id).order_by("pk")
        for before, started_at, some in passes.values_list("before", "started_at", "counts").iterator():
            last = started_at if before is not None else last
            for name, number in some.items():
                counts[name] = counts.get(name, 0) + number
        found.append(RetentionShape(site_key=key, site_since=since, last_run=last, counts=counts))
    return tuple(found)
