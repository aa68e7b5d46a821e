"""Publishing stories, and making one of a key that its first comment uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from comity.actions import outbox
from comity.actions.counters import bump, lock_story
from comity.actions.writing import write_transaction
from comity.events import StorySaved
from comity.models import Story
from comity.queries.shapes import SiteShape, StoryShape
from comity.queries.stories import story_shape
from comity.rules.posting import check_story_key
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import StoryState
from comity.text import markdown, plain, sanitise
from comity.text.urls import UrlRefused, normalise_story_url

__all__ = ["save_story", "story_for_writing"]

TITLE_MAXIMUM = 500
SHORT_MAXIMUM = 200
BODY_MAXIMUM = 200_000
AUTHORS_MAXIMUM = 20
URL_MAXIMUM = 2000


def _checked_url(url: str, *, site: SiteShape) -> str:
    if len(url) > URL_MAXIMUM:
        raise Refusal(RefusalCode.STORY_URL_REFUSED, field="url", limit=URL_MAXIMUM)
    try:
        return normalise_story_url(url, site.domains)
    except UrlRefused:
        raise Refusal(RefusalCode.STORY_URL_REFUSED, field="url") from None


def story_for_writing(*, site: SiteShape, key: str, url: str, now: datetime) -> Story:
    """The story with this key, made with this address if nobody has used the key yet. Inside a write transaction.

    Raises:
        Refusal: `story_key_invalid`; for a new story `story_url_missing` or `story_url_refused`.
    """
    check_story_key(key)
    found = Story.objects.filter(site_id=site.id, key=key).first()
    if found is not None:
        return found
    if not url.strip():
        raise Refusal(RefusalCode.STORY_URL_MISSING, field="story_url")
    try:
        checked = _checked_url(url, site=site)
    except Refusal as refusal:
        raise Refusal(refusal.code, field="story_url") from None
    story, _ = Story.objects.get_or_create(
        site_id=site.id,
        key=key,
        defaults={"url": checked, "created_at": now, "updated_at": now, "published_at": now},
    )
    return story


def _line(value: str, *, field: str, maximum: int) -> str:
    cleaned = " ".join(plain.clean(value).split())
    if len(cleaned) > maximum:
        raise Refusal(RefusalCode.FIELD_INVALID, field=field, limit=maximum)
    return cleaned


def save_story(
    *,
    site: SiteShape,
    key: str,
    url: str = "",
    title: str = "",
    body_source: str = "",
    body_format: str = "markdown",
    source_credit: str = "",
    section: str = "",
    authors: Sequence[str] = (),
    language: str = "",
    published_at: datetime | None = None,
    state: StoryState = StoryState.OPEN,
    closes_at: datetime | None = None,
    now: datetime,
    signed_at: datetime | None = None,
) -> StoryShape:
    """Publish a story or change it. A second call with the same values changes nothing that a reader sees.

    Args:
        body_source: Markdown, or HTML of which only what an article needs is kept.
        signed_at: when the publisher's system signed the call; an older one never overwrites a newer.

    Raises:
        Refusal: `story_key_invalid`, `story_url_refused`, `field_invalid`, `story_outdated`.
    """
    check_story_key(key)
    if body_format not in {"markdown", "html"}:
        raise Refusal(RefusalCode.FIELD_INVALID, field="body_format")
    if len(body_source) > BODY_MAXIMUM:
        raise Refusal(RefusalCode.FIELD_INVALID, field="body", limit=BODY_MAXIMUM)
    if len(authors) > AUTHORS_MAXIMUM:
        raise Refusal(RefusalCode.FIELD_INVALID, field="authors", limit=AUTHORS_MAXIMUM)
    if body_format == "markdown":
        source = plain.clean(body_source)
        html = markdown.render_story(source)
    else:
        source = body_source.replace("\x00", "")
        html = sanitise.story_html(source)
    values: dict[str, object] = {
        "url": _checked_url(url, site=site) if url.strip() else "",
        "title": _line(title, field="title", maximum=TITLE_MAXIMUM),
        "body_source": source,
        "body_format": body_format,
        "body_html": html,
        "source_credit": _line(source_credit, field="source_credit", maximum=SHORT_MAXIMUM),
        "section": _line(section, field="section", maximum=SHORT_MAXIMUM),
        "authors": [line for line in (_line(each, field="authors", maximum=SHORT_MAXIMUM) for each in authors) if line],
        "language": _line(language, field="language", maximum=16),
        "state": state.value,
        "closes_at": closes_at,
    }
    if published_at is not None:
        values["published_at"] = published_at
    with write_transaction():
        story, created = Story.objects.get_or_create(
            site_id=site.id,
            key=key,
            defaults={"published_at": now, **values, "created_at": now, "updated_at": now, "signed_at": signed_at},
        )
        story = lock_story(story.pk)
        if not created:
            if signed_at is not None and story.signed_at is not None and signed_at < story.signed_at:
                raise Refusal(RefusalCode.STORY_OUTDATED)
            changed = [name for name, value in values.items() if getattr(story, name) != value]
            for name in changed:
                setattr(story, name, values[name])
            if signed_at is not None:
                story.signed_at = signed_at
            if not changed:
                story.save(update_fields=["signed_at"])
                return story_shape(story, site=site, now=now)
            story.updated_at = now
        bump(story)
        story.save()
        outbox.record(StorySaved(site_id=site.id, story_id=story.pk))
    return story_shape(story, site=site, now=now)
