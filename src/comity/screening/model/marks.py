"""Which scope each word stands in: quoted, denied, about a group, reported. The same marks in every language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, lru_cache, reduce
from importlib import resources
from operator import or_
from typing import NamedTuple

from comity.screening.model.tokens import (
    BOUNDARY,
    DISGUISED,
    LONGEST_WORD,
    SPACED,
    Tokens,
    cut,
    fold,
    repeats,
    tokenise,
)

__all__ = ["GROUP", "MARK_COUNT", "NEGATED", "QUOTED", "SPEECH", "MarkedWords", "mark_words", "marked_words"]

NEGATION, SPEECH, FIRST, SECOND, POSITIVE, OBSCENE, GROUP = 1, 2, 4, 8, 16, 32, 64
QUOTED, NEGATED, QUESTION, CLAUSE_START, DISGUISE = 128, 256, 512, 1024, 2048
MARK_COUNT = 12

_BITS = {
    "negation": NEGATION,
    "speech": SPEECH,
    "first": FIRST,
    "second": SECOND,
    "positive": POSITIVE,
    "obscene": OBSCENE,
    "group": GROUP,
}
_NEGATION_REACH = 6
_TOLD = ("!", "?")
"""Words that the next one may repeat."""
_REMEMBERED = 4096
_LONGEST_REMEMBERED = 24
_ODD = 1 << 30
_CLOSING = {"«": "»", '"': '"', "'": "'"}


@cache
def _lists() -> dict[str, int]:
    """Word -> sum of the marks of the lists that hold it."""
    text = resources.files("comity.screening").joinpath("data/model/scopes.json").read_text("utf-8")
    bits: dict[str, int] = {}
    for name, words in json.loads(text).items():
        for word in words.split():
            bits[word] = bits.get(word, 0) | _BITS[name]
    return bits


def _quoted(words: Sequence[str], marks: list[int]) -> None:
    """Mark what stands between quotation marks that are closed again."""
    place = 0
    while place < len(words):
        closing = _CLOSING.get(words[place])
        if closing is not None:
            try:
                end = words.index(closing, place + 1)
            except ValueError:
                place += 1
                continue
            for inner in range(place + 1, end):
                marks[inner] |= QUOTED
            place = end
        place += 1


def _alone(word: str, given: int) -> int:
    """A word's marks that hang on nothing beside it."""
    mark = _lists().get(word, 0)
    if given:
        if given & BOUNDARY:
            mark |= CLAUSE_START
        if given & DISGUISED:
            mark |= DISGUISE
    if word.endswith("n't"):
        mark |= NEGATION
    if word == "?":
        mark |= QUESTION
    return mark


def _in_scope(words: Sequence[str], alone: Sequence[int], seen: int) -> list[int]:
    """The marks with what other words add. `seen` is the sum of all `alone`."""
    marks = list(alone)
    if seen & NEGATION:
        reach = 0
        for place, mark in enumerate(alone):
            if mark & CLAUSE_START:
                reach = 0
            if reach:
                marks[place] |= NEGATED
                reach -= 1
            if mark & NEGATION:
                reach = _NEGATION_REACH
    if '"' in words or "«" in words or "'" in words:
        _quoted(words, marks)
    if seen & QUESTION:
        # A question colours its whole text: the sign stands at the end, the model reads from the start.
        marks = [mark | QUESTION for mark in marks]
    return marks


def mark_words(tokens: Tokens) -> list[int]:
    """One sum of marks a word, in the order of `tokens.words`."""
    alone = [_alone(word, given) for word, given in zip(tokens.words, tokens.marks, strict=True)]
    return _in_scope(tokens.words, alone, reduce(or_, alone, 0))


_Known = tuple[tuple[str, ...], tuple[int, ...], int, str, int, int]
"""What is remembered of characters between two blanks: their words; the marks of each; `BOUNDARY` or 0 for what comes
next; what that must know of the last word; the sum of all marks; how many words are single letters, `_ODD` where they
depend on what else the text holds."""


def _known(chunk: str, boundary: int, before: str) -> _Known:
    if chunk.isalpha() and chunk.isascii() and len(chunk) <= LONGEST_WORD and not repeats(chunk):
        mark = _alone(chunk, boundary)
        return (chunk,), (mark,), 0, "", mark, len(chunk) == 1
    piece = cut(chunk, boundary, before)
    words = piece.words
    alone = tuple(map(_alone, words, piece.marks))
    last = words[-1] if words else before
    singles = _ODD if piece.repeats or len(chunk) > LONGEST_WORD else piece.singles
    return words, alone, piece.boundary, last if last in _TOLD else "", reduce(or_, alone, 0), singles


_remembered = lru_cache(maxsize=_REMEMBERED)(_known)


def _are_apart(words: Sequence[str]) -> bool:
    """Whether `SPACED` single letters stand one after the other."""
    return "1" * SPACED in "".join(["1" if len(word) == 1 and word.isalnum() else "0" for word in words])


class MarkedWords(NamedTuple):
    """Words of a text and their marks."""

    words: Sequence[str]
    marks: list[int]


def marked_words(text: str) -> MarkedWords:
    """The words that `tokenise` gives and the marks that `mark_words` gives them, without their places: words met
    before are remembered."""
    words: list[str] = []
    alone: list[int] = []
    boundary, before, seen, singles = BOUNDARY, "", 0, 0
    for chunk in fold(text).split():
        some, more, boundary, before, bits, count = (_remembered if len(chunk) <= _LONGEST_REMEMBERED else _known)(
            chunk, boundary, before
        )
        words += some
        alone += more
        seen |= bits
        singles += count
    if singles < SPACED or (singles < _ODD and not _are_apart(words)):
        return MarkedWords(words, _in_scope(words, alone, seen))
    tokens = tokenise(text)
    return MarkedWords(tokens.words, mark_words(tokens))
