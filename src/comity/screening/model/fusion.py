"""From two logits to one score: a logistic regression a language and head, so that 0.8 means the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.screening.model.weights import HEADS

__all__ = ["CLIP", "Fusion"]

Floats = npt.NDArray[np.float32]

_HATE, _ANTISEMITISM = HEADS.index("hate"), HEADS.index("antisemitism")
_SPAM = HEADS.index("spam")
"""The last head; the linear half alone reads it."""

_ELSE = ""
CLIP = 8.0
"""Logits beyond this say nothing more."""
_LEAN = (0.0, 1.0, 1.0, 0.0, 0.0)
"""Texts of so many words hold too little for one half's word against the other's: the logit that both must reach."""
_DOUBT = 2.0
"""What such a text loses for each unit that the less convinced half lies under it."""
_MOST = np.float32(CLIP)


class Fusion:
    """Weights of the sequence model, of the linear model, and a shift: three numbers a language and head."""

    def __init__(self, calibration: Mapping[str, Mapping[str, Sequence[float]]]) -> None:
        self._places = {language: place for place, language in enumerate(calibration)}
        weights = [[heads[head] for head in HEADS] for heads in calibration.values()]
        self._weights = np.array(weights, dtype=np.float64).transpose(2, 0, 1).copy()
        self._languages = frozenset(self._places)
        self._places.setdefault(_ELSE, self._places["en"])

    @property
    def languages(self) -> frozenset[str]:
        """Languages that have a scale of their own."""
        return self._languages

    def scores(
        self,
        sequence: npt.NDArray[Any],
        linear: npt.NDArray[Any],
        languages: Sequence[str],
        counts: Sequence[int] = (),
    ) -> npt.NDArray[np.float64]:
        """Scores from logits (texts x heads). A language that was not calibrated is read as English.

        `counts` are the words of each text, so that the halves must agree on a few; without them none is short.
        """
        places, other = self._places, self._places[_ELSE]
        own, other_own, shift = self._weights.take([places.get(language, other) for language in languages], axis=1)
        logits = np.maximum(np.minimum(sequence, _MOST), -_MOST) * own
        logits += np.maximum(np.minimum(linear, _MOST), -_MOST) * other_own
        logits += shift
        for row, count in enumerate(counts):
            if count < len(_LEAN):
                less = np.minimum(sequence[row, :_SPAM], linear[row, :_SPAM])
                logits[row, :_SPAM] -= _DOUBT * np.maximum(0.0, _LEAN[count] - less)
        scores: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-logits))
        # Antisemitism is a kind of hatred: it is never surer than the hatred itself.
        scores[:, _ANTISEMITISM] = np.minimum(scores[:, _ANTISEMITISM], scores[:, _HATE])
        return scores
