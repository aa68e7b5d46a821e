"""Cut a text into folded words, each with its place in the original.

The one normalisation that the model knows: training and use go through this function and no other, so that a change
in the engine's own normaliser can never invalidate the weights. A change *here* asks for a new training run.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["BOUNDARY", "DISGUISED", "LONGEST_WORD", "SPACED", "Piece", "Tokens", "cut", "fold", "repeats", "tokenise"]

BOUNDARY = 1
"""Mark of a word that follows a punctuation sign ending a clause."""
DISGUISED = 2
"""Mark of a word that was written to escape reading: spaced out, in figures, in another script's letters."""

LONGEST_WORD = 40
"""Letters of a word that are read."""
SPACED = 4
"""Single letters that may be a word whose letters were set apart."""

_INVISIBLE = frozenset({0x00AD, 0x034F, 0x061C, 0x0640, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0})
_QUOTES = dict.fromkeys("“”„‟″〝〞＂", '"') | dict.fromkeys("‘’‚‛′ʼ＇`´", "'") | {"‹": "«", "›": "»"}
_CONFUSABLES = str.maketrans("аеорсухіјѕԁһкмнтвгпԛԝαεορνικτυχηωβ", "aeopcyxijsdhkmhtbrnqwaeopvikruxnwb")
_LEET = str.maketrans("@430517$€!", "aaeositsei")
_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_TOKEN = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|@[^\W_]\w*"
    r"|(?:[^\W_]|[$€](?=[^\W\d_]))(?:[^\W_]|[@$€*'!](?=[^\W\d_]))*"
    r"|[^\s\w]"
)
_ORDINAL = re.compile(
    r"\d+(?:er|ere|e|eme|emes|st|nd|rd|th|s|h|k|m|g|kg|km|cm|mm|ml|cl|l|eur|€|%|min|mn|am|pm|p|ans|x|d)*\d*"
)
_ELIDED = frozenset({"l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "z"})
_CLAUSE = frozenset(".,;:!?()[]{}…\n—–|/")


class _Folds(dict[int, str | None]):
    """Code point -> folded text, computed on first sight; `uneven` holds those whose length is not one."""

    uneven: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.uneven = set()

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        folded: str | None = _QUOTES.get(character)
        if folded is None:
            category = unicodedata.category(character)
            if code in _INVISIBLE or (category in ("Cf", "Mn", "Me", "Cc", "Cs") and not character.isspace()):
                folded = None
            else:
                wide = unicodedata.normalize("NFKD", character).lower()
                folded = "".join(c for c in wide if not unicodedata.combining(c)) or character
                folded = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}.get(folded, folded)
        if folded is None or len(folded) != 1:
            self.uneven.add(character)
        self[code] = folded
        return folded


_FOLDS = _Folds()


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words of one text. The four tuples run in parallel, one place a word."""

    words: tuple[str, ...]
    """Folded: lower case, no accents, repeats capped at two, disguises undone. Links are `<url>`, names `<user>`."""
    starts: tuple[int, ...]
    """First code point in the original text."""
    ends: tuple[int, ...]
    """End in the original text, excluded."""
    marks: tuple[int, ...]
    """Sum of `BOUNDARY` and `DISGUISED`."""


def _fold(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and for each of its characters its place in the original (None: the same place)."""
    if text.isascii():
        return text.lower(), None
    folded = text.translate(_FOLDS)
    if _FOLDS.uneven.isdisjoint(text):
        return folded, None
    places: list[int] = []
    for place, character in enumerate(text):
        piece = _FOLDS[ord(character)]
        if piece is not None:
            places.extend([place] * len(piece))
    return folded, places


def _unmask(word: str) -> str:
    """Undo look-alike letters and figures standing for letters inside one word; prices, units and ordinals stay."""
    if not word.isascii():
        swapped = word.translate(_CONFUSABLES)
        if swapped.isascii() or any("a" <= c <= "z" for c in word):
            word = swapped if any("a" <= c <= "z" for c in word) or word.isascii() else word
    if not word.isalpha() and any(c in "@430517$€!" for c in word):
        letters = sum(c.isalpha() for c in word)
        if letters >= 2 and not _ORDINAL.fullmatch(word):
            word = word.translate(_LEET)
    return word


class Piece(NamedTuple):
    """What characters without a blank between them hold; places are counted from the first of them."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    marks: tuple[int, ...]
    boundary: int
    """`BOUNDARY` where the next word begins a clause, else 0."""
    singles: int
    """How many words are one letter or figure."""
    repeats: bool
    """Whether a character stands three times in a row in a word, as read."""


def cut(piece: str, boundary: int, before: str) -> Piece:
    """The words of a folded text without blanks.

    Args:
        boundary: `BOUNDARY` where a clause begins here, else 0.
        before: the word before, where it is `!` or `?`: a second one says nothing more.
    """
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    marks: list[int] = []
    singles = disguised = 0
    for match in _TOKEN.finditer(piece):
        word = match[0]
        start, end = match.span()
        mark = 0
        if not word.isalpha():
            first = word[0]
            if end - start == 1 and not first.isalnum():
                if first in _CLAUSE:
                    boundary = BOUNDARY
                if first not in "!?\"'«»" and first < "\u2190":
                    continue
                if first in "!?" and word == (words[-1] if words else before):
                    continue
            elif first == "@":
                word = "<user>"
            elif word.startswith(("http:", "https:", "www.")):
                word = "<url>"
            else:
                cut = word.find("'")
                if cut > 0 and word[:cut] in _ELIDED and cut + 1 < len(word):
                    words.append(word[: cut + 1])
                    starts.append(start)
                    ends.append(start + cut + 1)
                    marks.append(boundary)
                    boundary = 0
                    start += cut + 1
                    word = word[cut + 1 :]
                unmasked = _unmask(word)
                if unmasked != word:
                    word, mark = unmasked, DISGUISED
        elif not word.isascii():
            unmasked = _unmask(word)
            if unmasked != word:
                word, mark = unmasked, DISGUISED
        if end - start == 1 and word.isalnum():
            singles += 1
        disguised |= mark
        words.append(word)
        starts.append(start)
        ends.append(end)
        marks.append(mark | boundary)
        boundary = 0
    repeats = (disguised or _REPEATED.search(piece)) and any(map(_REPEATED.search, words))
    return Piece(tuple(words), tuple(starts), tuple(ends), tuple(marks), boundary, singles, bool(repeats))


def repeats(text: str) -> bool:
    """Whether a character stands three times in a row."""
    return _REPEATED.search(text) is not None


def fold(text: str) -> str:
    """The text as its words are read, without places."""
    return text.lower() if text.isascii() else text.translate(_FOLDS)


def tokenise(text: str) -> Tokens:
    """Words of `text` with their places; never fails, whatever the text holds, and takes time linear in its length."""
    folded, places = _fold(text)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    marks: list[int] = []
    boundary, before, singles, repeats, place = BOUNDARY, "", 0, False, 0
    for chunk in folded.split():
        place = folded.index(chunk, place)
        piece = cut(chunk, boundary, before)
        words += piece.words
        starts += [place + start for start in piece.starts]
        ends += [place + end for end in piece.ends]
        marks += piece.marks
        singles += piece.singles
        repeats = repeats or piece.repeats
        boundary = piece.boundary
        before = words[-1] if words else ""
        place += len(chunk)
    if repeats and _REPEATED.search(folded):
        words = [_REPEATED.sub(r"\1\1", word) for word in words]
    words = [word[:LONGEST_WORD] for word in words]
    if singles >= SPACED:
        words, starts, ends, marks = _join_spaced(words, starts, ends, marks)
    if places is not None:
        limit = len(places)
        starts = [places[s] for s in starts]
        ends = [places[e - 1] + 1 if e <= limit else len(text) for e in ends]
    return Tokens(tuple(words), tuple(starts), tuple(ends), tuple(marks))


def _join_spaced(
    words: list[str], starts: list[int], ends: list[int], marks: list[int]
) -> tuple[list[str], list[int], list[int], list[int]]:
    """Join runs of four or more single letters ("s p a m", "s.p.a.m") that lie at most two characters apart."""
    out: tuple[list[str], list[int], list[int], list[int]] = ([], [], [], [])
    place, count = 0, len(words)
    while place < count:
        last = place
        if ends[place] - starts[place] == 1 and words[place].isalnum():
            while (
                last + 1 < count
                and ends[last + 1] - starts[last + 1] == 1
                and words[last + 1].isalnum()
                and starts[last + 1] - ends[last] <= 2
            ):
                last += 1
        if last - place >= SPACED - 1 and any(w.isalpha() for w in words[place : last + 1]):
            joined = _unmask("".join(words[place : last + 1]))
            out[0].append(_REPEATED.sub(r"\1\1", joined)[:LONGEST_WORD])
            out[1].append(starts[place])
            out[2].append(ends[last])
            out[3].append(marks[place] | DISGUISED)
        else:  # the whole run, lest its figures be looked at again from each of them
            run = slice(place, last + 1)
            out[0].extend(words[run])
            out[1].extend(starts[run])
            out[2].extend(ends[run])
            out[3].extend(marks[run])
        place = last + 1
    return out
