"""The two halves together: scores of a text, and the words that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from comity.screening.model.fusion import Fusion
from comity.screening.model.hashing import lay_out
from comity.screening.model.linear import LinearModel
from comity.screening.model.marks import MarkedWords, marked_words
from comity.screening.model.sequence import ROWS_AT_ONCE, SequenceModel
from comity.screening.model.tokens import Tokens, tokenise
from comity.screening.model.weights import HEADS, Weights, shipped

__all__ = ["Classifier", "shipped_classifier"]

Span = tuple[int, int]
Evidence = tuple[tuple[Span, ...], tuple[str, ...]]
Floats = npt.NDArray[np.float32]

_PARTS = 10_000.0
"""Scores are told in parts of one in so many."""
_SHOWN = 3
_LEAST_SHARE = 0.3
"""Words that add less than this part of what the strongest word adds are not shown."""


class Classifier:
    """Scores texts. Holds the weights once; safe between threads."""

    def __init__(self, weights: Weights) -> None:
        self.version = str(weights.about["version"])
        self._linear = LinearModel(weights.arrays)
        self._sequence = SequenceModel(weights.arrays)
        self._fusion = Fusion(weights.about["calibration"])

    heads = HEADS

    @property
    def languages(self) -> frozenset[str]:
        """Languages that have a scale of their own."""
        return self._fusion.languages

    def scores(self, text: str, language: str) -> dict[str, float]:
        """Scores of one text, 0 to 1, four decimals; 0.5 is the even chance. 0 for a text without words.

        Args:
            text: as it was written.
            language: two letters; one that was not calibrated is read with the English scale.
        """
        return dict(zip(HEADS, self.table_of([text], [language])[0].tolist(), strict=True))

    def table_of(self, texts: Sequence[str], languages: Sequence[str]) -> npt.NDArray[np.float64]:
        """Scores of each text by itself (texts x heads), as `scores` gives them; read together, they cost less."""
        out = np.zeros((len(texts), len(HEADS)))
        for places, counts, sequence, linear in self._logits_of(texts):
            scores = self._fusion.scores(sequence, linear, [languages[place] for place in places], counts)
            scores *= _PARTS
            out[places] = np.rint(scores, out=scores)
        out /= _PARTS
        return out

    def logits_of(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Floats, Floats]]:
        """For a few texts at a time, those without words left out: their numbers, the sequence model's logits and the
        linear model's (texts x heads)."""
        for places, _, sequence, linear in self._logits_of(texts):
            yield places, sequence, linear

    def _logits_of(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[int], Floats, Floats]]:
        batch: list[MarkedWords] = []
        places: list[int] = []
        size = 0
        for place, text in enumerate(texts):
            read = marked_words(text)
            if not read.words:
                continue
            rows = len(read.words)
            if batch and size + rows > ROWS_AT_ONCE:
                yield places, [len(one.words) for one in batch], *self._read(batch)
                batch, places, size = [], [], 0
            batch.append(read)
            places.append(place)
            size += rows
        if batch:
            yield places, [len(one.words) for one in batch], *self._read(batch)

    def _read(self, batch: list[MarkedWords]) -> tuple[Floats, Floats]:
        marks: list[int] = []
        every: list[str] = []
        for read in batch:
            marks += read.marks
            every += read.words
        words = self._sequence.vocabulary.rows_of(every, marks)
        layout = lay_out(batch, marks, words.hashes)
        return self._sequence.logits(words, layout), self._linear.logits(layout)

    def evidence(self, text: str, heads: Sequence[str]) -> list[Evidence]:
        """For each head, the words that raise it most: their places in the original text, in order, and the words as
        read."""
        tokens = tokenise(text)
        if not tokens.words:
            return [((), ()) for _ in heads]
        shares = self._linear.shares(lay_out([tokens]), [HEADS.index(head) for head in heads])
        return [_weightiest(tokens, share) for share in shares]


def _weightiest(tokens: Tokens, shares: npt.NDArray[np.float64]) -> Evidence:
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


@lru_cache(maxsize=1)
def shipped_classifier() -> Classifier:
    """The classifier with the weights that come with the package. Raises `WeightsError`."""
    return Classifier(shipped())
