"""Word lists that are searched: the shipped ones, and those that a newsroom gives while the program runs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, Protocol

from comity.screening.automaton import automaton_of
from comity.screening.disguise import Skeleton, skeleton_form
from comity.screening.entries import Entry, LexiconError, read_entries, shipped_entries
from comity.screening.lexicon_file import read_shipped
from comity.screening.normalise import PreparedText
from comity.screening.word_book import Match, WordBook

if TYPE_CHECKING:
    import ahocorasick_rs

__all__ = ["Entry", "Lexicon", "LexiconError", "WordLists", "read_entries", "shipped_entries", "shipped_lexicon"]

_INNER_LETTERS = 5
"""Fewest letters of what is looked for where word borders were lost."""
_GLUED_LETTERS = 9
_MASKED_WEIGHT = 0.5
_MASKED_TRIED = 64


class _Groups(Protocol):
    def __getitem__(self, number: int, /) -> tuple[Entry, ...]: ...


class WordLists(Protocol):
    """Entries that can be found in a text."""

    @property
    def groups(self) -> _Groups:
        """The entries of each form by its number."""

    def find_plain(self, text: PreparedText) -> Iterable[Match]:
        """Every form in the words of a text, as they stand there."""

    def find_skeleton(self, skeleton: Skeleton) -> Iterable[Match]:
        """Every form in the words of a skeleton."""

    def find_inside(self, joined: str) -> Iterable[int]:
        """Forms of five letters or more that stand anywhere in letters whose word borders were lost."""

    def find_masked(self, word: str) -> Iterable[int]:
        """Forms that a word with some letters starred out can stand for; at most 64 are tried."""

    def glued_in(self, word: str) -> Iterable[int]:
        """Phrases written as one word, as a hashtag for instance, or a part of one."""


@cache
def shipped_lexicon() -> WordBook:
    """The shipped entries, read at first use: a process that screens nothing pays nothing."""
    return WordBook(read_shipped())


class Lexicon:
    """Entries compiled into automata; a search costs the text's length, whatever the number of entries."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        by_form: dict[str, list[Entry]] = {}
        for entry in entries:
            by_form.setdefault(entry.form, []).append(entry)
        self._forms = list(by_form)
        self.groups = [tuple(group) for group in by_form.values()]
        self._plain = automaton_of([f" {form} " for form in self._forms])

    def _speaks(self, number: int) -> bool:
        """Whether a form says something by itself: one that is a part of statements only does not."""
        return any(not entry.category.startswith("class:") for entry in self.groups[number])

    def find_plain(self, text: PreparedText) -> Iterator[Match]:
        """Every form in the words of a text, as they stand there."""
        if self._plain is None:
            return
        stream, starts = text.stream, text.stream_starts
        for number, start, end in self._plain.find_matches_as_indexes(stream, overlapping=True):
            first = bisect_right(starts, start + 1) - 1
            yield number, first, first + stream.count(" ", start + 1, end - 1)

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

    @cached_property
    def _masked(self) -> dict[tuple[str, str, int], list[int]]:
        found: dict[tuple[str, str, int], list[int]] = {}
        for number, form in enumerate(self._forms):
            if " " not in form and len(form) >= 3 and self.groups[number][0].weight >= _MASKED_WEIGHT:
                found.setdefault((form[0], form[-1], len(form)), []).append(number)
        return found

    def find_skeleton(self, skeleton: Skeleton) -> Iterator[Match]:
        """Every form in the words of a skeleton."""
        automaton, groups = self._skeleton
        if automaton:
            for number, start, end in automaton.find_matches_as_indexes(skeleton.stream, overlapping=True):
                first, last = skeleton.words_at(start, end)
                for group in groups[number]:
                    yield group, first, last

    def find_inside(self, joined: str) -> Iterator[int]:
        """Forms of five letters or more that stand anywhere in letters whose word borders were lost."""
        automaton, groups = self._inner
        if automaton:
            for number, _, _ in automaton.find_matches_as_indexes(joined, overlapping=True):
                yield from groups[number]

    def glued_in(self, word: str) -> Iterator[int]:
        """Phrases written as one word, as a hashtag for instance, or a part of one."""
        automaton, groups = self._glued
        if automaton:
            for number, _, _ in automaton.find_matches_as_indexes(word, overlapping=True):
                yield groups[number]

    def find_masked(self, word: str) -> Iterator[int]:
        """Forms that a word with some letters starred out can stand for; at most 64 are tried."""
        if word[0] == "*" or word[-1] == "*":
            return
        for number in self._masked.get((word[0], word[-1], len(word)), ())[:_MASKED_TRIED]:
            form = self._forms[number]
            if all(mask in ("*", letter) for mask, letter in zip(word, form, strict=True)):
                yield number
