"""Numbers, times and names as readers see them, in the language in force (`translation.override`)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache

from django.utils import timezone, translation
from django.utils.dateformat import format as format_moment
from django.utils.dateformat import time_format as format_time
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext

from comity.queries.shapes import CommentShape, OwnComment
from comity.web.numbers import direction, number

__all__ = [
    "HUES",
    "count_text",
    "day",
    "direction",
    "hue",
    "initial",
    "left_line",
    "moment",
    "names_line",
    "number",
    "plural_forms",
    "replies_line",
    "rest_line",
    "stamp",
    "until",
]

HUES = 12
"""How many colours the marks beside names have; the style sheet knows as many."""
_VOWELS = frozenset("aeiouyàâäæéèêëîïôöœùûü")


def count_text(count: int, language: str | None = None) -> str:
    """How many comments, with the language's plural: `0 commentaire`, `2 commentaires`.

    Args:
        language: None for the language in force.
    """
    with translation.override(language or get_language()):
        return ngettext("%(count)s comment", "%(count)s comments", count) % {"count": number(count)}


_PLURAL_SAMPLES = (("zero", 0), ("one", 1), ("two", 2), ("few", 3), ("many", 11), ("other", 100))
"""The categories of CLDR, each with a number that is of it in every language which has it."""


def plural_forms(line: str) -> tuple[tuple[str, str], ...]:
    """A line in each of the language's plural forms, by CLDR category, with `{n}` for the number: for scripts, which
    count by `Intl`.

    Args:
        line: `fresh`, so many new comments have come.
    """
    if line != "fresh":
        raise ValueError(line)
    return tuple(
        (category, ngettext("%(count)s new comment", "%(count)s new comments", sample) % {"count": "{n}"})
        for category, sample in _PLURAL_SAMPLES
    )


def day(value: datetime) -> str:
    """The full date without the time, in the server's time zone."""
    return _format(value, pgettext("date", "F j, Y"))


def moment(value: datetime) -> str:
    """The full date and time, in the server's time zone."""
    return _format(value, pgettext("date and time", r"F j, Y \a\t g:i a"))


def _format(value: datetime, pattern: str) -> str:
    local = timezone.localtime(value)
    language = get_language() or ""
    day_of = _day_with_marks(language, pattern, local.date())
    return _TIME_MARK.sub(lambda found: _clock(language, found[1], local.hour, local.minute), day_of)


_TIME = re.compile(r"(\\.)|([aAgGhHiP])")
_TIME_MARK = re.compile("\ue000(.)")


@lru_cache(maxsize=2048)
def _day_with_marks(language: str, pattern: str, day_of: date) -> str:
    """The pattern filled in, except for the time: a thread has hundreds of moments and few days."""
    if language.startswith("fr") and day_of.day == 1:
        pattern = pattern.replace("j", r"j\e\r", 1)  # the first of the month alone is an ordinal in French
    return format_moment(day_of, _TIME.sub(lambda found: found[1] or f"\\\ue000\\{found[2]}", pattern))


@lru_cache(maxsize=8192)
def _clock(language: str, part: str, hour: int, minute: int) -> str:  # noqa: ARG001 - part of the key, as above
    return format_time(time(hour, minute), part)


def until(own: OwnComment) -> str:
    """Until when a comment may be changed; the time alone when that is on the day it was written."""
    end = own.editable_until
    if end is None:
        return ""
    if timezone.localtime(end).date() == timezone.localtime(own.comment.created_at).date():
        return gettext("until %(time)s") % {"time": _format(end, pgettext("time", "g:i a"))}
    return pgettext("with a date", "until %(time)s") % {"time": moment(end)}


def stamp(value: datetime) -> str:
    """The moment for machines: UTC, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def initial(name: str) -> str:
    """What the mark beside a name shows: its first letter or digit."""
    return next((character.upper() for character in name if character.isalnum()), "·")


def hue(name: str) -> int:
    """Which colour the mark beside a name has: always the same for the same name."""
    return zlib.crc32(name.casefold().encode()) % HUES


def _descendants(comment: CommentShape) -> Iterator[CommentShape]:
    for reply in comment.replies:
        yield reply
        yield from _descendants(reply)


def replies_line(comment: CommentShape) -> SafeString:
    """What stands for a folded branch: `4 replies from A, B and 2 others`. Counts only what can be read."""
    shown = [each for each in _descendants(comment) if each.is_published]
    names = list(dict.fromkeys(each.author_name for each in shown))
    return _replies_from(get_language() or "", len(shown) + comment.replies_left, tuple(names[:2]), len(names))


@lru_cache(maxsize=2048)
def _replies_from(language: str, count: int, names: tuple[str, ...], authors: int) -> SafeString:  # noqa: ARG001 - part of the key: the words are those of the language in force
    if not names:
        line = ngettext("%(count)s reply", "%(count)s replies", count)
        return format_html("{}", line % {"count": number(count)})
    if names[0][:1].casefold() in _VOWELS:
        line = npgettext("the first name begins with a vowel", "%(count)s reply from", "%(count)s replies from", count)
    else:
        line = ngettext("%(count)s reply from", "%(count)s replies from", count)
    return format_html("{}{}", _before_name(line % {"count": number(count)}), names_line(names, authors))


def _before_name(text: str) -> str:
    """A space goes between the words and the name, except after an elision: `2 réponses d’Anne`."""
    return text if text.endswith("’") else f"{text} "


def names_line(names: Sequence[str], authors: int | None = None) -> SafeString:
    """Up to two names, each kept apart from the direction of what stands around it, and how many more there are.

    Args:
        authors: how many there are in all, where not every name is given.
    """
    authors = len(names) if authors is None else authors
    first, *further = (format_html("<bdi>{}</bdi>", name) for name in names[:2])
    if not further:
        return first
    if authors == 2:
        return _filled(gettext("%(first)s and %(second)s"), first=first, second=further[0])
    others = authors - 2
    line = ngettext("%(first)s, %(second)s and %(count)s other", "%(first)s, %(second)s and %(count)s others", others)
    return _filled(line, first=first, second=further[0], count=number(others))


def rest_line(left: int) -> str:
    """What leads to the replies that a page leaves out."""
    return ngettext("Show %(shown)s more reply", "Show %(shown)s more replies", left) % {"shown": number(left)}


def left_line(left: int) -> str:
    """How many comments of the first level come after this page."""
    return ngettext("%(shown)s left", "%(shown)s left", left) % {"shown": number(left)}


def _filled(line: str, **values: str) -> SafeString:
    """The sentence with its values, which keep their markup if they have any."""
    return format_html(escape(line).replace("%(", "{").replace(")s", "}"), **values)
