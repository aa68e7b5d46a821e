"""What changed for readers, by the events that every write records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from django.db import router
from django.db.models import Max, Q

from comity.events import HouseRulesSaved, SiteSaved
from comity.models import EventRecord, Story

__all__ = ["Changes", "StoryPulse", "changes_since", "database_alias", "newest_event_id", "pulses"]

CHANGES_AT_ONCE = 2000
"""Events read in one look; the next look follows at once."""
_OF_SITES = frozenset({HouseRulesSaved.kind, SiteSaved.kind})
"""Kinds after which every thread of the site reads otherwise."""


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Events, and what they are about."""

    event_ids: tuple[int, ...]
    story_ids: frozenset[int]
    site_ids: frozenset[int]


class StoryPulse(msgspec.Struct, frozen=True):
    """How far a story has got: its version, and how many comments it has."""

    version: int
    count: int


def database_alias() -> str:
    """The database that is read: where there are replicas, one of them, so that no news comes too early."""
    return router.db_for_read(EventRecord)


def newest_event_id() -> int:
    """The id of the newest event; 0 when there is none."""
    return EventRecord.objects.aggregate(newest=Max("id"))["newest"] or 0


def changes_since(event_id: int, *, missing: Collection[int] = ()) -> Changes:
    """The events after this one, and those of `missing` that have come meanwhile, oldest first.

    PostgreSQL gives ids when rows are written, and shows rows when they are committed: an id passed over once may still
    come.
    """
    wanted = Q(id__gt=event_id)
    if missing:
        wanted |= Q(id__in=missing)
    rows = EventRecord.objects.filter(wanted).order_by("id").values_list("id", "site_id", "kind", "subjects")
    event_ids: list[int] = []
    stories: set[int] = set()
    sites: set[int] = set()
    for pk, site_id, kind, subjects in rows[:CHANGES_AT_ONCE]:
        event_ids.append(pk)
        about: Mapping[str, Any] = subjects
        if "story_id" in about:
            stories.add(about["story_id"])
        elif kind in _OF_SITES:
            sites.add(site_id)
    return Changes(event_ids=tuple(event_ids), story_ids=frozenset(stories), site_ids=frozenset(sites))


def pulses(story_ids: Collection[int]) -> dict[int, StoryPulse]:
    """Version and count of each of these stories that there is."""
    rows = Story.objects.filter(pk__in=story_ids).values_list("pk", "version", "published_count")
    return {pk: StoryPulse(version, count) for pk, version, count in rows}
