"""Repetition inside one text: the same words, letters or signs again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, Submission

__all__ = ["RepetitionDetector"]

_LONG = 25
_RUN = re.compile(rf"(\S)\1{{{_LONG - 1},}}")


class RepetitionDetector:
    """Spam by repetition: one word or one line that makes most of the text, or very long runs of a sign."""

    name = "repetition"
    version = "1"
    kind = "facts"

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """At most one `spam` finding."""
        score = 0.0
        evidence: list[str] = []
        words = text.words
        if len(words) >= 12 and len(set(words)) * 2 < len(words) + 6:
            pairs = Counter(pairwise(words))
            share = sum(count - 1 for count in pairs.values()) / (len(words) - 1)
            if share > 0.5:
                score = min(0.9, share)
                evidence.append("same_words")
        raw = text.raw
        runs = []
        # A run that long holds two of the characters that are seen.
        seen = raw[:: _LONG // 2]
        if True in [sign * _LONG in raw for sign in {one for one, next_one in pairwise(seen) if one == next_one}]:
            runs = [match.span() for match in _RUN.finditer(raw)]
        if runs:
            score = max(score, 0.45 if len(runs) == 1 else 0.62)
            evidence.append("long_run")
        if score:
            yield Finding("spam", round(score, 4), self.name, tuple(runs), tuple(evidence))
