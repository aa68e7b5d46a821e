"""Fit the linear model: one logistic regression a head over hashed features, by Adagrad, labels masked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import sparse

__all__ = ["fit_linear"]

Report = Callable[[str], None]
Floats = npt.NDArray[np.float32]

_RATE = np.float32(0.35)
_BATCH = 2048
_SHRINK = np.float32(2e-6)


def fit_linear(
    features: sparse.csr_matrix, labels: Floats, weights: Floats, *, passes: int, seed: int, report: Report
) -> tuple[Floats, Floats]:
    """Weights (features x heads) and biases; the average over the last half of the passes."""
    chance = np.random.default_rng(seed)
    heads = labels.shape[1]
    matrix = np.zeros((features.shape[1], heads), dtype=np.float32)
    bias = np.zeros(heads, dtype=np.float32)
    squares = np.full_like(matrix, 1e-8)
    bias_squares = np.full(heads, 1e-6, dtype=np.float32)
    total = np.zeros_like(matrix)
    root, shrunk = np.empty_like(matrix), np.empty_like(matrix)
    averaged = 0
    scale = weights.sum(axis=0) / np.maximum((weights > 0).sum(axis=0), 1)
    weights = weights / np.maximum(scale, 1e-6)
    for number in range(passes):
        order = chance.permutation(features.shape[0])
        loss = 0.0
        for start in range(0, len(order), _BATCH):
            inside = np.sort(order[start : start + _BATCH])
            batch = features[inside]
            given, weight = labels[inside], weights[inside]
            logits = batch @ matrix + bias
            chances = 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))
            error = ((chances - given) * weight / np.float32(len(inside))).astype(np.float32)
            loss += float((weight * np.logaddexp(0, np.where(given > 0.5, -logits, logits))).sum()) / len(order)
            gradient = batch.T @ error
            gradient += np.multiply(matrix, _SHRINK, out=shrunk)
            squares += np.multiply(gradient, gradient, out=root)
            gradient *= _RATE
            gradient /= np.sqrt(squares, out=root)
            matrix -= gradient
            slope = error.sum(axis=0)
            bias_squares += slope * slope
            bias -= (0.05 * slope / np.sqrt(bias_squares)).astype(np.float32)
        if number >= passes // 2:
            total += matrix
            averaged += 1
        report(f"linear: pass {number + 1} of {passes}, loss {loss:.4f}")
    return (total / np.float32(averaged)).astype(np.float32), bias
