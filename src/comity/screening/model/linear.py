"""The linear half: hashed character and word n-grams, one weight each a head, in eight-bit integers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.screening.model.hashing import Layout, character_features, word_features
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
    """Reads a layout of one text. Holds no state: safe between threads."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._bias = arrays["linear.bias"]
        self._tables = [
            (features, arrays[f"linear.{name}"].view(np.int64).ravel(), arrays[f"linear.{name}.scale"])
            for name, features in (("characters", character_features), ("words", word_features))
        ]

    def logits(self, layout: Layout) -> Floats:
        """One logit a head for the one text laid out."""
        total = self._bias.copy()
        for features, table, scale in self._tables:
            numbers = features(layout)[0]
            if len(numbers):
                weights = table[numbers].view(np.int8).reshape(-1, _COLUMNS)[:, : len(HEADS)]
                total += weights.sum(axis=0, dtype=np.int32) * scale / np.float32(len(numbers) ** 0.5)
        return total

    def shares(self, layout: Layout, head: int) -> Floats:
        """How much each word of the one text laid out adds to a head's logit."""
        words = len(layout.word)
        total = np.zeros(words)
        for part, (features, table, scale) in enumerate(self._tables):
            numbers, _, places = features(layout)
            if len(numbers):
                weights = table[numbers].view(np.int8).reshape(-1, _COLUMNS)[:, head] * scale[head]
                # A run of characters belongs to the word that its middle falls in.
                middle = np.minimum(places + 2, len(layout.codes) - 1)
                owner = np.minimum(layout.word_of(middle), words - 1) if part == 0 else places
                total += np.bincount(owner, weights / len(numbers) ** 0.5, minlength=words)
        return total.astype(np.float32)
