"""What a posting must be like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.rules.hours import OfficeHours
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus, StoryState
from comity.text import plain
from comity.text.urls import UrlRefused, normalise_website

__all__ = [
    "Draft",
    "PostingTerms",
    "check_change",
    "check_draft",
    "check_email",
    "check_name",
    "check_parent",
    "check_story_key",
    "check_story_open",
    "check_text",
    "editable_until",
    "state_in_force",
    "written_at",
]

NAME_MAXIMUM = 80
EMAIL_MAXIMUM = 254
STORY_KEY_MAXIMUM = 200
LARGEST_STEP = timedelta(days=1)
"""A clock that seems further behind than this is believed: it was ahead when the newest comment was dated."""
_EMAIL = re.compile(
    r"[^\s\x00-\x1f\x7f@<>\"(),:;\\\[\]]{1,64}@"
    r"(?:[^\s\x00-\x1f\x7f@.<>\"(),:;\\\[\]-][^\s\x00-\x1f\x7f@.<>\"(),:;\\\[\]]{0,62}\.)+[^\s\x00-\x1f\x7f@.]{2,63}"
)
_STORY_KEY = re.compile(r"[^/\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingTerms:
    """What the site asks of a posting."""

    minimum: int
    maximum: int
    email_requirement: str
    website_field: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What someone wants to post, cleaned."""

    text: str
    author_name: str
    author_email: str
    author_website: str


def check_story_key(key: str) -> str:
    """The key itself if it can be one: 1 to 200 characters, no white space, slash or control character.

    Raises:
        Refusal: `story_key_invalid`.
    """
    if len(key) > STORY_KEY_MAXIMUM or not _STORY_KEY.fullmatch(key):
        raise Refusal(RefusalCode.STORY_KEY_INVALID, field="key", limit=STORY_KEY_MAXIMUM)
    return key


def _has_visible(text: str) -> bool:
    """Whether anything would be seen: marks, spaces and format characters alone are an empty text."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)


def check_text(text: str, *, minimum: int, maximum: int) -> str:
    """The text, cleaned, if its length is allowed. Lengths count code points of the cleaned source.

    Raises:
        Refusal: `text_empty`, `text_too_short`, `text_too_long`.
    """
    # Before cleaning, so that an endless text costs nothing; cleaning only shortens, normalisation at most triples.
    if len(text) > 4 * maximum + 1000:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field="text", limit=maximum, length=len(text))
    cleaned = plain.clean(text)
    length = len(cleaned)
    if not _has_visible(cleaned):
        raise Refusal(RefusalCode.TEXT_EMPTY, field="text")
    if length < minimum:
        raise Refusal(RefusalCode.TEXT_TOO_SHORT, field="text", limit=minimum, length=length)
    if length > maximum:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field="text", limit=maximum, length=length)
    return cleaned


def check_name(name: str, *, field: str = "author_name") -> str:
    """The name, cleaned to one line.

    Raises:
        Refusal: `name_missing`, `name_too_long`, `name_invalid` (nothing in it that can be read as a name).
    """
    if len(name) > 10 * NAME_MAXIMUM:
        raise Refusal(RefusalCode.NAME_TOO_LONG, field=field, limit=NAME_MAXIMUM)
    cleaned = " ".join(plain.clean(name).split())
    if not cleaned:
        raise Refusal(RefusalCode.NAME_MISSING, field=field)
    if len(cleaned) > NAME_MAXIMUM:
        raise Refusal(RefusalCode.NAME_TOO_LONG, field=field, limit=NAME_MAXIMUM)
    if not any(character.isalnum() for character in cleaned):
        raise Refusal(RefusalCode.NAME_INVALID, field=field)
    return cleaned


def check_email(email: str, requirement: str, *, field: str = "author_email") -> str:
    """The address, trimmed; empty where none is asked for.

    Args:
        requirement: `none`, `optional` or `required`.

    Raises:
        Refusal: `email_missing`, `email_invalid`.
    """
    cleaned = email.strip()
    if requirement == "none":
        return ""
    if not cleaned:
        if requirement == "required":
            raise Refusal(RefusalCode.EMAIL_MISSING, field=field)
        return ""
    if len(cleaned) > EMAIL_MAXIMUM or not _EMAIL.fullmatch(cleaned):
        raise Refusal(RefusalCode.EMAIL_INVALID, field=field)
    return cleaned


def _check_website(website: str, *, wanted: bool) -> str:
    if not wanted or not website.strip():
        return ""
    try:
        return normalise_website(website)
    except UrlRefused:
        raise Refusal(RefusalCode.WEBSITE_INVALID, field="author_website") from None


def check_draft(*, text: str, author_name: str, author_email: str, author_website: str, terms: PostingTerms) -> Draft:
    """The posting, cleaned.

    Raises:
        Refusal: the first field that the terms refuse, text first.
    """
    return Draft(
        text=check_text(text, minimum=terms.minimum, maximum=terms.maximum),
        author_name=check_name(author_name),
        author_email=check_email(author_email, terms.email_requirement),
        author_website=_check_website(author_website, wanted=terms.website_field),
    )


def state_in_force(
    *,
    state: StoryState,
    closes_at: datetime | None,
    published_at: datetime | None,
    close_after_days: int | None,
    pre_moderated_site: bool,
    office_hours: OfficeHours | None = None,
    now: datetime,
) -> StoryState:
    """The state a story is in now: its own, or closed once its time has come or the newsroom has, or pre-moderated with
    its site."""
    if office_hours is not None and not office_hours.are_open(now):
        return StoryState.CLOSED
    if state is StoryState.CLOSED or (closes_at is not None and now >= closes_at):
        return StoryState.CLOSED
    if (
        close_after_days is not None
        and published_at is not None
        and now >= published_at + timedelta(days=close_after_days)
    ):
        return StoryState.CLOSED
    return StoryState.PRE_MODERATED if pre_moderated_site else state


def check_story_open(state: StoryState) -> None:
    """Let a posting, an edit or a vote pass unless the story is closed.

    Raises:
        Refusal: `story_closed`.
    """
    if state is StoryState.CLOSED:
        raise Refusal(RefusalCode.STORY_CLOSED)


def check_parent(*, status: CommentStatus) -> None:
    """Let a reply pass if what it answers can be read.

    Raises:
        Refusal: `parent_not_published`.
    """
    if status is not CommentStatus.PUBLISHED:
        raise Refusal(RefusalCode.PARENT_NOT_PUBLISHED, field="parent_id")


def written_at(now: datetime, *, newest: datetime | None) -> datetime:
    """When a comment counts as written: now, and never before the newest comment of its story, since clocks are set
    back and readers page through comments by their time.

    Args:
        newest: of the comments published so far; None without any.
    """
    return newest if newest is not None and now < newest <= now + LARGEST_STEP else now


def editable_until(
    *,
    status: CommentStatus,
    created_at: datetime,
    window_seconds: int,
    reply_count: int,
    state: StoryState,
    now: datetime,
) -> datetime | None:
    """Until when its author may edit or withdraw a comment; None when that time is over or was ended by a reply."""
    until = created_at + timedelta(seconds=window_seconds)
    if status not in {CommentStatus.PUBLISHED, CommentStatus.HELD} or reply_count or now >= until:
        return None
    return None if state is StoryState.CLOSED else until


def check_change(
    *,
    status: CommentStatus,
    created_at: datetime,
    window_seconds: int,
    reply_count: int,
    state: StoryState,
    now: datetime,
) -> None:
    """Let an edit or a withdrawal by the author pass.

    Raises:
        Refusal: `comment_unknown` (already withdrawn), `transition_refused` (removed), `story_closed`,
            `edit_after_reply`, `edit_window_closed`.
    """
    if status is CommentStatus.WITHDRAWN:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    if status is CommentStatus.REMOVED:
        raise Refusal(RefusalCode.TRANSITION_REFUSED, status=status.value, move="edit")
    check_story_open(state)
    if reply_count:
        raise Refusal(RefusalCode.EDIT_AFTER_REPLY)
    if now >= created_at + timedelta(seconds=window_seconds):
        raise Refusal(RefusalCode.EDIT_WINDOW_CLOSED)
