"""Words as they are searched: without case, accents and vowel points, and found again in the text as it stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["TERMS_MAXIMUM", "Piece", "excerpt_around", "marked", "terms_of", "words_of"]

TERMS_MAXIMUM = 8
"""Terms of one search; more are left out."""
WORD_MAXIMUM = 64
"""Characters of a word that are kept; nobody types more of one."""
_CLOSING = " \u00a0\u202f,;:.!?…)]»”’،؛؟"
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text, and whether it is a word that was searched."""

    text: str
    found: bool


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each word: letters and digits with the marks upon them."""
    start: int | None = None
    for index, character in enumerate(text):
        if character.isalnum() or (start is not None and _is_mark(character)):
            start = index if start is None else start
        elif start is not None:
            yield start, index
            start = None
    if start is not None:
        yield start, len(text)


def _folded(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold().translate(_LIGATURES))
    bare = "".join(character for character in apart if character.isalnum()).casefold()
    return bare[:WORD_MAXIMUM]


def words_of(text: str) -> str:
    """The text's words folded, with a space between: what the index holds."""
    folded = (_folded(text[start:end]) for start, end in _words(text))
    return " ".join(word for word in folded if word)


def terms_of(query: str) -> tuple[str, ...]:
    """The folded words of a search, each once, at most `TERMS_MAXIMUM`. Each stands for all words that begin so."""
    return tuple(dict.fromkeys(words_of(query).split()))[:TERMS_MAXIMUM]


def marked(text: str, terms: Sequence[str]) -> tuple[Piece, ...]:
    """The text in pieces: the words that one of the terms begins, and what is between. Joined they are the text."""
    pieces: list[Piece] = []
    end_before = 0
    for start, end in _words(text):
        folded = _folded(text[start:end])
        if folded and any(folded.startswith(term) for term in terms):
            if start > end_before:
                pieces.append(Piece(text[end_before:start], found=False))
            pieces.append(Piece(text[start:end], found=True))
            end_before = end
    if end_before < len(text):
        pieces.append(Piece(text[end_before:], found=False))
    return tuple(pieces)


def excerpt_around(text: str, terms: Sequence[str], *, length: int) -> str:
    """About `length` characters of the text on one line, the first word found among them; cut between words, with an
    ellipsis where something is left out."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    pieces = marked(line, terms)
    place = 0
    for piece in pieces:
        if piece.found:
            break
        place += len(piece.text)
    else:
        place = 0
    start = max(0, min(place - length // 3, len(line) - length))
    if start:
        start = line.find(" ", start, place + 1) + 1 or start
    end = min(len(line), start + length)
    if end < len(line):
        space = line.rfind(" ", place + 1, end)
        end = space if space > start else end
    shown = line[start:end].strip()
    if start:
        shown = shown.lstrip(_CLOSING)  # what ended the words left out begins nothing
    return ("…" if start else "") + shown + ("…" if end < len(line) else "")
