"""Fit the scale on dev as the detector reads it, by sentence and with rounded weights; take the figures from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.screening.model.classifier import Classifier
from comity.screening.model.fusion import CLIP, Fusion
from comity.screening.model.marks import marked_words
from comity.screening.model.sentences import sentence_places
from comity.screening.model.weights import HEADS, Weights
from comity.screening.normalise import prepare
from comity.screening.training.fusion_fit import Calibration, dev_weights, fit_fusion
from comity.screening.training.labels import balance
from comity.screening.training.rows import Row

__all__ = ["DevReading", "crossed_scores", "fit_scale", "read_dev"]

Floats = npt.NDArray[np.float32]


@dataclass(slots=True)
class DevReading:
    """Logits of every sentence of dev."""

    rows: list[Row]
    owner: npt.NDArray[np.int64]
    """Which row a sentence is of."""
    sequence: Floats
    linear: Floats
    counts: list[int] = field(default_factory=list)
    """How many words each sentence has."""

    def highest(self, logits: Floats) -> Floats:
        """The highest of each row's sentences, head by head."""
        out = np.full((len(self.rows), len(HEADS)), -CLIP, dtype=np.float32)
        np.maximum.at(out, self.owner, logits)
        return out


def read_dev(rows: list[Row], arrays: Mapping[str, npt.NDArray[Any]]) -> DevReading:
    """Read dev with the weights as they ship."""
    any_scale = {"en": dict.fromkeys(HEADS, (1.0, 1.0, 0.0))}
    classifier = Classifier(Weights(arrays, {"version": "", "calibration": any_scale}))
    sentences: list[str] = []
    owners: list[int] = []
    for number, row in enumerate(rows):
        text = prepare(row.text, row.language)
        for start, end in sentence_places(text):
            sentences.append(row.text[start:end])
            owners.append(number)
    kept: list[int] = []
    counts: list[int] = []
    sequence: list[Floats] = []
    linear: list[Floats] = []
    for places, one, other in classifier.logits_of(sentences):
        kept.extend(owners[place] for place in places)
        counts.extend(len(marked_words(sentences[place]).words) for place in places)
        sequence.append(one)
        linear.append(other)
    return DevReading(rows, np.array(kept), np.concatenate(sequence), np.concatenate(linear), counts)


def fit_scale(reading: DevReading) -> Calibration:
    """The scale of each language and head, on all of dev."""
    return _fit(reading, np.arange(len(reading.rows)))


def _fit(reading: DevReading, inside: npt.NDArray[np.int64]) -> Calibration:
    rows = [reading.rows[number] for number in inside]
    labels, weights = balance(rows)
    # A label speaks of the whole text: the more sentences, the less it says of the one that scores highest.
    sentences = np.bincount(reading.owner, minlength=len(reading.rows))[inside]
    return fit_fusion(
        rows,
        labels,
        dev_weights(rows, (weights / np.maximum(sentences, 1)[:, None]).astype(np.float32)),
        reading.highest(reading.sequence)[inside],
        reading.highest(reading.linear)[inside],
    )


def crossed_scores(reading: DevReading) -> Floats:
    """Scores on dev (rows x heads) whose scale was fitted on the other half of dev: what the figures are taken from."""
    scores = np.zeros((len(reading.rows), len(HEADS)), dtype=np.float32)
    half = (np.arange(len(reading.rows)) % 2)[reading.owner]
    for side in (0, 1):
        fusion = Fusion(_fit(reading, np.flatnonzero(np.arange(len(reading.rows)) % 2 != side)))
        here = np.flatnonzero(half == side)
        languages = [reading.rows[row].language for row in reading.owner[here]]
        counts = [reading.counts[place] for place in here] if reading.counts else ()
        found = fusion.scores(reading.sequence[here], reading.linear[here], languages, counts)
        np.maximum.at(scores, reading.owner[here], found.astype(np.float32))
    return scores
