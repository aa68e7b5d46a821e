"""Finds hostile statements: who is spoken of, what is said of them, by the order of word classes in one sentence.

Seven forms: a group called vermin or worse; a wish or call to harm; a threat in the first person; hatred declared;
exclusion demanded; a conspiracy ascribed to Jews; an insult thrown at somebody. Each is checked for negation,
quotation and report before it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from comity.screening.marks import Mark, marks_of
from comity.screening.normalise import PreparedText
from comity.screening.scope import LONGEST, Scope, scope_of
from comity.screening.types import Finding, Submission

__all__ = ["StatementsDetector"]

_CATEGORY = {
    "group.jews": "antisemitism",
    "group.origin": "racism",
    "group.sex": "discrimination",
    "group.orientation": "discrimination",
    "group.disability": "discrimination",
}
GROUPS = tuple(_CATEGORY)
_NEAR = 5
"""Words that may stand between the parts of a statement."""


class _Statement(NamedTuple):
    category: str
    score: float
    form: str
    first: int
    last: int


class StatementsDetector:
    """Hostile statements about groups and people; one finding a category."""

    name = "statements"
    version = "1"
    kind = "statement"
    reads_names = True

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """One finding a category, with the spans of its statements."""
        scope = scope_of(text)
        found: dict[str, list[tuple[_Statement, float]]] = {}
        for statement in self._statements(text, scope):
            weight = scope.weight(statement.first, statement.last)
            found.setdefault(statement.category, []).append((statement, statement.score * weight))
        for category, statements in found.items():
            spans = {text.word_span(one.first, one.last) for one, _ in statements}
            yield Finding(
                category=category,
                score=round(max(score for _, score in statements), 4),
                detector=self.name,
                spans=tuple(sorted(spans)),
                evidence=tuple(sorted({one.form for one, _ in statements})),
            )

    def _statements(self, text: PreparedText, scope: Scope) -> Iterator[_Statement]:
        for sentence, classes in scope.by_sentence.items():
            for name in GROUPS:
                if name in classes:
                    yield from _about_group(scope, sentence, name)
            if "first" in classes and "harm" in classes:
                yield from _threats(scope, sentence)
            if "insultable" in classes:
                yield from _thrown(scope, sentence)
        yield from _bare(text, scope)


def _about_group(scope: Scope, sentence: int, name: str) -> Iterator[_Statement]:
    category = _CATEGORY[name]
    for copula in scope.all(sentence, "copula"):
        for group in scope.ending(sentence, name, copula.first - 4, copula.first - 1):
            yield from _predicates(scope, sentence, category, group, copula)
    for harm in scope.all(sentence, "harm"):
        for must in scope.ending(sentence, "must", harm.first - 5, harm.first - 1):
            for group in scope.starting(sentence, name, must.first - 3 - LONGEST, harm.last + _NEAR):
                inside = must.last < group.first < harm.first or 0 < group.first - harm.last <= _NEAR
                before = 0 < must.first - group.last <= 3
                first, last = min(must.first, group.first), max(harm.last, group.last)
                if (inside or before) and not _denies(scope, first, harm.first):
                    yield _Statement(category, 0.95, "harm_group", first, last)
    for hatred in scope.all(sentence, "hatred"):
        for group in scope.starting(sentence, name, hatred.last + 1, hatred.last + 4):
            if not _denies(scope, hatred.first - 2, group.first):
                yield _Statement(category, 0.82, "hatred_of_group", hatred.first, group.last)
    for exclusion in scope.all(sentence, "exclude"):
        for group in (
            *scope.ending(sentence, name, exclusion.first - _NEAR, exclusion.first - 1),
            *scope.starting(sentence, name, exclusion.last + 1, exclusion.last + 3),
        ):
            first, last = min(group.first, exclusion.first), max(group.last, exclusion.last)
            gap = (min(group.last, exclusion.last) + 1, max(group.first, exclusion.first) - 1)
            if not _denies(scope, *gap):
                yield _Statement(category, 0.78, "exclusion", first, last)
    if category == "antisemitism":
        for control in scope.all(sentence, "control"):
            for group in scope.ending(sentence, name, control.first - 3, control.first - 1):
                for power in scope.starting(sentence, "power", control.last + 1, control.last + 6):
                    if not _denies(scope, group.last + 1, control.last + 1):
                        yield _Statement(category, 0.86, "conspiracy", group.first, power.last)


def _predicates(scope: Scope, sentence: int, category: str, group: Mark, copula: Mark) -> Iterator[_Statement]:
    """What a group is called, or denied to be."""
    for name, score in (("dehuman", 0.95), ("despise", 0.82)):
        for predicate in scope.starting(sentence, name, copula.last + 1, copula.last + 4):
            if not _denies(scope, group.last + 1, predicate.first - 1):
                softened = 0.8 if _denies(scope, group.first - 3, group.first - 1) else 1.0
                yield _Statement(category, score * softened, f"{name}_group", group.first, predicate.last)
    for human in scope.starting(sentence, "human", copula.last + 1, copula.last + 4):
        if _denies(scope, group.last + 1, human.first - 1):
            yield _Statement(category, 0.9, "denied_humanity", group.first, human.last)


def _threats(scope: Scope, sentence: int) -> Iterator[_Statement]:
    for first in scope.all(sentence, "first"):
        for harm in scope.starting(sentence, "harm", first.last + 1, first.last + 4):
            for person in scope.starting(sentence, "person2", first.last + 1, harm.last + 2):
                near = person.first <= harm.first or person.first > harm.last
                if near and not _denies(scope, first.first - 1, harm.first):
                    yield _Statement("threat", 0.93, "threat", first.first, max(harm.last, person.last))


def _thrown(scope: Scope, sentence: int) -> Iterator[_Statement]:
    people = scope.all(sentence, "person2")
    for address in scope.all(sentence, "address"):
        for insult in scope.starting(sentence, "insultable", address.last + 1, address.last + 2):
            if _denies(scope, address.first - 3, insult.first - 1):
                continue
            if scope.all(sentence, "person1") and not people:
                score = 0.5  # said of oneself, or told
            elif people or address.last > address.first:
                score = 0.9
            else:
                score = 0.86 if scope.size(sentence) <= 4 else 0.6
            yield _Statement("insult", score, "insult_thrown", address.first, insult.last)
    for person in people:
        for copula in scope.starting(sentence, "copula", person.last, person.last + 2):
            for insult in scope.starting(sentence, "insultable", copula.last + 1, copula.last + 4):
                if not _denies(scope, person.last, insult.first - 1):
                    yield _Statement("insult", 0.86, "insult_thrown", person.first, insult.last)


def _bare(text: PreparedText, scope: Scope) -> Iterator[_Statement]:
    """A strong insult or slur that is most of its sentence, or stands beside the person spoken to."""
    for mark in marks_of(text):
        entry = mark.entry
        if entry.weight < 0.85 or entry.category not in ("insult", "racism", "antisemitism", "discrimination"):
            continue
        sentence = text.sentence_of[mark.first]
        near = any(
            not mark.first <= person.first <= mark.last
            for person in scope.starting(sentence, "person2", mark.first - 4, mark.first + 4)
        )
        length = mark.last - mark.first + 1
        bare = scope.size(sentence) - length <= 3
        addressed = bool(scope.ending(sentence, "address", mark.first - 1, mark.first - 1))
        if (near or bare or addressed or length >= 3) and not _denies(scope, mark.first - 3, mark.first - 1):
            yield _Statement(entry.category, min(entry.weight, 0.9), "slur_thrown", mark.first, mark.last)


def _denies(scope: Scope, first: int, last: int) -> bool:
    """Whether a negation word stands between two words, both included."""
    if last < 0 or first > last:
        return False
    return bool(scope.starting(scope.text.sentence_of[last], "negation", first, last))
