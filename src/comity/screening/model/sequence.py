"""The attentive half: words in their order and scope, through two convolutions, one attention layer and pools.

Written in numpy for one text at a time; `comity.screening.training.sequence_fit` holds the same network for training
and a test holds the two equal.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.screening.model.hashing import word_rows
from comity.screening.model.marks import MARK_COUNT

__all__ = ["WORDS_AT_ONCE", "SequenceModel", "quantise"]

Floats = npt.NDArray[np.float32]

WORDS_AT_ONCE = 64
"""Longer texts are read in stretches of this many words."""
_OVERLAP = 16
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

    def _vectors(self, words: Sequence[str]) -> Floats:
        known = self._known
        places = known.places
        try:
            return known.vectors[[places[word] for word in words]]
        except KeyError:
            with self._lock:
                return self._learn(words)

    def _learn(self, words: Sequence[str]) -> Floats:
        known = self._known
        new = [word for word in dict.fromkeys(words) if word not in known.places]
        if len(known.places) + len(new) > len(known.vectors):
            known = _Known(self._rows.shape[1])
            new = list(dict.fromkeys(words))
        if new:
            rows, starts = word_rows(new)
            values = self._rows[rows] * self._scale[rows, None].astype(np.float32)
            counts = np.diff(starts, append=len(rows)).astype(np.float32)
            first = len(known.places)
            known.vectors[first : first + len(new)] = np.add.reduceat(values, starts, axis=0) / np.sqrt(counts)[:, None]
            known.places.update(zip(new, range(first, first + len(new)), strict=True))
            self._known = known
        return known.vectors[[known.places[word] for word in words]]

    def logits(self, words: Sequence[str], marks: npt.NDArray[np.int64]) -> Floats:
        """One logit a head; of a long text, the highest of its stretches for each head."""
        if not words:
            words, marks = ("",), np.zeros(1, dtype=np.int64)
        if len(words) <= WORDS_AT_ONCE:
            return self._stretch(words, marks)
        step = WORDS_AT_ONCE - _OVERLAP
        highest: Floats = np.max(
            [
                self._stretch(words[start : start + WORDS_AT_ONCE], marks[start : start + WORDS_AT_ONCE])
                for start in range(0, len(words) - _OVERLAP, step)
            ],
            axis=0,
        )
        return highest

    def _stretch(self, words: Sequence[str], marks: npt.NDArray[np.int64]) -> Floats:
        dense = self._dense
        count = len(words)
        bits = (marks[:, None] >> _BITS & 1).astype(np.float32)
        x = self._vectors(words) @ dense["inward.weight"]
        x += dense["inward.bias"]
        x += bits @ dense["marks"]
        width = x.shape[1]
        for layer, distance in (("near", 1), ("far", 2)):
            wide = np.zeros((count, 3 * width), dtype=np.float32)
            wide[:, width : 2 * width] = x
            if count > distance:
                wide[distance:, :width] = x[:-distance]
                wide[:-distance, 2 * width :] = x[distance:]
            y = wide @ dense[f"{layer}.weight"]
            y += dense[f"{layer}.bias"]
            x += np.maximum(y, 0, out=y)
        heads = self._heads
        q, k, v = (
            (_level(x) @ dense["attend.weight"] + dense["attend.bias"])
            .reshape(count, 3, heads, -1)
            .transpose(1, 2, 0, 3)
        )
        affinity = _softmax(q @ k.transpose(0, 2, 1) * np.float32((width // heads) ** -0.5), -1)
        x += (affinity @ v).transpose(1, 0, 2).reshape(count, width) @ dense["attended.weight"]
        x += dense["attended.bias"]
        y = _level(x) @ dense["widen.weight"]
        y += dense["widen.bias"]
        x += np.maximum(y, 0, out=y) @ dense["narrow.weight"]
        x += dense["narrow.bias"]
        x = _level(x)
        share = _softmax(x @ dense["pool.weight"] + dense["pool.bias"], 0)
        joined = np.concatenate(((share.T @ x).ravel(), x.max(axis=0)))
        hidden = np.maximum(joined @ dense["join.weight"] + dense["join.bias"], 0)
        out: Floats = hidden @ dense["head.weight"] + dense["head.bias"]
        return out


def _level(x: Floats) -> Floats:
    squares = np.einsum("ij,ij->i", x, x)
    scale: Floats = 1.0 / np.sqrt(squares / np.float32(x.shape[1]) + np.float32(1e-5))
    return x * scale[:, None]


def _softmax(x: Floats, axis: int) -> Floats:
    x -= x.max(axis=axis, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=axis, keepdims=True)
    return x
