"""The same message again: near-duplicates among the site's recent texts."""

from __future__ import annotations

from collections.abc import Iterable

from comity.screening.normalise import PreparedText
from comity.screening.simhash import distance, fingerprint_of, remember
from comity.screening.types import Finding, Submission

__all__ = ["NearDuplicatesDetector"]

_FEWEST_WORDS = 8
"""Short replies repeat each other in all honesty."""
_CLOSE = 10
_MOST_COMPARED = 500
_MOST = 0.92
"""Alone it makes a person look: people do repeat one another; removal takes a link or an address as well."""


class NearDuplicatesDetector:
    """Spam when a text of some length was written before, nearly word for word."""

    name = "near_duplicates"
    version = "1"
    kind = "facts"

    def find(self, text: PreparedText, submission: Submission) -> Iterable[Finding]:
        """At most one `spam` finding."""
        if len(text.words) < _FEWEST_WORDS or not submission.recent_texts:
            return
        own = remember(text.raw, text.words)
        count = 0
        nearest = 64
        for recent in submission.recent_texts[:_MOST_COMPARED]:
            other, words = fingerprint_of(recent)
            apart = distance(own, other)
            if apart <= _CLOSE and words >= _FEWEST_WORDS and 0.8 <= words / len(text.words) <= 1.25:
                count += 1
                nearest = min(nearest, apart)
        if count:
            score = min(_MOST, 0.8 - 0.02 * nearest + 0.08 * min(count, 3))
            yield Finding("spam", round(score, 4), self.name, ((0, len(text.raw)),), ("seen_before",))
