"""The linear half: hashed character and word n-grams, one weight each a head, in eight-bit integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.screening.model.hashing import CHARACTER_KINDS, Layout, hashed_runs
from comity.screening.model.weights import HEADS

__all__ = ["LinearModel", "quantise"]

Floats = npt.NDArray[np.float32]

_COLUMNS = 8
"""Columns of the tables: the heads and one of padding, so that a feature's weights are one eight-byte number."""


def quantise(matrix: Floats, characters: int) -> dict[str, npt.NDArray[Any]]:
    """Tables for the weight file from weights (features x heads), the first `characters` rows being the characters'."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, part in (("characters", matrix[:characters]), ("words", matrix[characters:])):
        scale = np.maximum(np.abs(part).max(axis=0), 1e-6) / 127
        table = np.zeros((len(part), _COLUMNS), dtype=np.int8)
        table[:, : len(HEADS)] = np.rint(part / scale)
        arrays[f"linear.{name}"] = table
        arrays[f"linear.{name}.scale"] = scale.astype(np.float32)
    return arrays


class LinearModel:
    """Reads laid out texts. Holds no state: safe between threads."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._bias = arrays["linear.bias"]
        self._scales = np.stack([arrays["linear.characters.scale"], arrays["linear.words.scale"]])[:, None]
        self._parts = [
            (kinds, arrays[f"linear.{name}"].view(np.int64).ravel(), arrays[f"linear.{name}.scale"])
            for name, kinds in (("characters", slice(0, CHARACTER_KINDS)), ("words", slice(CHARACTER_KINDS, None)))
        ]

    def logits(self, layout: Layout) -> Floats:
        """Logits (texts x heads) of a few texts laid out together."""
        runs = hashed_runs(layout)
        first, last = runs.characters, len(runs.numbers)
        # One row of nothing at the end: a text's runs may end there, and those of a text that has none begin there.
        rows = np.zeros(last + 1, dtype=np.int64)
        rows[:first] = self._parts[0][1][runs.numbers[:first]]
        rows[first:last] = self._parts[1][1][runs.numbers[first:]]
        weights = rows.view(np.int8).reshape(-1, _COLUMNS).astype(np.float32)
        # Sums of small whole numbers are exact in any order.
        sums = np.add.reduceat(weights, runs.bounds.ravel(), axis=0)[::2].reshape(-1, layout.texts, _COLUMNS)
        parts = np.add.reduceat(sums, [0, CHARACTER_KINDS], axis=0)[..., : len(HEADS)] * self._scales
        counts = runs.counts.astype(np.float32)[..., None]
        parts /= np.sqrt(np.maximum(counts, 1, out=counts), out=counts)
        total: Floats = parts[0] + parts[1]
        total += self._bias
        return total

    def shares(self, layout: Layout, columns: Sequence[int]) -> npt.NDArray[np.float64]:
        """How much each word of the one text laid out adds to the logits of some heads (heads x words)."""
        words = len(layout.word)
        runs = hashed_runs(layout)
        total = np.zeros((len(columns), words))
        for part, (kinds, table, scale) in enumerate(self._parts):
            numbers, _, owners = runs.features(kinds)
            if not len(owners):
                continue
            weights = table[numbers].view(np.int8).reshape(-1, _COLUMNS)
            if part == 0:
                # A run of characters belongs to the word that its middle falls in.
                owners = np.minimum(layout.word_of(np.minimum(owners + 2, len(layout.codes) - 1)), words - 1)
            for row, column in zip(total, columns, strict=True):
                sums = np.bincount(owners, weights[:, column], words)
                row += sums * (float(scale[column]) / len(numbers) ** 0.5)
        return total
