"""Fit the scale of each language and head on dev: how much each half counts, and where the even chance lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from comity.screening.model.fusion import CLIP
from comity.screening.training.rows import HEADS, Row

__all__ = ["LANGUAGES", "Calibration", "dev_weights", "fit_fusion"]

Floats = npt.NDArray[np.float64]
Calibration = dict[str, dict[str, list[float]]]

LANGUAGES = ("en", "fr", "de")
_FEWEST = 40
"""With fewer positives than this in a language, its scale is fitted on all languages together."""
_ORIGIN_SHARE = {"native": 1.0, "frame": 0.6, "own": 1.0, "pseudo": 0.2, "prose": 0.3, "apart": 0.0}
"""What is kept apart is read for the figures alone."""
_PRIOR = np.array([0.6, 0.3, 0.0])
_PRIOR_STRENGTH = 5.0
_LINEAR_ALONE = frozenset({"spam"})
"""The sequence model sees too few advertisements; its opinion on them is left out."""


def dev_weights(rows: Sequence[Row], weights: npt.NDArray[np.float32]) -> Floats:
    """Balanced weights with each origin of a language brought to its share of the whole."""
    out = weights.astype(np.float64)
    cells: dict[tuple[str, str], list[int]] = {}
    for number, row in enumerate(rows):
        cells.setdefault((row.language, row.origin), []).append(number)
    for (_, origin), inside in cells.items():
        total = out[inside].sum(axis=0)
        out[inside] *= np.where(total > 0, 1000 * _ORIGIN_SHARE[origin] / np.maximum(total, 1e-9), 0)
    return out


def _logistic(features: Floats, labels: Floats, weights: Floats) -> list[float]:
    """Weighted logistic regression with a weak pull to a common guess; the two halves never count against the text."""
    weights = weights * (len(weights) / weights.sum())
    beta = _PRIOR.copy()
    for _ in range(60):
        chances = 1 / (1 + np.exp(-np.clip(features @ beta, -30, 30)))
        slope = features.T @ (weights * (chances - labels)) + _PRIOR_STRENGTH * (beta - _PRIOR) * (1, 1, 0)
        bend = features.T @ (features * (weights * chances * (1 - chances))[:, None]) + np.diag(
            [_PRIOR_STRENGTH] * 2 + [1e-3]
        )
        step = np.linalg.solve(bend, slope)
        beta = beta - np.clip(step, -1, 1)
        beta[:2] = np.maximum(beta[:2], 0)
        if np.abs(step).max() < 1e-6:
            break
    return [round(float(value), 4) for value in beta]


def fit_fusion(
    rows: Sequence[Row],
    labels: npt.NDArray[np.float32],
    weights: Floats,
    sequence: npt.NDArray[np.float32],
    linear: npt.NDArray[np.float32],
) -> Calibration:
    """Three numbers a language and head (see `Fusion`), from logits on dev rows."""
    languages = np.array([row.language for row in rows])
    out: Calibration = {}
    for language in LANGUAGES:
        out[language] = {}
        for column, head in enumerate(HEADS):
            known = weights[:, column] > 0
            inside = known & (languages == language)
            if min(labels[inside, column].sum(), (1 - labels[inside, column]).sum()) < _FEWEST:
                inside = known
            if not labels[inside, column].any():
                out[language][head] = [0.0, 1.0, -4.0]
                continue
            first = np.clip(sequence[inside, column], -CLIP, CLIP) * (head not in _LINEAR_ALONE)
            second = np.clip(linear[inside, column], -CLIP, CLIP)
            features = np.stack([first, second, np.ones(len(first))], axis=1).astype(np.float64)
            out[language][head] = _logistic(
                features, labels[inside, column].astype(np.float64), weights[inside, column]
            )
    return out
