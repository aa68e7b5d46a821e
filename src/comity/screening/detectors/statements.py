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
from comity.screening.scope import Scope, scope_of
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
        for sentence in scope.by_sentence:
            for name in GROUPS:
                groups = scope.all(sentence, name)
                if groups:
                    yield from _about_group(scope, sentence, groups, _CATEGORY[name])
            yield from _threats(scope, sentence)
            yield from _thrown(scope, sentence)
        yield from _bare(text, scope)


def _about_group(scope: Scope, sentence: int, groups: list[Mark], category: str) -> Iterator[_Statement]:
    for copula, group in _following(groups, scope.all(sentence, "copula"), 4):
        for name, score in (("dehuman", 0.95), ("despise", 0.82)):
            for predicate in _next_after(scope.all(sentence, name), copula.last, 3):
                if not _denies(scope, group.last + 1, predicate.first - 1):
                    softened = 0.8 if _denies(scope, group.first - 3, group.first - 1) else 1.0
                    yield _Statement(category, score * softened, f"{name}_group", group.first, predicate.last)
        for human in _next_after(scope.all(sentence, "human"), copula.last, 3):
            if _denies(scope, group.last + 1, human.first - 1):
                yield _Statement(category, 0.9, "denied_humanity", group.first, human.last)
    for harm in scope.all(sentence, "harm"):
        for must in _just_before(scope.all(sentence, "must"), harm.first, 5):
            for group in groups:
                inside = must.last < group.first < harm.first or 0 < group.first - harm.last <= _NEAR
                before = 0 < must.first - group.last <= 3
                first, last = min(must.first, group.first), max(harm.last, group.last)
                if (inside or before) and not _denies(scope, first, harm.first):
                    yield _Statement(category, 0.95, "harm_group", first, last)
    for hatred, group in _pairs(scope.all(sentence, "hatred"), groups, 3):
        if not _denies(scope, hatred.first - 2, group.first):
            yield _Statement(category, 0.82, "hatred_of_group", hatred.first, group.last)
    for exclusion in scope.all(sentence, "exclude"):
        for group in groups:
            near = 0 < exclusion.first - group.last <= _NEAR or 0 < group.first - exclusion.last <= 3
            if near and not _denies(scope, min(group.last, exclusion.last) + 1, max(group.first, exclusion.first) - 1):
                yield _Statement(
                    category, 0.78, "exclusion", min(group.first, exclusion.first), max(group.last, exclusion.last)
                )
    if category == "antisemitism":
        for control, group in _following(groups, scope.all(sentence, "control"), 3):
            for power in _next_after(scope.all(sentence, "power"), control.last, 5):
                if not _denies(scope, group.last + 1, control.last + 1):
                    yield _Statement(category, 0.86, "conspiracy", group.first, power.last)


def _threats(scope: Scope, sentence: int) -> Iterator[_Statement]:
    for first in scope.all(sentence, "first"):
        for harm in _next_after(scope.all(sentence, "harm"), first.last, 3):
            for person in scope.all(sentence, "person2"):
                near = first.last < person.first <= harm.first or 0 < person.first - harm.last <= 2
                if near and not _denies(scope, first.first - 1, harm.first):
                    yield _Statement("threat", 0.93, "threat", first.first, max(harm.last, person.last))


def _thrown(scope: Scope, sentence: int) -> Iterator[_Statement]:
    insults = scope.all(sentence, "insultable")
    if not insults:
        return
    people = scope.all(sentence, "person2")
    for address, insult in _pairs(scope.all(sentence, "address"), insults, 1):
        if not _denies(scope, address.first - 3, insult.first - 1):
            if scope.all(sentence, "person1") and not people:
                score = 0.5  # said of oneself, or told
            elif people or address.last > address.first:
                score = 0.9
            else:
                score = 0.86 if scope.size(sentence) <= 4 else 0.6
            yield _Statement("insult", score, "insult_thrown", address.first, insult.last)
    for person in people:
        for copula in _next_after(scope.all(sentence, "copula"), person.last - 1, 2):
            for insult in _next_after(insults, copula.last, 3):
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
            -4 <= person.first - mark.first <= 4 and not mark.first <= person.first <= mark.last
            for person in scope.all(sentence, "person2")
        )
        bare = scope.size(sentence) - (mark.last - mark.first + 1) <= 3
        addressed = any(0 < mark.first - one.last <= 1 for one in scope.all(sentence, "address"))
        if (near or bare or addressed or mark.last - mark.first >= 2) and not _denies(
            scope, mark.first - 3, mark.first - 1
        ):
            yield _Statement(entry.category, min(entry.weight, 0.9), "slur_thrown", mark.first, mark.last)


def _following(subjects: list[Mark], verbs: list[Mark], reach: int) -> Iterator[tuple[Mark, Mark]]:
    """(verb, subject) where the verb comes at most `reach` words after the subject's end."""
    for verb in verbs:
        for subject in _just_before(subjects, verb.first, reach):
            yield verb, subject


def _pairs(firsts: list[Mark], seconds: list[Mark], between: int) -> Iterator[tuple[Mark, Mark]]:
    for first in firsts:
        for second in _next_after(seconds, first.last, between):
            yield first, second


def _next_after(marks: list[Mark], word: int, between: int) -> list[Mark]:
    """Marks that start after `word` with at most `between` words in between."""
    return [mark for mark in marks if 0 < mark.first - word <= between + 1]


def _just_before(marks: list[Mark], word: int, reach: int) -> list[Mark]:
    """Marks that end at most `reach` words before `word`."""
    return [mark for mark in marks if 0 < word - mark.last <= reach]


def _denies(scope: Scope, first: int, last: int) -> bool:
    """Whether a negation word stands between two words, both included."""
    if last < 0 or first > last:
        return False
    sentence = scope.text.sentence_of[last]
    return any(first <= mark.first <= last for mark in scope.all(sentence, "negation"))
