"""Reading stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from comity.models import Story
from comity.queries.prepared import Prepared
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.posting import check_story_key, state_in_force
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import StoryState

__all__ = ["CountedStory", "counts", "find_story", "key_of", "newest_stories", "story_for_editing", "story_shape"]


class _StoryRow(NamedTuple):
    pk: int
    key: str
    url: str
    title: str
    body_html: str
    source_credit: str
    section: str
    authors: list[str]
    language: str
    published_at: datetime
    updated_at: datetime
    state: str
    closes_at: datetime | None
    version: int
    published_count: int
    shown_root_count: int


def _by_key(site_id: int, key: str) -> QuerySet[Story, tuple[Any, ...]]:
    return Story.objects.filter(site_id=site_id, key=key).values_list(*_StoryRow._fields)


_prepared_by_key = Prepared(_by_key)


def story_shape(story: Story | _StoryRow, *, site: SiteShape, now: datetime) -> StoryShape:
    """The shape of a row; `state` is the one in force at `now`."""
    return StoryShape(
        id=story.pk,
        site_id=site.id,
        key=story.key,
        url=story.url,
        title=story.title,
        body_html=story.body_html,
        source_credit=story.source_credit,
        section=story.section,
        authors=tuple(story.authors),
        language=story.language or site.language,
        published_at=story.published_at,
        updated_at=story.updated_at,
        state=state_in_force(
            state=StoryState(story.state),
            closes_at=story.closes_at,
            published_at=story.published_at,
            close_after_days=site.close_after_days,
            pre_moderated_site=site.pre_moderated,
            office_hours=site.office_hours,
            now=now,
        ),
        closes_at=story.closes_at,
        version=story.version,
        count=story.published_count,
        root_count=story.shown_root_count,
    )


def find_story(*, site: SiteShape, key: str, now: datetime) -> StoryShape:
    """The story with this key; for a key nobody has used yet an open one without comments and without id.

    Raises:
        Refusal: `story_key_invalid`.
    """
    check_story_key(key)
    found = _prepared_by_key.rows(site.id, key)
    if not found:
        state = state_in_force(
            state=StoryState.OPEN,
            closes_at=None,
            published_at=None,
            close_after_days=None,
            pre_moderated_site=site.pre_moderated,
            office_hours=site.office_hours,
            now=now,
        )
        return StoryShape(id=None, site_id=site.id, key=key, language=site.language, state=state)
    return story_shape(_StoryRow._make(found[0]), site=site, now=now)


def key_of(story_id: int) -> str | None:
    """The key of a story; None for one that is gone."""
    return Story.objects.filter(pk=story_id).values_list("key", flat=True).first()


def story_for_editing(*, site: SiteShape, key: str) -> dict[str, object]:
    """What the staff form shows of a story: the fields as `save_story` takes them.

    Raises:
        Refusal: `story_unknown`.
    """
    story = Story.objects.filter(site_id=site.id, key=key).first()
    if story is None:
        raise Refusal(RefusalCode.STORY_UNKNOWN)
    return {
        "key": story.key,
        "url": story.url,
        "title": story.title,
        "body_source": story.body_source,
        "body_format": story.body_format,
        "source_credit": story.source_credit,
        "section": story.section,
        "authors": tuple(story.authors),
        "language": story.language,
        "published_at": story.published_at,
        "state": story.state,
        "closes_at": story.closes_at,
    }


def newest_stories(*, site: SiteShape, now: datetime, limit: int = 20) -> tuple[StoryShape, ...]:
    """Stories with a title, newest first."""
    stories = Story.objects.filter(site_id=site.id).exclude(title="").order_by("-published_at", "-pk")[:limit]
    return tuple(story_shape(each, site=site, now=now) for each in stories)


class CountedStory(NamedTuple):
    """How many published comments a story has; no id, and none, for a key nobody has used yet."""

    id: int | None
    comments: int


def counts(*, site: SiteShape, keys: Sequence[str]) -> dict[str, CountedStory]:
    """Published comments of each key asked for.

    Raises:
        Refusal: `story_key_invalid`.
    """
    asked = [check_story_key(key) for key in keys]
    rows = Story.objects.filter(site_id=site.id, key__in=asked).values_list("key", "id", "published_count")
    known = {key: CountedStory(story_id, count) for key, story_id, count in rows}
    return {key: known.get(key, CountedStory(None, 0)) for key in asked}
