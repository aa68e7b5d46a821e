"""Undoes the disguises of words: leetspeak, masks, spaced, dotted and stretched letters.

The result is a second reading, the skeleton, in an alphabet of its own: doubled letters are single, `l` is `i`,
`k` and `qu` are `c`. A word list is folded the same way by `skeleton_form`, and a match counts only where a word was
in disguise: a plain word never matches by its skeleton.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

__all__ = ["NOTHING", "Skeleton", "Span", "skeleton_form", "skeleton_of"]

Span = tuple[int, int]

# One after the other, since a pattern that begins with a set of characters is searched faster than a choice of them.
_SIGN_BEFORE = re.compile(r"[@$€£¢!|+*#¡._~•·](?=[^\W_])")  # a sign before a letter, no space between
_ALL_FIGURES = frozenset("0123456789")
_SIGNS_BEFORE = frozenset("@$€£¢!|+*#¡._~•·")
_SIGNS_AFTER = _ALL_FIGURES | frozenset("@$€£¢|+*")
_FIGURES = tuple(
    map(
        re.compile,
        (
            r"[0-9](?=[^\W0-9_])",  # a figure before a letter
            r"[0-9][0-9](?=[^\s0-9])",  # figures beside something else; a number by itself hides nothing
            r"[0-9][0-9](?<=[^\s0-9]..)",
        ),
    )
)
_SIGN_AFTER = re.compile(r"[0-9@$€£¢|+*](?<=[^\W\d_].)")  # or after one
_LETTERS_APART = re.compile(r"(?<![^\W_])[^\W\d_][^\w\n]{1,3}[^\W\d_][^\w\n]{1,3}[^\W\d_](?![^\W_])")

_THREE_SINGLE = b"\1\1\1"

_LEET = str.maketrans("014345789@$€£¢!|+¡(6µ", "oiaeastbgaseiciitlcgu".replace("l", "i"))
_LETTER_CLASS = str.maketrans("lk", "ic")
_ORDINAL = re.compile(r"\d+[^\W\d_]{1,4}|[^\W\d_]+\d{2,}|[^\W\d_]?\d+")
_CHUNK = re.compile(r"\S+")
_STRIP = "\"'.,;:!?()[]{}<>-/\\…"
_LEADING = "!("
"""Signs that stand for a letter at the beginning of a word too, if others stand for some inside."""
_SEPARATORS = re.compile(r"[\W_]+")
_DOTS = re.compile(r"[._~|•·*]")
_APART = re.compile(r"[\W_]")
_PARTS = re.compile(r"[^'/-]+")
"""What an apostrophe or a hyphen cuts a word into."""
_SIGN_LETTERS = frozenset("@$€£¢!|+¡")
_MASKS = re.compile(r"(?<=[^\W\d_])[#%&?]{1,6}(?=[^\W\d_])")
"""Signs that stand for letters as a star does."""
_REACH = 9
"""Words of the longest entry, and one."""
_REPEATS = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The words of a text with disguises undone."""

    stream: str
    starts: tuple[int, ...]
    """Of each word in `stream`."""
    spans: tuple[Span, ...]
    """Of each word in the folded text."""
    altered: tuple[bool, ...]
    sentence_of: tuple[int, ...]
    joined: tuple[int, ...]
    """Numbers of the words made of letters that stood apart; word borders inside them are lost."""
    masked: tuple[tuple[int, str], ...]
    """Numbers and folded letters of the words that have some starred out."""
    words: tuple[str, ...] = ()
    """The words with signs read as letters, before they are put into the skeleton's alphabet."""

    def words_at(self, start: int, end: int) -> tuple[int, int]:
        """First and last word that a span of `stream`, spaces around included, covers."""
        first = bisect_right(self.starts, start + 1) - 1
        return first, bisect_right(self.starts, max(start + 1, end - 2)) - 1


NOTHING = Skeleton(" ", (), (), (), (), (), ())
"""Of a text without disguise."""


def skeleton_form(folded: str) -> str:
    """A folded word or phrase in the skeleton's alphabet."""
    form = folded.replace("qu", "k").translate(_LETTER_CLASS)
    return _REPEATS.sub(r"\1", form) if _REPEATS.search(form) else form


def skeleton_of(folded: str, spans: tuple[Span, ...], sentence_of: tuple[int, ...]) -> Skeleton:
    """The skeleton of a folded text; nothing where no disguise shows, since plain words match by themselves."""
    if not _shows_disguise(folded, spans):
        return NOTHING
    found: list[tuple[str, int, int, bool, bool]] = []
    apart: list[tuple[str, int, int]] = []

    def close() -> None:
        if len(apart) >= 3:
            found.append(("".join(letter for letter, _, _ in apart), apart[0][1], apart[-1][2], True, True))
        else:
            found.extend((letter, start, end, False, False) for letter, start, end in apart)
        apart.clear()

    for match in _CHUNK.finditer(folded):
        chunk = match.group()
        left = len(chunk) - len(chunk.lstrip(_STRIP))
        core = chunk.strip(_STRIP)
        if not core:
            continue
        if left == 1 and chunk[0] in _LEADING and _is_leet(core):  # its first letter as well
            left, core = 0, chunk[0] + core
        start = match.start() + left
        end = start + len(core)
        if len(core) == 1 and not core.isdigit():
            apart.append((core, start, end))
            continue
        close()
        if core.isalpha():
            found.append((core, start, end, _stretched(core), False))
            continue
        core = _MASKS.sub(_starred, core)
        pieces = [piece for piece in _SEPARATORS.split(core) if piece]
        single = len(pieces) >= 2 and all(len(piece) == 1 for piece in pieces)
        if single and (len(pieces) > 2 or "*" not in core) and _SIGN_LETTERS.isdisjoint(core):
            found.append(("".join(pieces), start, end, True, True))
        elif _DOTS.search(core) and not any(character.isdigit() for character in core) and "*" not in core:
            found.append(("".join(pieces), start, end, True, False))
        elif _is_leet(core) or "*" in core:
            for part in _PARTS.finditer(core):
                place = (start + part.start(), start + part.end())
                if "*" in part[0]:
                    found.append((part[0], *place, True, False))
                else:
                    read = _APART.sub("", part[0].translate(_LEET)) if _is_leet(part[0]) else part[0]
                    found.append((read or part[0], *place, read != part[0], False))
        elif core.isalnum():
            # A number or an ordinal: read as letters too, but only a neighbour in disguise makes it count.
            found.append((core.translate(_LEET), start, end, False, False))
        else:
            position = start
            for piece in _SEPARATORS.split(core):
                if piece:
                    begin = folded.index(piece, position)
                    position = begin + len(piece)
                    found.append((piece, begin, position, _stretched(piece), False))
    close()
    return _assemble(_near_altered(found), spans, sentence_of)


def _shows_disguise(folded: str, spans: tuple[Span, ...]) -> bool:
    signs = set(folded)
    if not signs.isdisjoint(_SIGNS_BEFORE) and _SIGN_BEFORE.search(folded):
        return True
    if not signs.isdisjoint(_SIGNS_AFTER) and _SIGN_AFTER.search(folded):
        return True
    if not signs.isdisjoint(_ALL_FIGURES) and any(pattern.search(folded) for pattern in _FIGURES):
        return True
    if _THREE_SINGLE in bytes([end - start == 1 for start, end in spans]) and _LETTERS_APART.search(folded):
        return True
    return True in [letter * 3 in folded for letter in signs if letter.isalpha()]


def _near_altered(found: list[tuple[str, int, int, bool, bool]]) -> list[tuple[str, int, int, bool, bool]]:
    """The words in disguise with their neighbours: no entry that touches one reaches further."""
    kept: list[tuple[str, int, int, bool, bool]] = []
    end = 0
    for number, word in enumerate(found):
        if word[3]:
            stop = min(len(found), number + _REACH + 1)
            kept += found[max(end, number - _REACH) : stop]
            end = stop
    return kept


def _starred(match: re.Match[str]) -> str:
    return "*" * len(match[0])


def _stretched(word: str) -> bool:
    return any(match.end() - match.start() > 2 for match in _REPEATS.finditer(word))


def _is_leet(core: str) -> bool:
    letters = sum(character.isalpha() for character in core)
    if not letters or "*" in core:
        return False
    signs = sum(character in "0134578@$€£¢!|+¡" for character in core)
    return signs > 0 and not _ORDINAL.fullmatch(core)


def _assemble(
    found: list[tuple[str, int, int, bool, bool]], spans: tuple[Span, ...], sentence_of: tuple[int, ...]
) -> Skeleton:
    if not found:
        return NOTHING
    word_starts = [start for start, _ in spans]
    pieces = [" "]
    starts, out_spans, altered, sentences, joined, masked = [], [], [], [], [], []
    position, sentence = 1, -1
    for number, (word, start, end, is_altered, is_joined) in enumerate(found):
        form = skeleton_form(word)
        here = sentence_of[max(0, bisect_right(word_starts, start) - 1)] if sentence_of else 0
        if sentence not in (-1, here) and not is_joined:
            pieces.append("\n ")
            position += 2
        sentence = here
        starts.append(position)
        out_spans.append((start, end))
        altered.append(is_altered)
        sentences.append(here)
        if is_joined:
            joined.append(number)
        if "*" in word:
            masked.append((number, word))
        pieces.append(form + " ")
        position += len(form) + 1
    return Skeleton(
        "".join(pieces),
        tuple(starts),
        tuple(out_spans),
        tuple(altered),
        tuple(sentences),
        tuple(joined),
        tuple(masked),
        tuple(word for word, *_ in found),
    )
