"""Coded words that may mean something else: a watch-list that never decides alone."""

from __future__ import annotations

from collections.abc import Iterable

from comity.screening.marks import Mark, marks_of
from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, Submission

__all__ = ["WatchDetector"]

_WATCHED = "watch:"
CEILING = 0.45
"""Below every rule's hold: other evidence must stand beside."""


class WatchDetector:
    """One weak finding a category for the coded words in the text."""

    name = "watch"
    version = "1"
    kind = "watch"

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """Findings whose score stays under the ceiling, whatever the number of words."""
        by_category: dict[str, list[Mark]] = {}
        for mark in marks_of(text):
            category = mark.entry.category
            if category.startswith(_WATCHED) and not mark.disguised:
                by_category.setdefault(category.removeprefix(_WATCHED), []).append(mark)
        for category, marks in by_category.items():
            yield Finding(
                category=category,
                score=min(CEILING, max(mark.entry.weight for mark in marks)),
                detector=self.name,
                spans=tuple(sorted({mark.span for mark in marks})),
                evidence=tuple(sorted({mark.entry.form for mark in marks})[:8]),
            )
