"""The values of a publication: its editor's words, and likeness to the examples that its editor gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

from comity.screening.lexicon import Entry, Lexicon
from comity.screening.marks import marks_in
from comity.screening.normalise import PreparedText, prepare
from comity.screening.types import Finding, Span, Submission

__all__ = ["ValuesDetector"]

_WORD_SCORE = 0.65
_STEM = 6
_GRAM = 4
_SURE = 0.62
"""Likeness, 0 to 1, at which an example and a text say the same."""


class ValuesDetector:
    """One finding for a rule's words and examples; sentences are compared one by one."""

    version = "1"
    kind = "words"

    def __init__(self, name: str, category: str, words: Sequence[str], bad: Sequence[str], good: Sequence[str]) -> None:
        """`bad` and `good` are the editor's examples: sentences that break the rule, and near ones that do not."""
        self.name = name
        self._category = category
        entries = [
            Entry(" ".join(prepare(word).words), category, _WORD_SCORE, "any", frozenset(), word)
            for word in words
            if prepare(word).words
        ]
        self._lexicon = Lexicon(entries) if entries else None
        bags = [Counter(_grams(prepare(example).words)) for example in (*bad, *good)]
        seen = Counter(gram for bag in bags for gram in bag)
        self._rarity = {gram: 1.0 + log(len(bags) / count) for gram, count in seen.items()}
        self._unseen = 1.0 + log(len(bags) + 1) if bags else 1.0
        vectors = [self._vector(bag) for bag in bags]
        self._bad, self._good = vectors[: len(bad)], vectors[len(bad) :]

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """At most one finding, with the words' places and the sentences that resemble a bad example."""
        score = 0.0
        spans: set[Span] = set()
        evidence: set[str] = set()
        if self._lexicon:
            for mark in marks_in(text, self._lexicon):
                score = max(score, mark.entry.weight)
                spans.add(mark.span)
                evidence.add("own_word")
        if self._bad:
            for first, last in text.sentences:
                if last - first < 2:
                    continue
                likeness = self._likeness(text.words[first : last + 1])
                if likeness >= 0.4:
                    score = max(score, likeness)
                    spans.add(text.word_span(first, last))
                    evidence.add("resembles_example")
        if score:
            yield Finding(self._category, round(score, 4), self.name, tuple(sorted(spans)), tuple(sorted(evidence)))

    def _likeness(self, words: Sequence[str]) -> float:
        vector = self._vector(Counter(_grams(words)))
        bad = max((_cosine(vector, one) for one in self._bad), default=0.0)
        good = max((_cosine(vector, one) for one in self._good), default=0.0)
        return 0.0 if good >= bad else min(0.9, bad / _SURE * 0.8)

    def _vector(self, bag: Counter[str]) -> dict[str, float]:
        weighed = {gram: self._rarity.get(gram, self._unseen) for gram in bag}
        norm = sqrt(sum(value * value for value in weighed.values())) or 1.0
        return {gram: value / norm for gram, value in weighed.items()}


def _grams(words: Sequence[str]) -> list[str]:
    grams = []
    for word in words[:200]:
        if len(word) < 3:
            continue
        grams.append("=" + word[:_STEM])
        grams.extend(word[start : start + _GRAM] for start in range(len(word) - _GRAM + 1))
    return grams


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(value * other[gram] for gram, value in one.items() if gram in other)
