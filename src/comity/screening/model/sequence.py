"""The attentive half: words in their order and scope, through two convolutions, one attention layer and pools.

Written in numpy; `comity.screening.training.sequence_fit` holds the same network for training
and a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.screening.model.hashing import Layout
from comity.screening.model.vocabulary import NO_WORD, Vocabulary, WordRows

__all__ = ["ROWS_AT_ONCE", "WORDS_AT_ONCE", "SequenceModel", "quantise"]

Floats = npt.NDArray[np.float32]

WORDS_AT_ONCE = 64
"""Longer texts are read in stretches of this many words."""
_OVERLAP = 16
FARTHEST = 2
"""The farthest that a convolution looks."""
_BIN = WORDS_AT_ONCE
_ONE_BIN = 96
"""Rows up to which attention over all of them at once costs less than bins."""
ROWS_AT_ONCE = 4 * _BIN
"""Rows of one product: what the processor's near memory holds."""
_HEADS = 4
_LEAST_SHARE = 1e-30
_MOST = np.float32(60.0)


def quantise(arrays: Mapping[str, Floats]) -> dict[str, npt.NDArray[Any]]:
    """Arrays for the weight file from the trained network's parameters: rows in eight bits, the rest in sixteen."""
    out: dict[str, npt.NDArray[Any]] = {}
    for name, value in arrays.items():
        if name == "rows":
            scale = np.maximum(np.abs(value).max(axis=1), 1e-6) / 127
            out["sequence.rows"] = np.rint(value / scale[:, None]).astype(np.int8)
            out["sequence.rows.scale"] = scale.astype(np.float16)
        else:
            out[f"sequence.{name}"] = value.astype(np.float16)
    return out


class SequenceModel:
    """Reads texts' words. Safe between threads."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        dense = {
            name.removeprefix("sequence."): np.ascontiguousarray(
                value.astype(np.float32).T if value.ndim == 2 else value, dtype=np.float32
            )
            for name, value in arrays.items()
            if name.startswith("sequence.") and "rows" not in name
        }
        width = len(dense["narrow.bias"])
        near, far = (dense.pop(f"{layer}.weight").reshape(3, width, width) for layer in ("near", "far"))
        self.vocabulary = Vocabulary(
            arrays["sequence.rows"],
            arrays["sequence.rows.scale"],
            np.vstack((dense.pop("inward.weight"), dense.pop("inward.bias"))),
            np.ascontiguousarray(dense.pop("marks").T),
            near,
            dense.pop("near.bias"),
        )
        self._far = np.hstack(tuple(far))
        # What is asked is made small here once, so that no affinity need be.
        for name in ("attend.weight", "attend.bias"):
            dense[name][..., :width] *= np.float32((width // _HEADS) ** -0.5)
        self._dense = dense

    def logits(self, words: WordRows, layout: Layout) -> Floats:
        """Logits (texts x heads) of a few texts read together, none of which sees another.

        Args:
            words: the texts' words, one text after the other.
            layout: the same texts laid out. None may be without words.
        """
        stretches: list[tuple[int, int]] = []
        owners: list[int] = []
        for text, (first, last) in enumerate(pairwise(layout.word_bounds)):
            # Of a text too long to be read at once, the highest logit of each head among its stretches counts.
            starts = range(first, max(last - _OVERLAP, first + 1), WORDS_AT_ONCE - _OVERLAP)
            if last - first <= WORDS_AT_ONCE:
                starts = range(first, first + 1)
            stretches += [(start, min(start + WORDS_AT_ONCE, last)) for start in starts]
            owners += [text] * len(starts)
        read = [self._read(words, _Rows(words.places, layout.marks, some)) for some in _portions(stretches)]
        out: Floats = read[0] if len(read) == 1 else np.concatenate(read)
        if len(stretches) > layout.texts:
            out = np.maximum.reduceat(out, np.searchsorted(owners, np.arange(layout.texts)), axis=0)
        return out

    def _read(self, words: WordRows, rows: _Rows) -> Floats:
        dense = self._dense
        layers = self.vocabulary.layers(words.known, rows.places, rows.marks)
        count, _, width = layers.shape
        texts = len(rows.bounds)
        belongs = np.zeros((count, texts), dtype=np.float32)
        for text, (first, last) in enumerate(rows.bounds):
            belongs[first:last, text] = 1
        # No convolution looks past the ends of a text.
        firsts, lasts = rows.edges(1)
        layers[lasts, 1] = 0
        layers[firsts, 3] = 0
        y = layers[:, 2]
        y[1:] += layers[:-1, 1]
        y[:-1] += layers[1:, 3]
        x = np.maximum(y, 0)
        x += layers[:, 0]
        if rows.empty:
            x[rows.empty] = 0
        far = (x @ self._far).reshape(count, 3, width)
        firsts, lasts = rows.edges(FARTHEST)
        far[lasts, 0] = 0
        far[firsts, 2] = 0
        y = far[:, 1]
        y += dense["far.bias"]
        y[FARTHEST:] += far[:-FARTHEST, 0]
        y[:-FARTHEST] += far[FARTHEST:, 2]
        x += np.maximum(y, 0, out=y)
        if rows.empty:
            x[rows.empty] = 0
        x += self._attended(x, belongs.reshape(rows.bins, -1, texts)) @ dense["attended.weight"]
        x += dense["attended.bias"]
        y = _level(x) @ dense["widen.weight"]
        y += dense["widen.bias"]
        x += np.maximum(y, 0, out=y) @ dense["narrow.weight"]
        x += dense["narrow.bias"]
        x = _level(x)
        pools = x @ dense["pool.weight"]
        pools += dense["pool.bias"]
        share = _power(pools).T * belongs.T[:, None]
        pooled = (share.reshape(-1, count) @ x).reshape(texts, -1, width)
        pooled /= share.sum(axis=-1, keepdims=True)
        joined = np.empty((texts, (pooled.shape[1] + 1) * width), dtype=np.float32)
        joined[:, :-width] = pooled.reshape(texts, -1)
        for text, (first, last) in enumerate(rows.bounds):
            np.maximum.reduce(x[first:last], axis=0, out=joined[text, -width:])
        hidden = joined @ dense["join.weight"]
        hidden += dense["join.bias"]
        out: Floats = np.maximum(hidden, 0, out=hidden) @ dense["head.weight"]
        out += dense["head.bias"]
        return out

    def _attended(self, x: Floats, belongs: Floats) -> Floats:
        """What each place takes from the places of its own text (`belongs`: bins x rows of one x texts)."""
        bins, size, texts = belongs.shape
        attended = _level(x) @ self._dense["attend.weight"]
        attended += self._dense["attend.bias"]
        q, k, v = attended.reshape(bins, size, 3, _HEADS, -1).transpose(2, 0, 3, 1, 4)
        affinity = _power(q @ k.transpose(0, 1, 3, 2))
        if texts > 1:
            together = belongs @ belongs.transpose(0, 2, 1)
            affinity *= together[:, None]
        # A last column of ones sums the shares in the same product.
        values = np.ones((*v.shape[:-1], v.shape[-1] + 1), dtype=np.float32)
        values[..., :-1] = v
        taken = affinity @ values
        # An empty row takes nothing from anywhere.
        summed: Floats = taken[..., :-1]
        summed /= np.maximum(taken[..., -1:], _LEAST_SHARE)
        return summed.transpose(0, 2, 1, 3).reshape(len(x), -1)


class _Rows:
    """Stretches laid out row by row, in bins of one size where there are many; attention stays inside a bin, and no
    stretch lies in two."""

    def __init__(self, places: list[int], marks: list[int], stretches: Sequence[tuple[int, int]]) -> None:
        self.places: list[int] = []
        self.marks: list[int] = []
        self.bounds: list[tuple[int, int]] = []
        """First row and end of each stretch."""
        self.empty: list[int] = []
        """Numbers of the rows that hold no word."""
        one_bin = sum([last - first for first, last in stretches]) <= _ONE_BIN
        for first, last in stretches:
            if not one_bin and len(self.places) % _BIN + last - first > _BIN:
                self._leave()
            self.bounds.append((len(self.places), len(self.places) + last - first))
            self.places += places[first:last]
            self.marks += marks[first:last]
        if not one_bin:
            self._leave()
        self.bins = 1 if one_bin else len(self.places) // _BIN

    def edges(self, reach: int) -> tuple[list[int], list[int]]:
        """Numbers of the first and of the last rows of all stretches, so many of each."""
        firsts = [row for first, last in self.bounds for row in range(first, min(first + reach, last))]
        lasts = [row for first, last in self.bounds for row in range(max(last - reach, first), last)]
        return firsts, lasts

    def _leave(self) -> None:
        """Empty rows to the end of the bin."""
        empty = -len(self.places) % _BIN
        self.empty += range(len(self.places), len(self.places) + empty)
        self.places += [0] * empty
        self.marks += [NO_WORD] * empty


def _portions(stretches: Sequence[tuple[int, int]]) -> Iterator[Sequence[tuple[int, int]]]:
    """What one product can hold at a time."""
    first = size = 0
    for number, (start, end) in enumerate(stretches):
        size += end - start
        if size > ROWS_AT_ONCE and number > first:
            yield stretches[first:number]
            first, size = number, end - start
    yield stretches[first:]


def _level(x: Floats) -> Floats:
    squares = np.vecdot(x, x)
    squares *= np.float32(1.0 / x.shape[1])
    squares += np.float32(1e-5)
    out: Floats = x / np.sqrt(squares, out=squares)[:, None]
    return out


def _power(x: Floats) -> Floats:
    """The exponential, in place. Sixty more or less is all or nothing in any share."""
    np.maximum(np.minimum(x, _MOST, out=x), -_MOST, out=x)
    return np.exp(x, out=x)
