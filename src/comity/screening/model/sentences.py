"""Where the sentences of a text lie, each with the quotation marks that open before its first word."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.screening.normalise import PreparedText

__all__ = ["sentence_places"]

_OPENING = "«“‹„("
_STRAIGHT = "\"'"


def sentence_places(text: PreparedText) -> list[tuple[int, int]]:
    """Start and end of each of `text.sentences` in the original text; together they cover all of it."""
    raw = text.raw
    starts: list[int] = []
    before = 0
    for number, (first, last) in enumerate(text.sentences):
        word = place = text.word_span(first)[0]
        while place > before:
            sign = raw[place - 1]
            # A straight mark opens when it touches the word and follows a blank.
            straight = (
                sign in _STRAIGHT and raw[place - 2 : place - 1].isspace() and not raw[place:word].strip(_STRAIGHT)
            )
            if not (straight or sign in _OPENING or sign.isspace()):
                break
            place -= 1
        starts.append(place if number else 0)
        before = text.word_span(last)[1]
    return list(zip(starts, [*starts[1:], len(raw)], strict=False))
