"""What stands around words inside their own sentence: quotation, negation, condemnation, report.

Everything is local to a sentence: what another sentence says neither excuses nor accuses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache

from comity.screening.marks import Mark, marks_of
from comity.screening.normalise import PreparedText

__all__ = ["Scope", "scope_of"]

NEGATION_REACH = 4
"""Words after a negation word that it can still deny."""


class Scope:
    """The classes of words by sentence."""

    def __init__(self, text: PreparedText) -> None:
        self.text = text
        self.sizes = Counter(text.sentence_of)
        self.by_sentence: dict[int, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
        for mark in marks_of(text):
            category = mark.entry.category
            if category.startswith("class:") and self._spoken_here(mark):
                self.by_sentence[text.sentence_of[mark.first]][category[6:]].append(mark)

    def _spoken_here(self, mark: Mark) -> bool:
        language = self.text.languages[self.text.sentence_of[mark.first]]
        if language == "und":
            language = self.text.hint or mark.entry.language
        return mark.entry.language == language

    def all(self, sentence: int, name: str) -> list[Mark]:
        """The marks of a class in a sentence, in order."""
        return self.by_sentence[sentence][name] if sentence in self.by_sentence else []

    def size(self, sentence: int) -> int:
        """How many words the sentence has."""
        return self.sizes[sentence]

    def is_quoted(self, first: int, last: int) -> bool:
        """Whether the words stand between quotation marks."""
        return first in self.text.quoted and last in self.text.quoted

    def is_reported(self, first: int, last: int) -> bool:
        """Whether the sentence, outside these words, tells, judges or condemns what somebody said."""
        sentence = self.text.sentence_of[first]
        for name in ("condemn", "report", "denied"):
            for mark in self.all(sentence, name):
                if mark.last < first or mark.first > last:
                    return True
        return False

    def is_denied(self, first: int, last: int) -> bool:
        """Whether the words are said to be untrue or unsaid, in their sentence and before them."""
        return any(mark.last < first for mark in self.all(self.text.sentence_of[first], "denied")) and last >= first

    def is_negated(self, first: int, last: int, reach: int = NEGATION_REACH) -> bool:
        """Whether a negation word stands inside the words or at most `reach` words before them."""
        sentence = self.text.sentence_of[first]
        return any(first - reach <= mark.first <= last for mark in self.all(sentence, "negation"))

    def asks(self, word: int) -> bool:
        """Whether the sentence of this word ends as a question."""
        return self.text.sentence_of[word] in self.text.questions

    def weight(self, first: int, last: int) -> float:
        """How much words weigh here: 1 when said in the author's own name, less when quoted, told or condemned."""
        quoted = self.is_quoted(first, last)
        reported = self.is_reported(first, last)
        if quoted and reported:
            return 0.35
        if self.is_denied(first, last):
            return 0.45
        if quoted:
            return 0.75
        if reported:
            return 0.7
        return 0.85 if self.asks(first) else 1.0


@lru_cache(maxsize=8)
def scope_of(text: PreparedText) -> Scope:
    """The scope of a prepared text, made once for all detectors."""
    return Scope(text)
