"""The two halves together: scores of a text, and the words that they rest on."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from comity.screening.model.fusion import Fusion
from comity.screening.model.hashing import lay_out
from comity.screening.model.linear import LinearModel, LinearReading
from comity.screening.model.sequence import SequenceModel
from comity.screening.model.tokens import Tokens, tokenise
from comity.screening.model.weights import HEADS, Weights, shipped

__all__ = ["Classifier", "Reading", "shipped_classifier"]

Span = tuple[int, int]

_SHOWN = 3
_LEAST_SHARE = 0.3
"""Words that add less than this part of what the strongest word adds are not shown."""


class Reading:
    """What the classifier made of one text."""

    def __init__(self, scores: dict[str, float], tokens: Tokens, linear: LinearReading | None) -> None:
        self.scores = scores
        """Score of each head, 0 to 1, four decimals; 0.5 is the even chance."""
        self._tokens = tokens
        self._linear = linear

    def evidence(self, head: str) -> tuple[tuple[Span, ...], tuple[str, ...]]:
        """The words that raise a head most: their places in the original text, in order, and the words as read."""
        if self._linear is None:
            return (), ()
        tokens = self._tokens
        shares = self._linear.shares(HEADS.index(head))
        order = [int(place) for place in np.argsort(-shares, kind="stable")[:_SHOWN]]
        least = max(float(shares[order[0]]) * _LEAST_SHARE, 0.0)
        chosen = sorted(place for place in order if shares[place] > least or place == order[0])
        spans: list[Span] = []
        for place in chosen:
            start, end = tokens.starts[place], tokens.ends[place]
            if spans and start <= spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return tuple(spans), tuple(tokens.words[place] for place in chosen)


class Classifier:
    """Scores texts. Holds the weights once; safe between threads."""

    def __init__(self, weights: Weights) -> None:
        self.version = str(weights.about["version"])
        self._linear = LinearModel(weights.arrays)
        self._sequence = SequenceModel(weights.arrays)
        self._fusion = Fusion(weights.about["calibration"])

    def read(self, text: str, language: str) -> Reading:
        """Scores of a text, and on demand the words that they rest on.

        Args:
            text: the original text.
            language: two letters; one that was not calibrated is read with the English scale.
        """
        tokens = tokenise(text)
        if not tokens.words:
            return Reading(dict.fromkeys(HEADS, 0.0), tokens, None)
        layout = lay_out([tokens])
        linear = self._linear.read(layout)
        sequence = self._sequence.logits(tokens.words, layout.marks)
        scores = self._fusion.scores(sequence, linear.logits, language).round(4).tolist()
        return Reading(dict(zip(HEADS, scores, strict=True)), tokens, linear)

    def scores(self, text: str, language: str) -> dict[str, float]:
        """The scores alone."""
        return self.read(text, language).scores


@lru_cache(maxsize=1)
def shipped_classifier() -> Classifier:
    """The classifier with the weights that come with the package. Raises `WeightsError`."""
    return Classifier(shipped())
