"""From words to numbered features: every n-gram of a text, or of a thousand texts, in a few passes over arrays.

No dictionary is kept: a feature's number is a hash of its characters. One implementation serves training (many texts
at once) and use (one text), so that both see the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from comity.screening.model.marks import GROUP, NEGATED, QUOTED, SPEECH, MarkedWords, mark_words
from comity.screening.model.tokens import Tokens

__all__ = [
    "CHARACTER_BITS",
    "CHARACTER_KINDS",
    "ROW_BITS",
    "WORD_BITS",
    "Layout",
    "Numbers",
    "Runs",
    "character_features",
    "hash_words",
    "hashed_runs",
    "hashed_words",
    "lay_out",
    "word_features",
    "word_rows",
]

CHARACTER_BITS = 18
"""The linear model's character n-grams fall into 2 ** CHARACTER_BITS places."""
CHARACTER_KINDS = 4
"""So many kinds of runs are of characters; those of words come after them."""
WORD_BITS = 18
ROW_BITS = 17
"""The sequence model's words are sums of rows of a table of 2 ** ROW_BITS: half for words, half for n-grams."""

Numbers = npt.NDArray[np.uint32]
"""Hashes: sums and products wrap round."""
Places = npt.NDArray[np.int64]

_PRIME = np.uint32(0x01000193)
_SALTS = {n: np.uint32(0x9E3779B1 * n & 0xFFFFFFFF) for n in range(1, 12)}
_POWERS = np.array([pow(0x01000193, k, 1 << 32) for k in range(64)], dtype=np.uint32)
_GROUP_WORD = np.uint32(0x5EED6E0F)
_SPACE = 32
_HALF = 1 << (ROW_BITS - 1)
_CHARACTER_MASK = np.uint32((1 << CHARACTER_BITS) - 1)
_WORD_MASK = np.uint32((1 << WORD_BITS) - 1)


def _mix(values: Numbers) -> Numbers:
    """Spread the bits, so that neighbouring sums fall into distant places. Works on the array it is given."""
    values ^= values >> np.uint32(15)
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values


@dataclass(slots=True)
class Layout:
    """Texts laid out as one row of characters: each text is a blank, then its words with a blank after each."""

    codes: Numbers
    """Scattered code points."""
    blank: npt.NDArray[np.bool_]
    code_bounds: list[int]
    """Where each text starts in `codes`, and the end."""
    word_bounds: list[int]
    """Number of each text's first word, and how many words there are."""
    word: Numbers
    """One hash a word."""
    marks: list[int]
    """One sum of marks a word."""

    @property
    def texts(self) -> int:
        """How many texts are laid out."""
        return len(self.word_bounds) - 1

    def word_of(self, place: Places) -> Places:
        """The word at a character of the only text; a blank belongs to the word before it, the first one to the first
        word."""
        words: Places = np.maximum(np.cumsum(self.blank)[place] - 1, 0)
        return words


def lay_out(
    many: Sequence[Tokens | MarkedWords], marks: list[int] | None = None, hashes: Numbers | None = None
) -> Layout:
    """Lay out many texts' words.

    Args:
        marks: what `mark_words` gives for all the words, and
        hashes: what `hash_words` gives, where the caller knows them already.
    """
    if marks is None:
        marks = [mark for one in many for mark in (mark_words(one) if isinstance(one, Tokens) else one.marks)]
    word_bounds, code_bounds = [0], [0]
    pieces: list[str] = []
    for tokens in many:
        piece = " ".join(("", *tokens.words, "")) if tokens.words else " "
        pieces.append(piece)
        word_bounds.append(word_bounds[-1] + len(tokens.words))
        code_bounds.append(code_bounds[-1] + len(piece))
    raw = np.frombuffer("".join(pieces).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if hashes is None:
        words = [word for tokens in many for word in tokens.words]
        hashes = hash_words(words) if words else np.zeros(0, dtype=np.uint32)
    return Layout(_mix(raw * np.uint32(0x9E3779B1)), raw == _SPACE, code_bounds, word_bounds, hashes, marks)


@lru_cache(maxsize=256)
def _steps(length: int) -> Numbers:
    """What each letter of a word of this length is multiplied by, its place in the word among it; nothing for the
    blank before it."""
    steps = np.zeros(length + 1, dtype=np.uint32)
    steps[1:] = _POWERS[np.minimum(np.arange(1, length + 1), len(_POWERS) - 1)]
    return steps


def _scattered(text: str) -> Numbers:
    """The code points of a text, scattered."""
    return _mix(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32) * np.uint32(0x9E3779B1))


def _hash_each(codes: Numbers, words: Sequence[str]) -> Numbers:
    """One number a word, by its letters and their order; `codes` are those of the words with a blank before each and
    one at the end."""
    steps = np.concatenate([_steps(len(word)) for word in words])
    starts = list(accumulate([len(word) + 1 for word in words[:-1]], initial=0))
    return _mix(np.add.reduceat(codes[:-1] * steps, starts, dtype=np.uint32))


def hash_words(words: Sequence[str]) -> Numbers:
    """One number a word; no word may be empty."""
    return _hash_each(_scattered(f" {' '.join(words)} "), words)


def _follow(before: Numbers, last: Numbers) -> Numbers:
    """Runs one longer: everything so far moves up one power, and `last` comes in at the first."""
    longer = before[:-1] + last
    longer *= _PRIME
    return longer


class _Kind(NamedTuple):
    """One kind of run, in the order of the texts."""

    runs: Numbers
    """What `_mix` has yet to spread."""
    begins: Places
    """Where each text begins in the runs, and the end."""
    less: int = 0
    """How much shorter a text's runs are than the text; what lies between two texts' runs belongs to neither."""
    mark: int = 0
    """A text has such runs only where one of its words has this mark; 0: every text has them."""
    places: Places | None = None
    """Of each run; its own number when None."""


@dataclass(slots=True)
class Runs:
    """Hashed runs of several kinds, one kind after the other."""

    texts: int
    numbers: Numbers
    """Of all kinds, those of characters first."""
    characters: int
    """How many are of characters."""
    bounds: Places
    """First and end in `numbers` of each text's runs of the first kind, then of the second, and so on (kinds x texts x
    2). Two ends of `numbers` where a text has none."""
    places: list[tuple[int, Places | None]]
    """Of each kind, where it starts in `numbers`, and its places."""
    counts: Places
    """How many runs of characters each text has, and how many of words (2 x texts)."""

    def features(self, kinds: slice) -> tuple[Places, Places, Places]:
        """Of these kinds, the numbers that belong to a text, the text of each, the place of each."""
        texts = np.arange(self.texts)
        numbers, owners, places = [], [], []
        for (start, place), own in zip(self.places[kinds], self.bounds[kinds], strict=True):
            if self.texts == 1:
                first, end = own[0].tolist()
                numbers.append(self.numbers[first:end])
                places.append(
                    np.arange(first - start, end - start) if place is None else place[first - start : end - start]
                )
                continue
            count = own[:, 1] - own[:, 0]
            inner = np.arange(int(count.sum())) + np.repeat(own[:, 0] - np.cumsum(count) + count, count)
            numbers.append(self.numbers[inner])
            owners.append(np.repeat(texts, count))
            places.append(inner - start if place is None else place[inner - start])
        joined = np.concatenate(numbers).astype(np.int64)
        return joined, np.concatenate(owners) if owners else np.zeros_like(joined), np.concatenate(places)


def hashed_runs(layout: Layout) -> Runs:
    """Every n-gram of the linear model, hashed in one go.

    Of characters: runs of three to five, blanks counted, and runs of five letters with the blanks taken out; these
    still see a word whose blanks were moved. Of words: alone, with their scope, with what the whole text holds (a
    quotation, a denial, a group, a verb of saying), and in twos and threes, where the name of a group also counts as
    "a group".
    """
    word, words, codes = layout.word, np.array(layout.word_bounds), np.array(layout.code_bounds)
    marks = np.array(layout.marks)
    held = _held(marks, words)
    seen = int(np.bitwise_or.reduce(held))
    common = np.where(marks & GROUP, _GROUP_WORD, word) if seen & GROUP else word
    letters = np.flatnonzero(~layout.blank)
    # All rows stand behind one another, so that one pass makes the runs of each; those across two rows are left out.
    row = np.concatenate((layout.codes, layout.codes[letters], common, word))
    end_of_codes = len(layout.codes)
    end_of_letters = end_of_codes + len(letters)
    end_of_common = end_of_letters + len(word)
    twos = _follow(row * _PRIME, row[1:])
    threes = _follow(twos, row[2:])
    fours = _follow(threes, row[3:])
    fives = _follow(fours, row[4:])
    fours ^= _SALTS[4]
    fives ^= _SALTS[5]
    threes ^= _SALTS[3]
    # A text has one blank more than words.
    letter_bounds = codes - words - np.arange(len(words))
    kinds = [
        _Kind(threes[: max(end_of_codes - 2, 0)], codes, 2),
        _Kind(fours[: max(end_of_codes - 3, 0)], codes, 3),
        _Kind(fives[: max(end_of_codes - 4, 0)], codes, 4),
        _Kind(fives[end_of_codes : max(end_of_letters - 4, end_of_codes)], letter_bounds, 4, 0, letters),
        _Kind(word, words),
    ]
    for salt, bit in ((5, QUOTED), (6, NEGATED)):
        if seen & bit:
            marked = np.flatnonzero(marks & bit)
            inner = np.searchsorted(marked, words)
            kinds.append(_Kind(common[marked] * _POWERS[2] ^ _SALTS[salt], inner, 0, 0, marked))
    if seen & (QUOTED | NEGATED | GROUP | SPEECH):
        raised = common * _POWERS[3]
        for salt, bit in ((7, QUOTED), (8, NEGATED), (9, GROUP), (10, SPEECH)):
            if seen & bit:
                kinds.append(_Kind(raised ^ _SALTS[salt], words, 0, bit))
    kinds += (
        _Kind(twos[end_of_common:] ^ _SALTS[1], words, 1),
        _Kind(twos[end_of_letters : max(end_of_common - 1, end_of_letters)] ^ _SALTS[2], words, 1),
        _Kind(threes[end_of_letters : max(end_of_common - 2, end_of_letters)], words, 2),
    )
    return _joined(kinds, held)


def _held(marks: Places, words: Places) -> Places:
    """The marks that each text's words have."""
    if not len(marks):
        return np.zeros(len(words) - 1, dtype=np.int64)
    first = words[:-1]
    held: Places = np.bitwise_or.reduceat(marks, np.minimum(first, len(marks) - 1))
    held[words[1:] == first] = 0
    return held


def _joined(kinds: Sequence[_Kind], held: Places) -> Runs:
    mixed = _mix(np.concatenate([kind.runs for kind in kinds]))
    starts = list(accumulate([len(kind.runs) for kind in kinds[:-1]], initial=0))
    begins = np.concatenate([kind.begins for kind in kinds]).reshape(len(kinds), -1)
    length = begins[:, 1:] - begins[:, :-1]
    length -= np.array([kind.less for kind in kinds])[:, None]
    length[length < 0] = 0
    for number, kind in enumerate(kinds):
        if kind.mark:
            length[number] *= (held & kind.mark) != 0
    bounds = np.empty((*length.shape, 2), dtype=np.int64)
    np.add(begins[:, :-1], np.array(starts)[:, None], out=bounds[..., 0])
    np.add(bounds[..., 0], length, out=bounds[..., 1])
    bounds[length == 0] = len(mixed)
    characters, letters = starts[CHARACTER_KINDS], starts[CHARACTER_KINDS - 1]
    mixed[letters:characters] ^= _SALTS[11]
    mixed[:characters] &= _CHARACTER_MASK
    mixed[characters:] &= _WORD_MASK
    places = [(start, kind.places) for start, kind in zip(starts, kinds, strict=True)]
    counts = np.concatenate((length[:CHARACTER_KINDS].sum(axis=0), length[CHARACTER_KINDS:].sum(axis=0)))
    return Runs(len(held), mixed, characters, bounds, places, counts.reshape(2, -1))


def character_features(layout: Layout) -> tuple[Places, Places, Places]:
    """The linear model's character n-grams: their numbers, the text of each, the place of each in `codes`."""
    return hashed_runs(layout).features(slice(None, CHARACTER_KINDS))


def word_features(layout: Layout) -> tuple[Places, Places, Places]:
    """The linear model's word n-grams: their numbers, the text of each, the word of each."""
    return hashed_runs(layout).features(slice(CHARACTER_KINDS, None))


def word_rows(words: Sequence[str]) -> tuple[Places, Places]:
    """The sequence model's rows for each word, and where each word's rows start: its own row, then its n-grams.

    A word's own row comes first; the n-grams of three and four characters include the blanks around it: two rows a
    letter in all.
    """
    rows, starts, _ = hashed_words(words)
    return rows, np.array(starts)


def hashed_words(words: Sequence[str]) -> tuple[Places, list[int], Numbers]:
    """What `word_rows` gives, and what `hash_words` gives."""
    codes = _scattered(f" {' '.join(words)} ")
    own = _hash_each(codes, words)
    three = _follow(_follow(codes * _PRIME, codes[1:]), codes[2:])
    four = _follow(three, codes[3:])
    four ^= _SALTS[4]
    three ^= _SALTS[3]
    threes, fours = _mix(three), _mix(four)
    numbers: list[Numbers] = []
    starts: list[int] = []
    start = place = 0
    for number, word in enumerate(words):
        length = len(word)
        numbers += (own[number : number + 1], threes[start : start + length], fours[start : start + length - 1])
        starts.append(place)
        place += 2 * length
        start += length + 1
    mixed = _mix(np.concatenate(numbers))
    mixed &= np.uint32(_HALF - 1)
    rows = mixed.astype(np.int64)
    rows += _HALF
    rows[starts] -= _HALF
    return rows, starts, own
