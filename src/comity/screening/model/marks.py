"""Which scope each word stands in: quoted, denied, about a group, reported. The same marks in every language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources

from comity.screening.model.tokens import BOUNDARY, DISGUISED, Tokens

__all__ = ["GROUP", "MARK_COUNT", "NEGATED", "QUOTED", "SPEECH", "mark_words"]

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


def mark_words(tokens: Tokens) -> list[int]:
    """One sum of marks a word, in the order of `tokens.words`."""
    listed = _lists()
    words = tokens.words
    marks: list[int] = []
    reach = 0
    for word, given in zip(words, tokens.marks, strict=True):
        mark = listed.get(word, 0)
        if given:
            if given & BOUNDARY:
                mark |= CLAUSE_START
                reach = 0
            if given & DISGUISED:
                mark |= DISGUISE
        if reach:
            mark |= NEGATED
            reach -= 1
        if mark & NEGATION or word.endswith("n't"):
            mark |= NEGATION
            reach = _NEGATION_REACH
        if word == "?":
            mark |= QUESTION
        marks.append(mark)
    if '"' in words or "«" in words or "'" in words:
        _quoted(words, marks)
    if "?" in words:
        # A question colours its whole text: the sign stands at the end, the model reads from the start.
        marks = [mark | QUESTION for mark in marks]
    return marks
