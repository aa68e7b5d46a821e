"""What changed in a thread since a version: read by everybody who was there, so it costs one answer for all."""

from __future__ import annotations

from datetime import datetime

from comity.models import Comment
from comity.queries.shapes import SiteShape, ThreadChanges
from comity.queries.stories import find_story
from comity.queries.threads import shapes_of
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["CHANGES_MOST", "read_thread_changes"]

CHANGES_MOST = 100
"""Comments that one answer may hold: about two pages of a thread."""
_LARGEST_VERSION = 2**63 - 1


def read_thread_changes(*, site: SiteShape, key: str, since: int, now: datetime) -> ThreadChanges:
    """What readers see otherwise since version `since` of the story.

    Raises:
        Refusal: `story_key_invalid`, `field_invalid` (since).
    """
    if not 0 <= since <= _LARGEST_VERSION:
        raise Refusal(RefusalCode.FIELD_INVALID, field="since")
    story = find_story(site=site, key=key, now=now)
    # A story that nobody has written under is at version 0 and has no row: from there all is new.
    rows = (
        list(Comment.objects.filter(story_id=story.id, version__gt=since).order_by("version", "id")[: CHANGES_MOST + 1])
        if story.id is not None and since < story.version
        else []
    )
    is_complete = since <= story.version and len(rows) <= CHANGES_MOST
    shown = sorted((row for row in rows if row.is_shown), key=lambda row: (row.first_version or 0, row.pk))
    return ThreadChanges(
        story=story,
        since=since,
        changed=tuple(shapes_of(shown, story_key=key)) if is_complete else (),
        new_ids=frozenset(row.pk for row in shown if (row.first_version or 0) > since) if is_complete else frozenset(),
        gone_ids=tuple(row.pk for row in rows if not row.is_shown) if is_complete else (),
        is_complete=is_complete,
    )
