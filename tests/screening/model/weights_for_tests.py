"""Weights made of chance, small in nothing but their origin: the shapes are those of the shipped file."""

from __future__ import annotations

import numpy as np

from comity.screening.model import linear, sequence
from comity.screening.model.hashing import CHARACTER_BITS, WORD_BITS
from comity.screening.model.marks import MARK_COUNT
from comity.screening.model.weights import HEADS, Weights
from comity.screening.model.word_rows import ROW_BITS

__all__ = ["weights_of_chance"]


def weights_of_chance(width: int = 16, row: int = 8) -> Weights:
    """The same weights at every call."""
    chance = np.random.default_rng(3)

    def draw(*shape: int) -> np.ndarray:
        return (chance.standard_normal(shape) * 0.3).astype(np.float32)

    layers = {
        "inward": (width, row),
        "near": (width, 3 * width),
        "far": (width, 3 * width),
        "attend": (3 * width, width),
        "attended": (width, width),
        "widen": (2 * width, width),
        "narrow": (width, 2 * width),
        "pool": (4, width),
        "join": (32, 5 * width),
        "head": (len(HEADS), 32),
    }
    dense = {"rows": draw(1 << ROW_BITS, row), "marks": draw(MARK_COUNT, width)}
    for name, (outward, inward) in layers.items():
        dense[f"{name}.weight"] = draw(outward, inward)
        dense[f"{name}.bias"] = draw(outward)
    arrays = sequence.quantise(dense)
    arrays |= linear.quantise(draw((1 << CHARACTER_BITS) + (1 << WORD_BITS), len(HEADS)), 1 << CHARACTER_BITS)
    arrays["linear.bias"] = draw(len(HEADS))
    scale = {head: [0.6, 0.4, 0.0] for head in HEADS}
    return Weights(arrays, {"version": "chance", "calibration": {"en": scale, "fr": scale}})
