"""The linear half: hashed character and word n-grams, one weight each a head, in eight-bit integers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.screening.model.hashing import Layout, character_features, word_features
from comity.screening.model.weights import HEADS

__all__ = ["LinearModel", "LinearReading", "quantise"]

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

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


class LinearReading:
    """What the linear model sees in one text: each n-gram's weights and the word that it belongs to."""

    def __init__(self, logits: Floats, layout: Layout) -> None:
        self.logits = logits
        """One a head."""
        self.parts: list[tuple[Floats, Places, Floats]] = []
        """N-grams' whole-number weights (n-grams x columns), the place of each, what a unit is worth in each head."""
        self._layout = layout

    def shares(self, head: int) -> Floats:
        """How much each word adds to a head's logit."""
        layout = self._layout
        words = len(layout.word)
        total = np.zeros(words)
        for part, (weights, places, worth) in enumerate(self.parts):
            owner = places
            if part == 0:
                # A run of characters belongs to the word that its middle falls in.
                middle = np.minimum(places + 2, len(layout.codes) - 1)
                owner = np.minimum(layout.word_of(middle), words - 1)
            total += np.bincount(owner, weights[:, head], minlength=words) * worth[head]
        return total.astype(np.float32)


class LinearModel:
    """Reads a layout of one text. Holds no state: safe between threads."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._bias = arrays["linear.bias"]
        self._tables = [
            (features, arrays[f"linear.{name}"].view(np.int64).ravel(), arrays[f"linear.{name}.scale"])
            for name, features in (("characters", character_features), ("words", word_features))
        ]

    def read(self, layout: Layout) -> LinearReading:
        """The reading of the one text laid out."""
        reading = LinearReading(self._bias.copy(), layout)
        for features, table, scale in self._tables:
            numbers, _, places = features(layout)
            weights = table[numbers].view(np.int8).reshape(-1, _COLUMNS).astype(np.float32)
            worth: Floats = (scale / max(len(numbers), 1) ** 0.5).astype(np.float32)
            # Sums of small whole numbers are exact in any order; a product with ones is the quickest sum.
            sums = np.ones(len(numbers), dtype=np.float32) @ weights
            reading.logits += sums[: len(HEADS)] * worth
            reading.parts.append((weights, places, worth))
        return reading
