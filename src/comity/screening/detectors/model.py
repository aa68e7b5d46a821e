"""What the trained model makes of each sentence: a finding for each head that one leans to, with the words behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from comity.screening.model.sentences import sentence_places
from comity.screening.model.threads import one_thread
from comity.screening.types import Finding, Reading, Submission

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from comity.screening.model.classifier import Classifier
    from comity.screening.normalise import PreparedText

    Floats = npt.NDArray[np.float64]

__all__ = ["ModelDetector"]

_LEAST = 0.5
"""What is less likely than not is no finding; its score is told all the same."""
_CEILINGS = {"spam": 0.79}
"""Spam was learnt from text messages and comments under videos: the model is never sure of it elsewhere."""
_LANGUAGE_CEILINGS = {"de": 0.59}
"""German has few rows: what the model says of it may be marked, never held on its word."""
_UNDETERMINED = "und"
_FEW_WORDS = 6
"""A sentence this short tells its language badly: the caller's word goes first."""


class ModelDetector:
    """The shipped classifier, loaded at its first text: numpy and the weights cost nothing until then.

    Each sentence is read by itself and the highest score counts, so that no sentence added lowers what another says.
    It keeps silent on sentences in a language that it was not trained on. A missing or damaged weight file raises
    `WeightsError` from `find`, which the engine turns into a hold.
    """

    name = "model"
    kind = "model"

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._given = classifier

    @property
    def _classifier(self) -> Classifier:
        if self._given is None:
            with one_thread():
                from comity.screening.model.classifier import shipped_classifier

            self._given = shipped_classifier()
        return self._given

    @property
    def version(self) -> str:
        """The version of the weights."""
        return self._classifier.version

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """One finding for each head that reaches 0.5 in a sentence, with that sentence's weightiest words."""
        return self.read_many([text])[0].findings

    def read_many(self, texts: Sequence[PreparedText]) -> list[Reading]:
        """The findings of each text, and every head's highest score among its sentences; no scores where there is
        nothing to read."""
        classifier = self._classifier
        places: list[tuple[int, int]] = []
        pieces: list[str] = []
        languages: list[str] = []
        bounds = [0]
        for text in texts:
            for place, language in _sentences(text, classifier.languages):
                places.append(place)
                pieces.append(text.raw[place[0] : place[1]])
                languages.append(language)
            bounds.append(len(places))
        table = classifier.table_of(pieces, languages)
        for language, ceiling in _LANGUAGE_CEILINGS.items():
            rows = [row for row, one in enumerate(languages) if one == language]
            if rows:
                table[rows] = table[rows].clip(max=ceiling)
        for head, ceiling in _CEILINGS.items():
            column = table[:, classifier.heads.index(head)]
            column[column > ceiling] = ceiling
        return [
            self._reading(text, places[first:last], table[first:last])
            for text, (first, last) in zip(texts, pairwise(bounds), strict=True)
        ]

    def _reading(self, text: PreparedText, places: Sequence[tuple[int, int]], table: Floats) -> Reading:
        if not places:
            return Reading((), {})
        heads = self._classifier.heads
        highest = (table[0] if len(table) == 1 else table.max(axis=0)).tolist()
        scores = dict(zip(heads, highest, strict=True))
        leaning: dict[int, list[str]] = {}
        if max(highest) >= _LEAST:
            for head, sentence in zip(heads, table.argmax(axis=0).tolist(), strict=True):
                if scores[head] >= _LEAST:
                    leaning.setdefault(sentence, []).append(head)
        findings: list[Finding] = []
        for sentence, raised in leaning.items():
            start, end = places[sentence]
            shown = self._classifier.evidence(text.raw[start:end], raised)
            for head, (spans, words) in zip(raised, shown, strict=True):
                placed = tuple((start + first, start + last) for first, last in spans)
                findings.append(Finding(head, scores[head], self.name, placed, words))
        return Reading(findings, scores)


def _sentences(text: PreparedText, known: frozenset[str]) -> Iterator[tuple[tuple[int, int], str]]:
    """The places of the sentences that the model can read, and the language to read each in."""
    for (first, last), found, place in zip(text.sentences, text.languages, sentence_places(text), strict=True):
        language = found
        if text.hint in known and (found == _UNDETERMINED or last - first < _FEW_WORDS):
            language = text.hint or found
        if language in known or language == _UNDETERMINED:
            yield place, language
