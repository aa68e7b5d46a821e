"""Risk of defamation: a named person beside an accusation in one sentence. Asks for a reader, never for removal."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from comity.screening.normalise import PreparedText
from comity.screening.scope import scope_of
from comity.screening.types import Finding, Span, Submission

__all__ = ["DefamationDetector"]

_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+(?:-[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+)?")
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "van", "von", "ben", "bin", "al", "el", "del", "d"})
_ARTICLES = frozenset({"le", "la", "les", "l", "un", "une", "des", "du", "ce", "cet", "cette"})
_ARTICLES |= {"the", "a", "an", "this", "that", "der", "die", "das", "ein", "eine", "el", "los", "las", "una"}
_NEAR = 8
_NAME_WORDS = 5
_TOPIC = 3


class DefamationDetector:
    """A person (given name and name, or a title and a name) near an accusation that is not denied."""

    name = "defamation"
    version = "2"
    kind = "facts"

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """At most one `defamation` finding."""
        scope = scope_of(text)
        spans: set[Span] = set()
        score = 0.0
        for sentence in scope.by_sentence:
            accusations = scope.all(sentence, "accusation")
            if not accusations:
                continue
            people = self._people(text, sentence, {mark.last for mark in scope.all(sentence, "title")})
            settled = bool(scope.all(sentence, "settled"))
            starts = [first for first, _, _ in people]
            for accusation in accusations:
                if scope.ending(sentence, "topic", accusation.first - _TOPIC, accusation.first - 1):
                    continue  # what somebody fights, tells of or arrests
                low = bisect_left(starts, accusation.first - _NEAR - _NAME_WORDS)
                high = bisect_right(starts, accusation.last + _NEAR)
                for first, last, weight in people[low:high]:
                    apart = max(accusation.first - last, first - accusation.last)
                    if not 0 < apart <= _NEAR:
                        continue
                    if scope.is_negated(accusation.first, accusation.last) or scope.is_quoted(first, last):
                        continue
                    if scope.is_denied(accusation.first):
                        continue
                    weight_here = weight * (0.6 if settled else 0.85 if scope.asks(first) else 1.0)
                    score = max(score, weight_here)
                    spans.update((text.word_span(first, last), accusation.span))
        if score:
            yield Finding("defamation", round(score, 4), self.name, tuple(sorted(spans)), ("person_and_accusation",))

    def _people(self, text: PreparedText, sentence: int, titles: set[int]) -> list[tuple[int, int, float]]:
        """(first word, last word, weight) of what looks like a person's name."""
        begin, finish = text.sentences[sentence]
        numbers = range(begin, finish + 1)
        found: list[tuple[int, int, float]] = []
        run: list[int] = []
        for number in [*numbers, -1]:
            start, end = text.word_span(number) if number >= 0 else (0, 0)
            written = text.raw[start:end]
            if number >= 0 and text.words[number] not in _ARTICLES and _CAPITALISED.fullmatch(written):
                run.append(number)
                continue
            if number >= 0 and run and written in _PARTICLES:
                continue
            if run:
                inner = run if run[0] != numbers[0] else run[1:]
                after_title = bool(inner) and inner[0] - 1 in titles
                if len(run) >= 2 and run[-1] - run[0] < _NAME_WORDS:
                    found.append((run[0], run[-1], 0.62 if len(inner) >= 2 or after_title else 0.55))
                elif after_title:
                    found.append((inner[0], inner[0], 0.58))
                run = []
        return found
