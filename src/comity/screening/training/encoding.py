"""Rows as numbers: the linear model's features and the sequence model's words, computed once for all passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from comity.screening.model.hashing import (
    CHARACTER_BITS,
    WORD_BITS,
    character_features,
    lay_out,
    word_features,
)
from comity.screening.model.marks import marked_words

__all__ = ["Sequences", "linear_features", "sequences"]

Report = Callable[[str], None]

_AT_ONCE = 2000


def linear_features(texts: Sequence[str], report: Report) -> sparse.csr_matrix:
    """One row a text: character n-grams, then word n-grams; each of the two blocks has length one in each text.

    The length is that of the counts taken as all different, as at run time: 1 / sqrt(number of n-grams).
    """
    pieces: list[sparse.csr_matrix] = []
    for start in range(0, len(texts), _AT_ONCE):
        many = [marked_words(text) for text in texts[start : start + _AT_ONCE]]
        layout = lay_out(many)
        blocks = []
        for (numbers, owner, _), bits in (
            (character_features(layout), CHARACTER_BITS),
            (word_features(layout), WORD_BITS),
        ):
            counts = np.bincount(owner, minlength=len(many))
            order = np.argsort(owner, kind="stable")
            values = (1.0 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
            bounds = np.concatenate(([0], np.cumsum(counts)))
            blocks.append(
                sparse.csr_matrix(
                    (np.repeat(values, counts), numbers[order].astype(np.int32), bounds), shape=(len(many), 1 << bits)
                )
            )
        pieces.append(sparse.hstack(blocks, format="csr", dtype=np.float32))
        if start // _AT_ONCE % 50 == 49:
            report(f"features: {start + len(many)} of {len(texts)} texts")
    return sparse.vstack(pieces, format="csr")


@dataclass(slots=True)
class Sequences:
    """Texts as runs of word numbers into one vocabulary."""

    vocabulary: list[str]
    words: npt.NDArray[np.int32]
    marks: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]
    """Text `i` is `words[bounds[i]:bounds[i + 1]]`."""


def sequences(texts: Sequence[str], at_most: int) -> Sequences:
    """The first `at_most` words of each text."""
    numbers: dict[str, int] = {}
    words: list[int] = []
    marks: list[int] = []
    bounds = [0]
    for text in texts:
        read = marked_words(text)
        words.extend([numbers.setdefault(word, len(numbers)) for word in read.words[:at_most]])
        marks.extend(read.marks[:at_most])
        bounds.append(len(words))
    return Sequences(
        list(numbers),
        np.array(words, dtype=np.int32),
        np.array(marks, dtype=np.int32),
        np.array(bounds, dtype=np.int64),
    )
