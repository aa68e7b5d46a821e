"""Finds hostile statements: who is spoken of, what is said of them, by the order of word classes in one sentence.

The forms stand in `comity.screening.frames`: about groups, about Jews, threats, insults and slurs. Each is checked for
negation by its form, and for quotation, report, denial and assent here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from comity.screening.frames.appositions import named_beside
from comity.screening.frames.attacks import attacked
from comity.screening.frames.groups import GROUPS, about_group
from comity.screening.frames.insults import SLURS, insults, of_oneself, slurs
from comity.screening.frames.jews import about_jews, echoes
from comity.screening.frames.statement import Statement, denies, denies_being, of_pests
from comity.screening.frames.threats import threats
from comity.screening.frames.worth import refused
from comity.screening.marks import Mark, marks_of
from comity.screening.normalise import PreparedText
from comity.screening.reference import carried_of
from comity.screening.restoring import restored_of
from comity.screening.scope import Scope, scope_of
from comity.screening.types import Finding, Span, Submission

__all__ = ["StatementsDetector"]

_LISTED = SLURS | {"insult"}
_BARE_WEIGHT = 0.85
_THREAT_WEIGHT = 0.85
_REFERRED = 0.8
"""What is said of `them`, whom the sentence before names, is for a person to read."""
_NAMING = (
    *("insultable", "insultable.low", "insultable.weak", "insultable.mild", "insultable.soft"),
    *("slur.racism", "slur.antisemitism", "slur.discrimination"),
)


class StatementsDetector:
    """Hostile statements about groups and people; one finding a category."""

    name = "statements"
    version = "2"
    kind = "statement"
    reads_names = True

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """One finding a category, with the spans of its statements."""
        found: dict[str, list[tuple[float, Span, str]]] = {}
        restored = restored_of(text)
        for reading in (text,) if restored is None else (text, restored):
            scope = scope_of(reading)
            for one in self._statements(reading, scope):
                weight = scope.weight(one.first if one.said < 0 else one.said, one.last, aimed=one.aimed)
                span = reading.word_span(max(0, one.first), one.last)
                found.setdefault(one.category, []).append((one.score * weight, span, one.form))
        for carried in carried_of(text):
            scope = scope_of(carried.text)
            for one in self._statements(carried.text, scope):
                weight = scope.weight(one.first if one.said < 0 else one.said, one.last, aimed=one.aimed)
                span = carried.span(*carried.text.word_span(max(0, one.first), one.last))
                score = min(one.score * weight, _REFERRED)
                found.setdefault(one.category, []).append((score, span, one.form))
        for category, statements in found.items():
            yield Finding(
                category=category,
                score=round(max(score for score, _, _ in statements), 4),
                detector=self.name,
                spans=tuple(sorted({span for _, span, _ in statements})),
                evidence=tuple(sorted({form for _, _, form in statements})),
            )

    def _statements(self, text: PreparedText, scope: Scope) -> Iterator[Statement]:
        listed: dict[int, list[Mark]] = {}
        for mark in marks_of(text):
            if mark.entry.category in _LISTED:
                listed.setdefault(text.sentence_of[mark.first], []).append(mark)
        for sentence, classes in scope.by_sentence.items():
            for name, category in GROUPS.items():
                if name in classes or f"place.{name[6:]}" in classes:
                    yield from about_group(scope, sentence, name)
                    yield from refused(scope, sentence, category, name)
                    yield from attacked(scope, sentence, category, name)
                    for group in classes.get(name, ()):
                        yield from named_beside(scope, sentence, category, group)
            if "group.jews" in classes or "place.jews" in classes or "shoah" in classes:
                yield from about_jews(scope, sentence)
            yield from threats(scope, sentence)
            if any(name in classes for name in _NAMING):
                listed.setdefault(sentence, [])
        for sentence, marks in listed.items():
            yield from insults(scope, sentence, marks)
            yield from slurs(scope, marks)
        yield from _bare(text, scope)
        yield from echoes(text)


def _bare(text: PreparedText, scope: Scope) -> Iterator[Statement]:
    """A strong insult, slur or threat that is most of its sentence, or stands beside the person spoken to."""
    for mark in marks_of(text):
        entry = mark.entry
        if entry.weight < _BARE_WEIGHT or entry.category not in (*_LISTED, "threat"):
            continue
        sentence = text.sentence_of[mark.first]
        if of_oneself(scope, sentence, mark):
            continue
        near = any(
            not mark.first <= person.first <= mark.last
            for person in scope.starting(sentence, "person2", mark.first - 4, mark.first + 4)
        )
        length = mark.last - mark.first + 1
        bare = scope.size(sentence) - length <= 3
        addressed = bool(scope.ending(sentence, "address", mark.first - 1, mark.first - 1))
        denied = entry.category == "threat" and (denies(scope, mark.first - 3, mark.first - 1) or of_pests(scope, mark))
        if (near or bare or addressed or length >= 3) and not denied and not denies_being(scope, mark.first):
            form = "threat" if entry.category == "threat" else "slur_thrown"
            aimed = entry.category == "insult"
            yield Statement(entry.category, min(entry.weight, 0.9), form, mark.first, mark.last, aimed)
