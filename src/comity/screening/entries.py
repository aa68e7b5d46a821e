"""Reads word lists: entries with category and weight, from a format that people write.

The list's language is a property of the entry; an entry whose form is an ordinary word of another language is
marked `language` and counts only in a sentence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from comity.screening.folding import fold_word
from comity.screening.morphology import VERB_LANGUAGES, forms_of

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["Entry", "Kind", "LexiconError", "lists", "read_entries", "shipped_entries"]

Kind = tuple[str, float, str, frozenset[str], str]
"""Category, weight, language, flags and spelling of an entry."""

_FOLDERS = ("lexicon", "frames")
_LANGUAGES = ("fr", "en", "he", "ar", "es", "de", "any")
_WORDS = re.compile(r"[^\W_]+|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_OPTIONAL = re.compile(r"\(([^()]*)\)")
FLAGS = frozenset({"accent", "language", "plain", "start"})

_ARABIC_PREFIXES = ("", "ال", "وال", "و", "يا ", "بال", "لل")
_HEBREW_PREFIXES = ("", "ה", "ו", "של ה", "ל", "ב", "וה", "לה", "ש")
_PREFIXES = {"ar": _ARABIC_PREFIXES, "he": _HEBREW_PREFIXES}
_FEW_PREFIXES = {"ar": ("", "و", "ال"), "he": ("", "ו", "ש", "ה")}
"""For small words and verbs."""
_NAMING = ("class:group.", "class:dehuman", "class:insultable", "class:people")
"""Classes of nouns, which take every prefix."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One form: what it is, how much it weighs by itself and where it counts."""

    form: str
    """As it is searched: folded words with single spaces."""
    category: str
    """A category of findings, `exception` (takes away what it covers), `class:...` (a part of statements),
    `words:...` (small words that may stand inside a statement; not searched for), or `watch:...`."""
    weight: float
    language: str
    flags: frozenset[str] = frozenset()
    written: str = ""
    """As it stands in the list, where the accents count."""


class LexiconError(ValueError):
    """A word list cannot be read; the message names the line."""


def lists() -> Iterator[tuple[str, Traversable]]:
    """Language and file of each list, in their order."""
    data = resources.files("comity.screening").joinpath("data")
    for folder in _FOLDERS:
        for language in _LANGUAGES:
            path = data.joinpath(f"{folder}/{language}.txt")
            if path.is_file():
                yield language, path


def read_entries(text: str, language: str) -> Iterator[Entry]:
    """Entries of one list: `= category weight flags` opens a section, then one entry a line with optional parts
    in parentheses.

    Raises:
        LexiconError: a line cannot be read.
    """
    category, weight, flags = "", 0.0, frozenset[str]()
    for number, line in enumerate(text.splitlines(), 1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("="):
            fields = line[1:].split()
            try:
                category, weight, flags = fields[0], float(fields[1]), frozenset(fields[2:])
            except (IndexError, ValueError) as error:
                raise LexiconError(f"line {number}: = category weight flags") from error
            if not 0 <= weight <= 1 or flags - FLAGS:
                raise LexiconError(f"line {number}: a weight from 0 to 1 and flags of {', '.join(sorted(FLAGS))}")
            continue
        if not category:
            raise LexiconError(f"line {number}: an entry before the first section")
        for one in line.split(","):
            for written in _expand(one.strip()) if "(" in one else _tidy(one):
                if category.startswith("verbs:"):
                    yield from _verb(written, category[6:], language, flags)
                    continue
                spelling = written if "accent" in flags else ""
                for form in _with_prefixes(written, language, category):
                    yield Entry(form, category, weight, language, flags, spelling)
                    if language == "fr" and form.endswith(" de"):  # before a vowel: d'
                        yield Entry(form[:-1], category, weight, language, flags, spelling)


def _tidy(written: str) -> list[str]:
    """One entry without optional parts, blanks single."""
    tidy = " ".join(written.split())
    return [tidy] if tidy else []


def _verb(infinitive: str, name: str, language: str, flags: frozenset[str]) -> Iterator[Entry]:
    if language not in VERB_LANGUAGES:
        raise LexiconError(f"no verb forms are known for the language {language}")
    for form_class, written in forms_of(infinitive, language):
        category = f"class:{name}.{form_class}"
        for form in _with_prefixes(written, language, category):
            yield Entry(form, category, 0.0, language, flags)


def _expand(written: str) -> list[str]:
    """Every reading of the optional parts: `chat(s)` is `chat` and `chats`, `(a|b) c` is `a c` and `b c`."""
    match = _OPTIONAL.search(written)
    if match is None:
        return _tidy(written)
    choices = match[1].split("|") if "|" in match[1] else ["", match[1]]
    return [form for choice in choices for form in _expand(written[: match.start()] + choice + written[match.end() :])]


def _with_prefixes(written: str, language: str, category: str) -> Iterable[str]:
    form = " ".join(_WORDS.findall(written.lower() if written.isascii() else fold_word(written)))
    if not form:
        return ()
    prefixes = _PREFIXES.get(language)
    if prefixes and category.startswith(("class:", "words:")) and not category.startswith(_NAMING):
        prefixes = _FEW_PREFIXES[language]
    return (form,) if prefixes is None else [prefix + form for prefix in prefixes]


@cache
def shipped_entries() -> tuple[Entry, ...]:
    """Every entry of the lists that come with Comity."""
    return tuple(entry for language, path in lists() for entry in read_entries(path.read_text("utf-8"), language))
