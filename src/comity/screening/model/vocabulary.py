"""What the sequence model makes of single words, remembered: its first layer looks at one word at a time, so that a
word met before need not be worked out again."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from comity.screening.model.hashing import Numbers, hash_words, word_rows
from comity.screening.model.marks import MARK_COUNT

__all__ = ["NO_WORD", "Vocabulary", "WordRows"]

Floats = npt.NDArray[np.float32]

NO_WORD = 1 << MARK_COUNT
"""Mark of a row that holds no word; the row's place is 0."""
_KNOWN_WORDS = 4096
_AT_ONCE = 16
"""Words are worked out by so many, so that a word's numbers never depend on those beside it."""


class _Known:
    """Words met before. Filled under a lock; a full one is replaced, never emptied under its readers."""

    def __init__(self, words: int, width: int) -> None:
        self.places: dict[str, int] = {}
        self.hashes = np.zeros(words + 1, dtype=np.uint32)
        self.layers = np.zeros((4, words + 1, width), dtype=np.float32)
        """Place 0 is no word."""


@dataclass(frozen=True, slots=True)
class WordRows:
    """Words as rows of what is known of them."""

    places: list[int]
    known: _Known

    @property
    def hashes(self) -> Numbers:
        """One hash a word, as `hash_words` gives it."""
        return self.known.hashes[self.places]


class Vocabulary:
    """Words and their marks as rows of four vectors: the word itself, and what it adds to the nearest convolution at
    the word after it, at itself and at the word before it. Safe between threads."""

    def __init__(
        self,
        table: npt.NDArray[np.int8],
        scale: npt.NDArray[np.float16],
        inward: Floats,
        marks: Floats,
        near: Floats,
        shift: Floats,
    ) -> None:
        """Args:
        table: rows of words and n-grams; `scale`: of each row.
        inward: from a row's vector to a word's, with the shift as its last row.
        marks: one vector a mark.
        near: from a word's vector to the three parts of the convolution (3 x width x width).
        shift: of the convolution.
        """
        self._table, self._scale = table, scale
        self._inward, self._shift, self._marks, self._near = inward[:-1], inward[-1], marks, near
        self._near_shift = shift
        self._width = inward.shape[1]
        self._known = _Known(_KNOWN_WORDS, self._width)
        self._marked = np.zeros((4, NO_WORD + 1, self._width), dtype=np.float32)
        self._marks_met = {NO_WORD}
        self._lock = threading.Lock()

    def rows_of(self, words: Sequence[str], marks: Sequence[int]) -> WordRows:
        """The words' rows. Words and marks that were not met before are worked out."""
        if not self._marks_met.issuperset(marks):
            with self._lock:
                self._learn_marks(set(marks) - self._marks_met)
        known = self._known
        places = known.places
        try:
            return WordRows([places[word] for word in words], known)
        except KeyError:
            with self._lock:
                return self._learn(words)

    def layers(self, known: _Known, places: Sequence[int], marks: Sequence[int]) -> Floats:
        """The four vectors of each row (4 x rows x width); `places` and `marks` as `rows_of` gave and took them."""
        layers = known.layers.take(places, axis=1)
        layers += self._marked.take(marks, axis=1)
        return layers

    def _learn_marks(self, new: set[int]) -> None:
        for mark in new:
            held = [bit for bit in range(MARK_COUNT) if mark >> bit & 1]
            vector = self._marks[held].sum(axis=0) + self._shift
            self._marked[0, mark] = vector
            self._marked[1:, mark] = vector @ self._near
            self._marked[2, mark] += self._near_shift
        self._marks_met |= new

    def _learn(self, words: Sequence[str]) -> WordRows:
        known = self._known
        new = [word for word in dict.fromkeys(words) if word not in known.places]
        if len(known.places) + len(new) >= len(known.hashes):
            new = list(dict.fromkeys(words))
            known = _Known(max(_KNOWN_WORDS, len(new)), self._width)
        if new:
            first = len(known.places) + 1
            known.layers[:, first : first + len(new)] = self._work_out(new)
            known.hashes[first : first + len(new)] = hash_words(new)
            known.places.update(zip(new, range(first, first + len(new)), strict=True))
            self._known = known
        return WordRows([known.places[word] for word in words], known)

    def _work_out(self, words: Sequence[str]) -> Floats:
        rows, starts = word_rows(words)
        values = self._table[rows] * self._scale[rows, None].astype(np.float32)
        counts = np.diff(starts, append=len(rows)).astype(np.float32)
        own = np.zeros((-(-len(words) // _AT_ONCE) * _AT_ONCE, self._table.shape[1]), dtype=np.float32)
        own[: len(words)] = np.add.reduceat(values, starts, axis=0) / np.sqrt(counts)[:, None]
        layers = np.empty((4, len(own), self._width), dtype=np.float32)
        for first in range(0, len(own), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            layers[0, some] = own[some] @ self._inward
            layers[1:, some] = layers[0, some] @ self._near
        return layers[:, : len(words)]
