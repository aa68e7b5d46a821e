"""What the trained model makes of each sentence: a finding for each head that one leans to, with the words behind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from comity.screening.model.sentences import sentence_places
from comity.screening.types import Finding, Submission

if TYPE_CHECKING:
    from comity.screening.model.classifier import Classifier
    from comity.screening.normalise import PreparedText

__all__ = ["ModelDetector"]

_LEAST = 0.5
"""What is less likely than not is no finding; `scores` gives it all the same."""
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
            from comity.screening.model.classifier import shipped_classifier

            self._given = shipped_classifier()
        return self._given

    @property
    def version(self) -> str:
        """The version of the weights."""
        return self._classifier.version

    def scores(self, text: PreparedText) -> dict[str, float]:
        """Every head's highest score among the sentences, 0 to 1; empty when there is nothing to read."""
        return {head: score for head, (score, _) in self._highest(text).items()}

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """One finding for each head that reaches 0.5 in a sentence, with that sentence's weightiest words."""
        for head, (score, (start, end)) in self._highest(text).items():
            if score >= _LEAST:
                spans, words = self._classifier.evidence(text.raw[start:end], head)
                placed = tuple((start + first, start + last) for first, last in spans)
                yield Finding(head, score, self.name, placed, words)

    def _highest(self, text: PreparedText) -> dict[str, tuple[float, tuple[int, int]]]:
        """Head -> its highest score and the place of the sentence that has it."""
        classifier = self._classifier
        places: list[tuple[int, int]] = []
        languages: list[str] = []
        cut = sentence_places(text)
        for (first, last), found, (start, end) in zip(text.sentences, text.languages, cut, strict=True):
            language = found
            if text.hint in classifier.languages and (found == _UNDETERMINED or last - first < _FEW_WORDS):
                language = text.hint or found
            if language in classifier.languages or language == _UNDETERMINED:
                places.append((start, end))
                languages.append(language)
        out: dict[str, tuple[float, tuple[int, int]]] = {}
        scored = classifier.scores_of([text.raw[start:end] for start, end in places], languages)
        for place, language, scores in zip(places, languages, scored, strict=True):
            for head, score in scores.items():
                kept = min(score, _CEILINGS.get(head, 1.0), _LANGUAGE_CEILINGS.get(language, 1.0))
                if head not in out or kept > out[head][0]:
                    out[head] = (kept, place)
        return out
