"""Word lists: entries with category and weight, and one automaton that finds all of them at once.

The list's language is a property of the entry; an entry whose form is an ordinary word of another language is
marked `language` and counts only in a sentence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING

from comity.screening.automaton import automaton_of
from comity.screening.disguise import skeleton_form
from comity.screening.folding import fold_word
from comity.screening.lexicon_file import Compiled, Entry, Groups, Kind, lists, read_compiled
from comity.screening.morphology import VERB_LANGUAGES, forms_of

if TYPE_CHECKING:
    import ahocorasick_rs

__all__ = ["Entry", "Lexicon", "LexiconError", "read_entries", "shipped_entries", "shipped_lexicon"]

_WORDS = re.compile(r"[^\W_]+|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_OPTIONAL = re.compile(r"\(([^()]*)\)")
FLAGS = frozenset({"accent", "language", "plain", "start"})

_INNER_LETTERS = 5
"""Fewest letters of what is looked for where word borders were lost."""
_GLUED_LETTERS = 9
_MASKED_WEIGHT = 0.5
_MASKED_TRIED = 64
_WORDS_REMEMBERED = 4096
_LONGEST_REMEMBERED = 40
_FOREIGN = "\u0300"
"""From here on a letter is not Latin."""

_ARABIC_PREFIXES = ("", "ال", "وال", "و", "يا ", "بال", "لل")
_HEBREW_PREFIXES = ("", "ה", "ו", "של ה", "ל", "ב", "וה", "לה", "ש")
_PREFIXES = {"ar": _ARABIC_PREFIXES, "he": _HEBREW_PREFIXES}
_FEW_PREFIXES = {"ar": ("", "و", "ال"), "he": ("", "ו", "ש", "ה")}
"""For small words and verbs."""
_NAMING = ("class:group.", "class:dehuman", "class:insultable", "class:people")
"""Classes of nouns, which take every prefix."""


class LexiconError(ValueError):
    """A word list cannot be read; the message names the line."""


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


@cache
def shipped_lexicon() -> Lexicon:
    """The shipped entries, compiled at first use: a process that screens nothing pays nothing."""
    compiled = read_compiled()
    return Lexicon(shipped_entries()) if compiled is None else Lexicon(compiled=compiled)


def _sorted_out(entries: Iterable[Entry]) -> Compiled:
    words: dict[tuple[str, str], set[str]] = {}
    kinds: dict[Kind, int] = {}
    by_form: dict[str, list[int]] = {}
    for entry in entries:
        if entry.category.startswith("words:"):
            words.setdefault((entry.language, entry.category[6:]), set()).add(entry.form)
            continue
        kind = (entry.category, entry.weight, entry.language, entry.flags, entry.written)
        by_form.setdefault(entry.form, []).append(kinds.setdefault(kind, len(kinds)))
    return Compiled(
        list(by_form),
        list(kinds),
        [" ".join(map(str, numbers)) for numbers in by_form.values()],
        {key: frozenset(forms) for key, forms in words.items()},
    )


class Lexicon:
    """Entries compiled into automata; a search costs the text's length, whatever the number of entries."""

    def __init__(self, entries: Iterable[Entry] = (), *, compiled: Compiled | None = None) -> None:
        """From entries, or from what `compiled` gave for them."""
        found = _sorted_out(entries) if compiled is None else compiled
        self._compiled = found
        self._words = found.words
        self._forms = found.forms
        self._glued_known: dict[str, tuple[int, ...]] = {}
        self.groups = Groups(found)
        self._latin = [number for number, form in enumerate(found.forms) if form.isascii() or max(form) < _FOREIGN]
        self._plain = automaton_of([f" {found.forms[number]} " for number in self._latin])

    def compiled(self) -> Compiled:
        """The entries worked out, for a file."""
        return self._compiled

    @cached_property
    def _plain_foreign(self) -> tuple[ahocorasick_rs.AhoCorasick | None, list[int]]:
        """Forms with letters that are not Latin, compiled at the first text that has some."""
        latin = set(self._latin)
        numbers = [number for number in range(len(self._forms)) if number not in latin]
        return automaton_of([f" {self._forms[number]} " for number in numbers]), numbers

    def each_form(self) -> Iterator[tuple[str, str, str]]:
        """(form, category, language) of every entry, and of the small words with the category `words:NAME`."""
        kinds = self._compiled.kinds
        for form, numbers in zip(self._forms, self._compiled.groups, strict=True):
            for number in numbers.split():
                category, _, language, *_ = kinds[int(number)]
                yield form, category, language
        for (language, name), forms in self._words.items():
            for form in sorted(forms):
                yield form, f"words:{name}", language

    def _speaks(self, number: int) -> bool:
        """Whether a form says something by itself: one that is a part of statements only does not."""
        return any(not category.startswith("class:") for category, *_ in self._kinds_of(number))

    def _kinds_of(self, number: int) -> list[Kind]:
        """Of a form's entries; those of most forms are never made."""
        kinds = self._compiled.kinds
        return [kinds[int(kind)] for kind in self._compiled.groups[number].split()]

    def words(self, language: str, name: str) -> frozenset[str]:
        """The small words of a language that a list names `= words:NAME`."""
        return self._words.get((language, name), frozenset())

    def find_plain(self, stream: str) -> Iterator[tuple[int, int, int]]:
        """(group, start, end) in a stream of folded words."""
        searched = [(self._plain, self._latin)]
        if not stream.isascii() and max(stream) >= _FOREIGN:
            searched.append(self._plain_foreign)
        for automaton, numbers in searched:
            if automaton:
                for number, start, end in automaton.find_matches_as_indexes(stream, overlapping=True):
                    yield numbers[number], start, end

    @cached_property
    def _skeleton(self) -> tuple[ahocorasick_rs.AhoCorasick | None, list[list[int]]]:
        """Compiled at the first text in disguise, like the two below."""
        groups: dict[str, list[int]] = {}
        for number, form in enumerate(self._forms):
            groups.setdefault(skeleton_form(form), []).append(number)
        return automaton_of([f" {form} " for form in groups]), list(groups.values())

    @cached_property
    def _inner(self) -> tuple[ahocorasick_rs.AhoCorasick | None, list[list[int]]]:
        groups: dict[str, list[int]] = {}
        for number, form in enumerate(self._forms):
            bare = skeleton_form(form.replace(" ", ""))
            if len(bare) >= _INNER_LETTERS and self._speaks(number):
                groups.setdefault(bare, []).append(number)
        return automaton_of(list(groups)), list(groups.values())

    @cached_property
    def _glued(self) -> tuple[ahocorasick_rs.AhoCorasick | None, list[int]]:
        numbers = {
            form.replace(" ", ""): number
            for number, form in enumerate(self._forms)
            if form.count(" ") and len(form) - form.count(" ") >= _GLUED_LETTERS and self._speaks(number)
        }
        return automaton_of(list(numbers)), list(numbers.values())

    def glued_in(self, word: str) -> tuple[int, ...]:
        """Groups of the phrases written as one word, as a hashtag for instance, or a part of one; remembered, since
        most long words are met again and hold none."""
        found = self._glued_known.get(word)
        if found is None:
            automaton, groups = self._glued
            matches = automaton.find_matches_as_indexes(word, overlapping=True) if automaton else ()
            found = tuple(groups[number] for number, _, _ in matches)
            if len(self._glued_known) >= _WORDS_REMEMBERED:
                self._glued_known = {}
            if len(word) <= _LONGEST_REMEMBERED:
                self._glued_known[word] = found
        return found

    @cached_property
    def _masked(self) -> dict[tuple[str, str, int], list[int]]:
        found: dict[tuple[str, str, int], list[int]] = {}
        for number, form in enumerate(self._forms):
            if " " not in form and len(form) >= 3 and self._kinds_of(number)[0][1] >= _MASKED_WEIGHT:
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
