"""What the sequence model makes of single words, remembered: its first layer looks at one word at a time, so that a
word met before need not be worked out again."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from comity.screening.model.marks import MARK_COUNT
from comity.screening.model.word_rows import Numbers, hashed_words

__all__ = ["Vocabulary", "WordRows"]

Floats = npt.NDArray[np.float32]

_KNOWN_WORDS = 2048
_AT_ONCE = 4
"""Words are worked out by so many, so that a word's numbers never depend on those beside it: the matrix library adds up
the rows of a larger product in different orders."""


class _Known:
    """Words met before. Filled under a lock; a full one is replaced, never emptied under its readers."""

    def __init__(self, words: int, width: int) -> None:
        self.places: dict[str, int] = {}
        self.hashes = np.zeros(words + 1, dtype=np.uint32)
        self.layers = np.zeros((words + 1, 4 * width), dtype=np.float32)
        """Four vectors a word, one behind the other. Nothing is at place 0."""

    def half(self, words: int) -> _Known:
        """Room for so many words, the first half of these among them: common words are met early."""
        kept = min(len(self.places), (len(self.hashes) - 1) // 2, words // 2)
        new = _Known(words, self.layers.shape[1] // 4)
        new.places.update(islice(self.places.items(), kept))
        new.hashes[: kept + 1] = self.hashes[: kept + 1]
        new.layers[: kept + 1] = self.layers[: kept + 1]
        return new


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
        self._table, self._scale = table, scale.astype(np.float32)[:, None]
        self._inward, self._shift, self._marks = inward[:-1], inward[-1], marks
        self._near = np.ascontiguousarray(np.hstack(tuple(near)))
        self._near_shift = shift
        self._width = inward.shape[1]
        self._known = _Known(_KNOWN_WORDS, self._width)
        self._marked = np.zeros((1 << MARK_COUNT, 4 * self._width), dtype=np.float32)
        self._marks_met: set[int] = set()
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
        """The four vectors of each row (rows x 4 x width); `places` and `marks` as `rows_of` gave and took them."""
        layers = known.layers.take(places, axis=0)
        layers += self._marked.take(marks, axis=0)
        return layers.reshape(len(layers), 4, -1)

    def _learn_marks(self, new: set[int]) -> None:
        width = self._width
        for mark in new:
            held = [bit for bit in range(MARK_COUNT) if mark >> bit & 1]
            vector = self._marks[held].sum(axis=0) + self._shift
            self._marked[mark, :width] = vector
            self._marked[mark, width:] = vector @ self._near
            self._marked[mark, 2 * width : 3 * width] += self._near_shift
        self._marks_met |= new

    def _learn(self, words: Sequence[str]) -> WordRows:
        known = self._known
        new = [word for word in dict.fromkeys(words) if word not in known.places]
        if new:
            if len(known.places) + len(new) >= len(known.hashes):
                every = dict.fromkeys(words)
                known = known.half(max(_KNOWN_WORDS, 2 * len(every)))
                new = [word for word in every if word not in known.places]
            first = len(known.places) + 1
            last = first + len(new)
            known.layers[first:last], known.hashes[first:last] = self._work_out(new)
            known.places.update(zip(new, range(first, last), strict=True))
            self._known = known
        return WordRows([known.places[word] for word in words], known)

    def _work_out(self, words: Sequence[str]) -> tuple[Floats, Numbers]:
        rows, starts, hashes = hashed_words(words)
        values = self._table[rows] * self._scale[rows]
        counts = np.array([2.0 * len(word) for word in words], dtype=np.float32)[:, None]
        own = np.zeros((-(-len(words) // _AT_ONCE) * _AT_ONCE, self._table.shape[1]), dtype=np.float32)
        own[: len(words)] = np.add.reduceat(values, starts, axis=0)
        own[: len(words)] /= np.sqrt(counts, out=counts)
        width = self._width
        layers = np.empty((len(own), 4 * width), dtype=np.float32)
        for first in range(0, len(own), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            vectors = own[some] @ self._inward
            layers[some, :width] = vectors
            layers[some, width:] = vectors @ self._near
        return layers[: len(words)], hashes
