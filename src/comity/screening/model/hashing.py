"""From words to numbered features: every n-gram of a text, or of a thousand texts, in a few passes over arrays.

No dictionary is kept: a feature's number is a hash of its characters. One implementation serves training (many texts
at once) and use (one text), so that both see the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from comity.screening.model.marks import GROUP, NEGATED, QUOTED, SPEECH, MarkedWords, mark_words
from comity.screening.model.tokens import Tokens
from comity.screening.model.word_rows import POWERS, PRIME, SALTS, Numbers, Places, follow, hash_words, mix

__all__ = [
    "CHARACTER_BITS",
    "CHARACTER_KINDS",
    "WORD_BITS",
    "Layout",
    "Runs",
    "character_features",
    "hashed_runs",
    "lay_out",
    "word_features",
]

CHARACTER_BITS = 18
"""The linear model's character n-grams fall into 2 ** CHARACTER_BITS places."""
CHARACTER_KINDS = 4
"""So many kinds of runs are of characters; those of words come after them."""
WORD_BITS = 18

_GROUP_WORD = np.uint32(0x5EED6E0F)
_SPACE = 32
_CHARACTER_MASK = np.uint32((1 << CHARACTER_BITS) - 1)
_WORD_MASK = np.uint32((1 << WORD_BITS) - 1)


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
    return Layout(mix(raw * np.uint32(0x9E3779B1)), raw == _SPACE, code_bounds, word_bounds, hashes, marks)


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
    twos = follow(row * PRIME, row[1:])
    threes = follow(twos, row[2:])
    fours = follow(threes, row[3:])
    fives = follow(fours, row[4:])
    fours ^= SALTS[4]
    fives ^= SALTS[5]
    threes ^= SALTS[3]
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
            kinds.append(_Kind(common[marked] * POWERS[2] ^ SALTS[salt], inner, 0, 0, marked))
    if seen & (QUOTED | NEGATED | GROUP | SPEECH):
        raised = common * POWERS[3]
        for salt, bit in ((7, QUOTED), (8, NEGATED), (9, GROUP), (10, SPEECH)):
            if seen & bit:
                kinds.append(_Kind(raised ^ SALTS[salt], words, 0, bit))
    kinds += (
        _Kind(twos[end_of_common:] ^ SALTS[1], words, 1),
        _Kind(twos[end_of_letters : max(end_of_common - 1, end_of_letters)] ^ SALTS[2], words, 1),
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
    mixed = mix(np.concatenate([kind.runs for kind in kinds]))
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
    mixed[letters:characters] ^= SALTS[11]
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
