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
    """Reads laid out texts. Holds no state: safe between threads."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._bias = arrays["linear.bias"]
        self._tables = [
            (features, arrays[f"linear.{name}"].view(np.int64).ravel(), arrays[f"linear.{name}.scale"])
            for name, features in (("characters", character_features), ("words", word_features))
        ]

    def logits(self, layout: Layout) -> Floats:
        """Logits (texts x heads) of a few texts laid out together."""
        total = np.tile(self._bias, (layout.texts, 1))
        texts = np.arange(layout.texts)[:, None]
        for features, table, scale in self._tables:
            numbers, owner, _ = features(layout)
            weights = table[numbers].view(np.int8).reshape(-1, _COLUMNS).astype(np.float32)
            # A product with zeros and ones is the quickest sum; of small whole numbers it is exact in any order.
            belongs = (owner == texts).astype(np.float32)
            length = np.sqrt(np.maximum(belongs.sum(axis=1, keepdims=True), 1))
            total += (belongs @ weights)[:, : len(HEADS)] * scale / length
        return total.astype(np.float32)

    def shares(self, layout: Layout, head: int) -> Floats:
        """How much each word of the one text laid out adds to a head's logit."""
        words = len(layout.word)
        total = np.zeros(words)
        for part, (features, table, scale) in enumerate(self._tables):
            numbers, _, places = features(layout)
            weights = table[numbers].view(np.int8).reshape(-1, _COLUMNS)[:, head] * scale[head]
            owner = places
            if part == 0:
                # A run of characters belongs to the word that its middle falls in.
                middle = np.minimum(places + 2, len(layout.codes) - 1)
                owner = np.minimum(layout.word_of(middle), words - 1)
            total += np.bincount(owner, weights, minlength=words) / max(len(numbers), 1) ** 0.5
        return total.astype(np.float32)
