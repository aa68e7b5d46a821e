"""A story in a file: Markdown after a TOML head between two lines of three plus signs, or JSON."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

__all__ = ["StoryFile", "StoryFileError", "read_story"]

FENCE = "+++"


class StoryFileError(Exception):
    """The file is no story; the message says why, without quoting it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFile:
    """What `actions.stories.save_story` takes, as a file gives it. Times are in UTC."""

    key: str
    url: str = ""
    title: str = ""
    body_source: str = ""
    body_format: str = "markdown"
    source_credit: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    published_at: datetime | None = None
    state: str = "open"
    closes_at: datetime | None = None


_TEXTS = ("key", "url", "title", "body_format", "source_credit", "section", "language", "state")
_TIMES = ("published_at", "closes_at")
_KNOWN = {*_TEXTS, *_TIMES, "authors", "body"}


def read_story(text: str) -> StoryFile:
    """The story in the text of a file.

    Raises:
        StoryFileError: neither form, an unknown member, or a value of the wrong kind.
    """
    stripped = text.lstrip("\ufeff \r\n\t")
    if stripped.startswith("{"):
        try:
            values = json.loads(stripped)
        except (ValueError, RecursionError) as error:
            raise StoryFileError(f"not JSON: line {getattr(error, 'lineno', '?')}") from None
        return _story(values)
    lines = stripped.splitlines()
    if not lines or lines[0].strip() != FENCE or FENCE not in (line.strip() for line in lines[1:]):
        raise StoryFileError(f"it begins neither with {{ nor with a head between lines of {FENCE}")
    end = next(number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE)
    try:
        values = tomllib.loads("\n".join(lines[1:end]))
    except tomllib.TOMLDecodeError as error:
        raise StoryFileError(f"its head is not TOML: {error}") from None
    if "body" in values:
        raise StoryFileError("its body stands below the head, not in it")
    return _story({**values, "body": "\n".join(lines[end + 1 :]).strip()})


def _story(values: Mapping[str, object]) -> StoryFile:
    unknown = sorted(set(values) - _KNOWN)
    if unknown:
        raise StoryFileError(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(_KNOWN))}")
    texts: dict[str, str] = {}
    for name in (*_TEXTS, "body"):
        value = values.get(name, "")
        if not isinstance(value, str):
            raise StoryFileError(f"{name} must be a text")
        if value:
            texts[name] = value
    if "key" not in texts:
        raise StoryFileError("it has no key")
    if texts.get("body_format", "markdown") not in {"markdown", "html"}:
        raise StoryFileError("body_format is markdown or html")
    if texts.get("state", "open") not in {"open", "pre_moderated", "closed"}:
        raise StoryFileError("state is open, pre_moderated or closed")
    authors = values.get("authors", [])
    if not isinstance(authors, list) or not all(isinstance(each, str) for each in authors):
        raise StoryFileError("authors must be a list of texts")
    body = texts.pop("body", "")
    times = {name: _time(name, values[name]) for name in _TIMES if values.get(name) is not None}
    return StoryFile(**texts, **times, body_source=body, authors=tuple(authors))  # type: ignore[arg-type]  # each value was checked under its name


def _time(name: str, value: object) -> datetime:
    """A moment; without an offset, of UTC; a date is its midnight."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise StoryFileError(f"{name} must be a time such as 2026-05-01T12:00:00Z") from None
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC)
    raise StoryFileError(f"{name} must be a time such as 2026-05-01T12:00:00Z")
