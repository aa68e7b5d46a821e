"""Word lists: entries with category and weight, and one automaton that finds all of them at once.

The list's language is a property of the entry; an entry whose form is an ordinary word of another language is
marked `language` and counts only in a sentence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

import ahocorasick_rs

from comity.screening.disguise import skeleton_form
from comity.screening.folding import fold_word
from comity.screening.morphology import VERB_LANGUAGES, forms_of

__all__ = ["LANGUAGES", "Entry", "Lexicon", "LexiconError", "read_entries", "shipped_entries", "shipped_lexicon"]

LANGUAGES = ("fr", "en", "he", "ar", "es", "de")
_WORDS = re.compile(r"[^\W_]+|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_OPTIONAL = re.compile(r"\(([^()]*)\)")
FLAGS = frozenset({"accent", "language", "plain", "start"})

_INNER_LETTERS = 5
"""Fewest letters of what is looked for where word borders were lost."""
_GLUED_LETTERS = 9
_MASKED_WEIGHT = 0.5
_MASKED_TRIED = 64

_ARABIC_PREFIXES = ("", "ال", "وال", "و", "يا ", "بال", "لل")
_HEBREW_PREFIXES = ("", "ה", "ו", "של ה", "ל", "ב", "וה", "לה", "ש")
_PREFIXES = {"ar": _ARABIC_PREFIXES, "he": _HEBREW_PREFIXES}
_FEW_PREFIXES = {"ar": ("", "و", "ال"), "he": ("", "ו", "ש", "ה")}
"""For small words and verbs."""
_NAMING = ("class:group.", "class:dehuman", "class:insultable", "class:people")
"""Classes of nouns, which take every prefix."""


class LexiconError(ValueError):
    """A word list cannot be read; the message names the line."""


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
    data = resources.files("comity.screening").joinpath("data")
    entries: list[Entry] = []
    for folder in ("lexicon", "frames"):
        for language in (*LANGUAGES, "any"):
            path = data.joinpath(f"{folder}/{language}.txt")
            if path.is_file():
                entries.extend(read_entries(path.read_text("utf-8"), language))
    return tuple(entries)


@cache
def shipped_lexicon() -> Lexicon:
    """The shipped entries, compiled at first use: a process that screens nothing pays nothing."""
    return Lexicon(shipped_entries())


class Lexicon:
    """Entries compiled into automata; a search costs the text's length, whatever the number of entries."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        by_form: dict[str, list[Entry]] = {}
        words: dict[tuple[str, str], set[str]] = {}
        for entry in entries:
            if entry.category.startswith("words:"):
                words.setdefault((entry.language, entry.category[6:]), set()).add(entry.form)
            else:
                by_form.setdefault(entry.form, []).append(entry)
        self._words = {key: frozenset(forms) for key, forms in words.items()}
        self.groups: tuple[tuple[Entry, ...], ...] = tuple(tuple(group) for group in by_form.values())
        self._forms = list(by_form)
        self._plain = _automaton([f" {form} " for form in self._forms])

    def _speaks(self, number: int) -> bool:
        """Whether a form says something by itself: one that is a part of statements only does not."""
        return any(not entry.category.startswith("class:") for entry in self.groups[number])

    def words(self, language: str, name: str) -> frozenset[str]:
        """The small words of a language that a list names `= words:NAME`."""
        return self._words.get((language, name), frozenset())

    def find_plain(self, stream: str) -> Sequence[tuple[int, int, int]]:
        """(group, start, end) in a stream of folded words."""
        return self._plain.find_matches_as_indexes(stream, overlapping=True) if self._plain else ()

    @cached_property
    def _skeleton(self) -> tuple[ahocorasick_rs.AhoCorasick | None, list[list[int]]]:
        """Compiled at the first text in disguise, like the two below."""
        groups: dict[str, list[int]] = {}
        for number, form in enumerate(self._forms):
            groups.setdefault(skeleton_form(form), []).append(number)
        return _automaton([f" {form} " for form in groups]), list(groups.values())

    @cached_property
    def _inner(self) -> tuple[ahocorasick_rs.AhoCorasick | None, list[list[int]]]:
        groups: dict[str, list[int]] = {}
        for number, form in enumerate(self._forms):
            bare = skeleton_form(form.replace(" ", ""))
            if len(bare) >= _INNER_LETTERS and self._speaks(number):
                groups.setdefault(bare, []).append(number)
        return _automaton(list(groups)), list(groups.values())

    @cached_property
    def _glued(self) -> tuple[ahocorasick_rs.AhoCorasick | None, list[int]]:
        numbers = {
            form.replace(" ", ""): number
            for number, form in enumerate(self._forms)
            if form.count(" ") and len(form) - form.count(" ") >= _GLUED_LETTERS and self._speaks(number)
        }
        return _automaton(list(numbers)), list(numbers.values())

    def find_glued(self, stream: str) -> Iterator[tuple[int, int, int]]:
        """(group, start, end) of phrases written as one word, hashtags for instance, in a stream of folded words."""
        automaton, groups = self._glued
        if automaton:
            for number, start, end in automaton.find_matches_as_indexes(stream, overlapping=True):
                yield groups[number], start, end

    @cached_property
    def _masked(self) -> dict[tuple[str, str, int], list[int]]:
        found: dict[tuple[str, str, int], list[int]] = {}
        for number, form in enumerate(self._forms):
            if " " not in form and len(form) >= 3 and self.groups[number][0].weight >= _MASKED_WEIGHT:
                found.setdefault((form[0], form[-1], len(form)), []).append(number)
        return found

    def find_skeleton(self, stream: str) -> Iterator[tuple[int, int, int]]:
        """(group, start, end) in a skeleton stream, between word borders."""
        automaton, groups = self._skeleton
        if automaton:
            for number, start, end in automaton.find_matches_as_indexes(stream, overlapping=True):
                for group in groups[number]:
                    yield group, start, end

    def find_inside(self, joined: str) -> Iterator[int]:
        """Groups of five letters or more that stand anywhere in letters whose word borders were lost."""
        automaton, groups = self._inner
        if automaton:
            for number, _, _ in automaton.find_matches_as_indexes(joined, overlapping=True):
                yield from groups[number]

    def find_masked(self, word: str) -> Iterator[int]:
        """Groups that a word with some letters starred out can stand for; at most 64 are tried."""
        if word[0] == "*" or word[-1] == "*":
            return
        for number in self._masked.get((word[0], word[-1], len(word)), ())[:_MASKED_TRIED]:
            form = self._forms[number]
            if all(mask in ("*", letter) for mask, letter in zip(word, form, strict=True)):
                yield number


def _automaton(patterns: list[str]) -> ahocorasick_rs.AhoCorasick | None:
    if not patterns:
        return None
    kind = ahocorasick_rs.Implementation.NoncontiguousNFA if len(patterns) > 20_000 else None
    return ahocorasick_rs.AhoCorasick(patterns, store_patterns=False, implementation=kind)
