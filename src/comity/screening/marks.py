"""Where the shipped lists' entries stand in a text: found once, read by every detector that reasons on words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from comity.screening.disguise import Span
from comity.screening.lexicon import Entry, WordLists, shipped_lexicon
from comity.screening.normalise import PreparedText, kept

__all__ = ["Mark", "marks_in", "marks_of"]


_PLAIN_ONLY = frozenset({"plain", "accent", "language", "start"})
LONG_WORD = 9
"""Letters from which a word may be a phrase written as one."""


class Mark(NamedTuple):
    """One entry at one place."""

    first: int
    """Number of its first word in the text."""
    last: int
    entry: Entry
    span: Span
    """In raw code points."""
    disguised: bool


@kept
def marks_of(text: PreparedText) -> tuple[Mark, ...]:
    """The shipped entries in a text, in the order of their words, without those that an exception covers."""
    return marks_in(text, shipped_lexicon())


def marks_in(text: PreparedText, lexicon: WordLists) -> tuple[Mark, ...]:
    """The entries of a lexicon in a text, likewise."""
    found = _plain(text, lexicon)
    disguised = list(_disguised(text, lexicon))
    glued = list(_glued(text, lexicon))
    if disguised or glued:
        marks = {(mark.first, mark.last, mark.entry): mark for mark in disguised}
        marks.update({(mark.first, mark.last, mark.entry): mark for mark in found})
        for mark in glued:
            marks.setdefault((mark.first, mark.last, mark.entry), mark)
        found = list(marks.values())
    covered: dict[int, int] = {}
    for mark in found:
        if mark.entry.category == "exception":
            for word in range(mark.first, mark.last + 1):
                covered[word] = max(mark.last, covered.get(word, 0))
    if covered:
        found = [mark for mark in found if mark.entry.category != "exception" and not _is_excepted(mark, covered)]
    return tuple(sorted(found, key=lambda mark: (mark.first, -mark.last, mark.entry.category, mark.entry.form)))


def _is_excepted(mark: Mark, covered: dict[int, int]) -> bool:
    """Whether exceptions cover all words of a mark, or one goes on from its last word (`you are dead` + `dead right`).

    `covered` gives, for each word that exceptions cover, how far the longest of them reaches.
    """
    if covered.get(mark.last, -1) > mark.last:
        return True
    return all(word in covered for word in range(mark.first, mark.last + 1))


def _plain(text: PreparedText, lexicon: WordLists) -> list[Mark]:
    spans, offsets, groups = text.folded_spans, text.offsets, lexicon.groups
    found: list[Mark] = []
    for group, first, last in lexicon.find_plain(text):
        span = (spans[first][0], spans[last][1]) if offsets is None else text.word_span(first, last)
        for entry in groups[group]:
            flags = entry.flags
            if flags:
                if "language" in flags and not _in_its_language(text, first, entry):
                    continue
                if "start" in flags and first and text.sentence_of[first - 1] == text.sentence_of[first]:
                    continue
                if "accent" in flags and text.raw[span[0] : span[1]].casefold() != entry.written.casefold():
                    continue
            found.append(Mark(first, last, entry, span, False))
    return found


def _glued(text: PreparedText, lexicon: WordLists) -> Iterator[Mark]:
    for number, word in enumerate(text.words):
        if len(word) >= LONG_WORD:
            for group in lexicon.glued_in(word):
                for entry in lexicon.groups[group]:
                    if entry.flags.isdisjoint(_PLAIN_ONLY):
                        yield Mark(number, number, entry, text.word_span(number), True)


def _in_its_language(text: PreparedText, word: int, entry: Entry) -> bool:
    sentence = text.sentence_of[word]
    language = text.languages[sentence]
    if language != "und":
        return language == entry.language
    return text.may_be_in(sentence, entry.language) if text.hint is None else text.hint == entry.language


def _disguised(text: PreparedText, lexicon: WordLists) -> Iterator[Mark]:
    skeleton = text.skeleton
    if not skeleton.starts:
        return
    for group, first, last in lexicon.find_skeleton(skeleton):
        if any(skeleton.altered[first : last + 1]):
            yield from _at(text, lexicon, group, first, last)
    for number in skeleton.joined:
        start = skeleton.starts[number]
        joined = skeleton.stream[start : skeleton.stream.index(" ", start)]
        for group in sorted(set(lexicon.find_inside(joined))):
            yield from _at(text, lexicon, group, number, number)
    for number, word in skeleton.masked:
        for group in lexicon.find_masked(word):
            yield from _at(text, lexicon, group, number, number)


def _at(text: PreparedText, lexicon: WordLists, group: int, first: int, last: int) -> Iterator[Mark]:
    start, end = text.skeleton.spans[first][0], text.skeleton.spans[last][1]
    first_word, last_word = text.words_in(start, end)
    if first_word > last_word:
        return
    span = text.raw_span(start, end)
    for entry in lexicon.groups[group]:
        if entry.category == "exception" or entry.flags.isdisjoint(_PLAIN_ONLY):
            yield Mark(first_word, last_word, entry, span, True)
