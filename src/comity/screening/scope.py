"""What stands around words inside their own sentence: quotation, negation, condemnation, report.

Everything is local to a sentence: what another sentence says neither excuses nor accuses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from functools import lru_cache

from comity.screening.marks import Mark, marks_of
from comity.screening.normalise import PreparedText

__all__ = ["Scope", "scope_of"]

NEGATION_REACH = 4
"""Words after a negation word that it can still deny."""


LONGEST = 8
"""Words of the longest entry of a class: how far before a place an entry that ends there may start."""


class Scope:
    """The classes of words by sentence. Every question about a place looks at a bounded number of marks."""

    def __init__(self, text: PreparedText) -> None:
        self.text = text
        self.sizes = Counter(text.sentence_of)
        self.by_sentence: dict[int, dict[str, list[Mark]]] = {}
        for mark in marks_of(text):
            category = mark.entry.category
            if category.startswith("class:") and self._spoken_here(mark):
                classes = self.by_sentence.setdefault(text.sentence_of[mark.first], {})
                classes.setdefault(category[6:], []).append(mark)
        self._told: dict[int, tuple[int, int, int]] = {}

    def _spoken_here(self, mark: Mark) -> bool:
        language = self.text.languages[self.text.sentence_of[mark.first]]
        if language == "und":
            language = self.text.hint or mark.entry.language
        return mark.entry.language == language

    def all(self, sentence: int, name: str) -> list[Mark]:
        """The marks of a class in a sentence, by their first word."""
        classes = self.by_sentence.get(sentence)
        return classes.get(name, []) if classes else []

    def starting(self, sentence: int, name: str, low: int, high: int) -> list[Mark]:
        """The marks of a class whose first word is from `low` to `high`."""
        marks = self.all(sentence, name)
        if not marks:
            return marks
        return marks[bisect_left(marks, low, key=_first) : bisect_right(marks, high, key=_first)]

    def ending(self, sentence: int, name: str, low: int, high: int) -> list[Mark]:
        """The marks of a class whose last word is from `low` to `high`."""
        return [mark for mark in self.starting(sentence, name, low - LONGEST, high) if low <= mark.last <= high]

    def size(self, sentence: int) -> int:
        """How many words the sentence has."""
        return self.sizes[sentence]

    def is_quoted(self, first: int, last: int) -> bool:
        """Whether the words stand between quotation marks."""
        return first in self.text.quoted and last in self.text.quoted

    def is_reported(self, first: int, last: int) -> bool:
        """Whether the sentence, outside these words, tells, judges or condemns what somebody said."""
        earliest_end, latest_start, _ = self._telling(self.text.sentence_of[first])
        return earliest_end < first or latest_start > last

    def is_denied(self, first: int) -> bool:
        """Whether what starts here is said to be untrue or unsaid, earlier in its sentence."""
        return self._telling(self.text.sentence_of[first])[2] < first

    def _telling(self, sentence: int) -> tuple[int, int, int]:
        """First end and last start of the words that tell, judge or condemn; first end of those that deny."""
        told = self._told.get(sentence)
        if told is None:
            denied = self.all(sentence, "denied")
            marks = [*self.all(sentence, "condemn"), *self.all(sentence, "report"), *denied]
            never = len(self.text.words)
            told = self._told[sentence] = (
                min((mark.last for mark in marks), default=never),
                max((mark.first for mark in marks), default=-1),
                min((mark.last for mark in denied), default=never),
            )
        return told

    def is_negated(self, first: int, last: int, reach: int = NEGATION_REACH) -> bool:
        """Whether a negation word stands inside the words or at most `reach` words before them."""
        return bool(self.starting(self.text.sentence_of[first], "negation", first - reach, last))

    def asks(self, word: int) -> bool:
        """Whether the sentence of this word ends as a question."""
        return self.text.sentence_of[word] in self.text.questions

    def weight(self, first: int, last: int) -> float:
        """How much words weigh here: 1 when said in the author's own name, less when quoted, told or condemned."""
        quoted = self.is_quoted(first, last)
        reported = self.is_reported(first, last)
        if quoted and reported:
            return 0.35
        if self.is_denied(first):
            return 0.45
        if quoted:
            return 0.75
        if reported:
            return 0.7
        return 0.85 if self.asks(first) else 1.0


def _first(mark: Mark) -> int:
    return mark.first


@lru_cache(maxsize=8)
def scope_of(text: PreparedText) -> Scope:
    """The scope of a prepared text, made once for all detectors."""
    return Scope(text)
