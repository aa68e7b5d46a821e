"""What the trained model makes of the whole text: one finding a head that it leans to, with the words it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from comity.screening.types import Finding, Submission

if TYPE_CHECKING:
    from comity.screening.model.classifier import Classifier
    from comity.screening.normalise import PreparedText

__all__ = ["ModelDetector"]

_LEAST = 0.3
"""Scores below this say nothing worth a moderator's time; `scores` gives them all the same."""
_SHOWN = 0.5
"""From here on the words are pointed at."""


class ModelDetector:
    """The shipped classifier, loaded at its first text: numpy and the weights cost nothing until then.

    A missing or damaged weight file raises `WeightsError` from `find`, which the engine turns into a hold.
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
        """Every head's score, 0 to 1."""
        return self._classifier.scores(text.raw, text.language)

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """One finding for each head that reaches 0.3; spans and evidence from 0.5 on."""
        reading = self._classifier.read(text.raw, text.language)
        for head, score in reading.scores.items():
            if score >= _LEAST:
                spans, words = reading.evidence(head) if score >= _SHOWN else ((), ())
                yield Finding(head, score, self.name, spans, words)
