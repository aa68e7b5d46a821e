"""The attentive half: words in their order and scope, through two convolutions, one attention layer and pools.

Written in numpy for one text at a time; `comity.screening.training.sequence_fit` holds the same network for training
and a test holds the two equal.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.screening.model.hashing import Layout
from comity.screening.model.marks import MARK_COUNT

__all__ = ["WORDS_AT_ONCE", "SequenceModel", "quantise"]

Floats = npt.NDArray[np.float32]

WORDS_AT_ONCE = 64
"""Longer texts are read in stretches of this many words."""
_OVERLAP = 16
_FAR = 1e4
_GAP = 2
"""The farthest that a convolution looks."""
_KNOWN_WORDS = 16_384
_BITS = np.arange(MARK_COUNT)


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


class _Known:
    """Vectors of words met before. Filled under a lock; a full one is replaced, never emptied under its readers."""

    def __init__(self, width: int) -> None:
        self.places: dict[str, int] = {}
        self.vectors = np.empty((_KNOWN_WORDS, width), dtype=np.float32)


class SequenceModel:
    """Reads one text's words. Safe between threads."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._rows = arrays["sequence.rows"]
        self._scale = arrays["sequence.rows.scale"]
        self._dense = {
            name.removeprefix("sequence."): np.ascontiguousarray(
                value.astype(np.float32).T if value.ndim == 2 else value, dtype=np.float32
            )
            for name, value in arrays.items()
            if name.startswith("sequence.") and "rows" not in name
        }
        self._dense["marks"] = np.ascontiguousarray(self._dense["marks"].T)
        self._heads = 4
        self._known = _Known(self._rows.shape[1])
        self._lock = threading.Lock()

    def _vectors(self, words: Sequence[str], layout: Layout) -> Floats:
        known = self._known
        places = known.places
        try:
            return known.vectors[[places[word] for word in words]]
        except KeyError:
            with self._lock:
                return self._learn(words, layout)

    def _learn(self, words: Sequence[str], layout: Layout) -> Floats:
        known = self._known
        new = {word: number for number, word in enumerate(words) if word not in known.places}
        if len(known.places) + len(new) > len(known.vectors):
            known = _Known(self._rows.shape[1])
            new = {word: number for number, word in enumerate(words)}
        if new:
            rows, starts = layout.rows_of(list(new.values()))
            values = self._rows[rows] * self._scale[rows, None].astype(np.float32)
            counts = np.diff(starts, append=len(rows)).astype(np.float32)
            first = len(known.places)
            known.vectors[first : first + len(new)] = np.add.reduceat(values, starts, axis=0) / np.sqrt(counts)[:, None]
            known.places.update(zip(new, range(first, first + len(new)), strict=True))
            self._known = known
        return known.vectors[[known.places[word] for word in words]]

    def logits(self, words: Sequence[str], layout: Layout) -> Floats:
        """Logits (texts x heads) of a few texts read together, none of which sees another.

        Args:
            words: the texts' words, one text after the other.
            layout: the same texts laid out, and read by `character_features`. None may be without words.
        """
        vectors = self._vectors(words, layout)
        marks = layout.marks
        bounds = np.searchsorted(layout.text_of_word, np.arange(layout.texts + 1)).tolist()
        short = [slice(first, last) for first, last in pairwise(bounds) if last - first <= WORDS_AT_ONCE]
        if len(short) == layout.texts:
            return self._read(vectors, marks, short)
        out = np.empty((layout.texts, len(self._dense["head.bias"])), dtype=np.float32)
        for text, (first, last) in enumerate(pairwise(bounds)):
            # Of a text too long to be read at once, the highest logit of each head among its stretches counts.
            starts = range(first, max(last - _OVERLAP, first + 1), WORDS_AT_ONCE - _OVERLAP)
            stretches = [slice(start, min(start + WORDS_AT_ONCE, last)) for start in starts]
            out[text] = np.max([self._read(vectors, marks, [stretch]) for stretch in stretches], axis=0)[0]
        return out

    def _read(self, vectors: Floats, marks: npt.NDArray[np.int64], texts: Sequence[slice]) -> Floats:
        dense = self._dense
        if len(texts) == 1:
            vectors, marks = vectors[texts[0]], marks[texts[0]]
        x = vectors @ dense["inward.weight"]
        x += dense["inward.bias"]
        x += (marks[:, None] >> _BITS & 1).astype(np.float32) @ dense["marks"]
        apart = _Apart([text.stop - text.start for text in texts]) if len(texts) > 1 else None
        if apart is not None:
            x = apart.spread(x)
        count, width = x.shape
        for layer, distance in (("near", 1), ("far", 2)):
            wide = np.zeros((count, 3 * width), dtype=np.float32)
            wide[:, width : 2 * width] = x
            if count > distance:
                wide[distance:, :width] = x[:-distance]
                wide[:-distance, 2 * width :] = x[distance:]
            y = wide @ dense[f"{layer}.weight"]
            y += dense[f"{layer}.bias"]
            x += np.maximum(y, 0, out=y)
            if apart is not None:
                x *= apart.inside
        heads = self._heads
        attended = _level(x) @ dense["attend.weight"]
        attended += dense["attend.bias"]
        q, k, v = attended.reshape(count, 3, heads, -1).transpose(1, 2, 0, 3)
        affinity = q @ k.transpose(0, 2, 1)
        affinity *= np.float32((width // heads) ** -0.5)
        if apart is not None:
            affinity += apart.strangers
        x += (_softmax(affinity, -1) @ v).transpose(1, 0, 2).reshape(count, width) @ dense["attended.weight"]
        x += dense["attended.bias"]
        y = _level(x) @ dense["widen.weight"]
        y += dense["widen.bias"]
        x += np.maximum(y, 0, out=y) @ dense["narrow.weight"]
        x += dense["narrow.bias"]
        x = _level(x)
        pools = x @ dense["pool.weight"]
        pools += dense["pool.bias"]
        if apart is None:
            joined = np.concatenate(((_softmax(pools, 0).T @ x).ravel(), x.max(axis=0)))[None]
        else:
            joined = apart.join(pools, x)
        hidden = np.maximum(joined @ dense["join.weight"] + dense["join.bias"], 0)
        out: Floats = hidden @ dense["head.weight"] + dense["head.bias"]
        return out


class _Apart:
    """Texts laid in one row with two empty places between them, so that no convolution reaches from one to the next."""

    def __init__(self, lengths: Sequence[int]) -> None:
        before = [0, *accumulate(length + _GAP for length in lengths)]
        starts = np.array(before[:-1], dtype=np.int64)
        owner = np.full(int(starts[-1]) + lengths[-1], -1)
        for number, (start, length) in enumerate(zip(starts.tolist(), lengths, strict=True)):
            owner[start : start + length] = number
        self.starts = starts
        self.owner = owner
        self.places = owner >= 0
        self.inside = self.places[:, None].astype(np.float32)
        """1 in texts, 0 between them."""
        self.strangers = np.where(owner[:, None] == owner, np.float32(0), np.float32(-_FAR))
        """Added to affinities, so that no text attends to another."""

    def spread(self, x: Floats) -> Floats:
        """The words' rows, with nothing between the texts."""
        out = np.zeros((len(self.owner), x.shape[1]), dtype=np.float32)
        out[self.places] = x
        return out

    def join(self, pools: Floats, x: Floats) -> Floats:
        """Each text's pools and the highest of its places, side by side."""
        between = (self.inside - 1) * np.float32(_FAR)
        x = x + between
        pools = pools + between
        pools -= np.maximum.reduceat(pools, self.starts, axis=0)[self.owner]
        belongs = self.owner == np.arange(len(self.starts))[:, None]
        share = np.exp(np.minimum(pools, 0)).T * belongs[:, None, :]
        share /= share.sum(axis=-1, keepdims=True)
        texts = len(self.starts)
        pooled = (share.reshape(-1, len(self.owner)) @ x).reshape(texts, -1)
        return np.concatenate((pooled, np.maximum.reduceat(x, self.starts, axis=0)), axis=1)


def _level(x: Floats) -> Floats:
    squares = np.einsum("ij,ij->i", x, x)
    scale: Floats = 1.0 / np.sqrt(squares / np.float32(x.shape[1]) + np.float32(1e-5))
    return x * scale[:, None]


def _softmax(x: Floats, axis: int) -> Floats:
    x -= x.max(axis=axis, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=axis, keepdims=True)
    return x
