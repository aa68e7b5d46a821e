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
from comity.screening.model.vocabulary import Vocabulary, WordRows

__all__ = ["ROWS_AT_ONCE", "WORDS_AT_ONCE", "SequenceModel", "quantise"]

Floats = npt.NDArray[np.float32]

WORDS_AT_ONCE = 64
"""Longer texts are read in stretches of this many words."""
_OVERLAP = 16
_FARTHEST = 2
"""The farthest that a convolution looks."""
ROWS_AT_ONCE = 256
"""Rows of one product: what the processor's near memory holds."""
_HEADS = 4
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
            dense[name] = _with_ones(dense[name], width, 0 if name == "attend.weight" else 1)
        dense["pool.weight"] = np.ascontiguousarray(dense["pool.weight"].T)
        dense["pool.bias"] = dense["pool.bias"][:, None]
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
        read = [self._read(words, layout.marks, some) for some in _portions(stretches)]
        out: Floats = read[0] if len(read) == 1 else np.concatenate(read)
        if len(stretches) > layout.texts:
            out = np.maximum.reduceat(out, np.searchsorted(owners, np.arange(layout.texts)), axis=0)
        return out

    def _read(self, words: WordRows, marks: list[int], stretches: Sequence[tuple[int, int]]) -> Floats:
        """Logits of some stretches, their rows one after the other."""
        dense = self._dense
        rows = _Rows(words.places, marks, stretches)
        layers = self.vocabulary.layers(words.known, rows.places, rows.marks)
        count, _, width = layers.shape
        # No convolution looks past the ends of a stretch.
        firsts, lasts = rows.edges(1)
        layers[lasts, 1] = 0
        layers[firsts, 3] = 0
        y = layers[:, 2]
        y[1:] += layers[:-1, 1]
        y[:-1] += layers[1:, 3]
        x = np.maximum(y, 0)
        x += layers[:, 0]
        far = (x @ self._far).reshape(count, 3, width)
        firsts, lasts = rows.edges(_FARTHEST)
        far[lasts, 0] = 0
        far[firsts, 2] = 0
        y = far[:, 1]
        y += dense["far.bias"]
        y[_FARTHEST:] += far[:-_FARTHEST, 0]
        y[:-_FARTHEST] += far[_FARTHEST:, 2]
        x += np.maximum(y, 0, out=y)
        x += self._attended(x, rows.bounds) @ dense["attended.weight"]
        x += dense["attended.bias"]
        y = _level(x) @ dense["widen.weight"]
        y += dense["widen.bias"]
        x += np.maximum(y, 0, out=y) @ dense["narrow.weight"]
        x += dense["narrow.bias"]
        x = _level(x)
        pools = dense["pool.weight"] @ x.T
        pools += dense["pool.bias"]
        share = _power(pools)
        joined = np.empty((len(stretches), len(share) + 1, width), dtype=np.float32)
        for number, (first, last) in enumerate(rows.bounds):
            own = x[first:last]
            np.matmul(share[:, first:last], own, out=joined[number, :-1])
            np.maximum.reduce(own, axis=0, out=joined[number, -1])
        joined[:, :-1] /= np.add.reduceat(share, [first for first, _ in rows.bounds], axis=1).T[..., None]
        hidden = joined.reshape(len(stretches), -1) @ dense["join.weight"]
        hidden += dense["join.bias"]
        out: Floats = np.maximum(hidden, 0, out=hidden) @ dense["head.weight"]
        out += dense["head.bias"]
        return out

    def _attended(self, x: Floats, bounds: Sequence[tuple[int, int]]) -> Floats:
        """What each place takes from the places of its own stretch."""
        count, width = x.shape
        attended = _level(x) @ self._dense["attend.weight"]
        attended += self._dense["attend.bias"]
        q = attended[:, :width].reshape(count, _HEADS, -1).transpose(1, 0, 2)
        k = attended[:, width : 2 * width].reshape(count, _HEADS, -1).transpose(1, 2, 0)
        # Each head's values end with a one, which sums the shares in the same product.
        v = attended[:, 2 * width :].reshape(count, _HEADS, -1).transpose(1, 0, 2)
        affinity = np.empty(_HEADS * sum([(last - first) ** 2 for first, last in bounds]), dtype=np.float32)
        blocks: list[Floats] = []
        start = 0
        for first, last in bounds:
            size = last - first
            block = affinity[start : start + _HEADS * size * size].reshape(_HEADS, size, size)
            np.matmul(q[:, first:last], k[:, :, first:last], out=block)
            blocks.append(block)
            start += block.size
        _power(affinity)
        taken = np.empty((count, _HEADS, v.shape[2]), dtype=np.float32)
        by_head = taken.transpose(1, 0, 2)
        for block, (first, last) in zip(blocks, bounds, strict=True):
            np.matmul(block, v[:, first:last], out=by_head[:, first:last])
        summed: Floats = taken[..., :-1] / taken[..., -1:]
        return summed.reshape(count, width)


class _Rows:
    """Stretches laid out row by row."""

    def __init__(self, places: list[int], marks: list[int], stretches: Sequence[tuple[int, int]]) -> None:
        self.bounds: list[tuple[int, int]] = []
        """First row and end of each stretch."""
        self.places: list[int] = []
        self.marks: list[int] = []
        for first, last in stretches:
            self.bounds.append((len(self.places), len(self.places) + last - first))
            self.places += places[first:last]
            self.marks += marks[first:last]

    def edges(self, reach: int) -> tuple[list[int], list[int]]:
        """Numbers of the first and of the last rows of all stretches, so many of each."""
        if reach == 1:
            return [first for first, _ in self.bounds], [last - 1 for _, last in self.bounds]
        firsts = [row for first, last in self.bounds for row in range(first, min(first + reach, last))]
        lasts = [row for first, last in self.bounds for row in range(max(last - reach, first), last)]
        return firsts, lasts


def _portions(stretches: Sequence[tuple[int, int]]) -> Iterator[Sequence[tuple[int, int]]]:
    """What one product can hold at a time."""
    first = size = 0
    for number, (start, end) in enumerate(stretches):
        size += end - start
        if size > ROWS_AT_ONCE and number > first:
            yield stretches[first:number]
            first, size = number, end - start
    yield stretches[first:]


def _with_ones(asked: Floats, width: int, value: float) -> Floats:
    """What attention asks of each place, with one more column behind the values of each head."""
    values = asked[..., 2 * width :].reshape(*asked.shape[:-1], _HEADS, -1)
    column = np.full((*values.shape[:-1], 1), value, dtype=np.float32)
    longer = np.concatenate((values, column), axis=-1).reshape(*asked.shape[:-1], -1)
    return np.concatenate((asked[..., : 2 * width], longer), axis=-1)


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
