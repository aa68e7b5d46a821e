"""Which groups a text names: says nothing by itself, and tells which rule a general finding of hatred belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from comity.screening.marks import marks_of
from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, Span, Submission

__all__ = ["MentionsDetector"]

_CATEGORY = {
    "class:group.jews": "antisemitism",
    "class:group.origin": "racism",
    "class:group.sex": "discrimination",
    "class:group.orientation": "discrimination",
    "class:group.disability": "discrimination",
}
_SCORE = 0.02


class MentionsDetector:
    """One finding a category, of next to no weight; the engine keeps it only beside a finding of hatred."""

    name = "mentions"
    version = "1"
    kind = "mention"

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """The groups named, by the category that hatred of them would be."""
        spans: dict[str, set[Span]] = {}
        for mark in marks_of(text):
            category = _CATEGORY.get(mark.entry.category)
            if category is not None:
                spans.setdefault(category, set()).add(mark.span)
        for category, found in spans.items():
            yield Finding(category, _SCORE, self.name, tuple(sorted(found)), ("group_named",))
