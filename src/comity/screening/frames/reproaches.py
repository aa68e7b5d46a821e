"""What groups are reproached with: what they lack or do, that none of them is honest; questions that presume it."""

from __future__ import annotations

from collections.abc import Iterator

from comity.screening.frames.statement import Statement, denies, is_object, linked
from comity.screening.marks import Mark
from comity.screening.scope import Scope

__all__ = ["reproached"]

_NEAR = 3
_SAID = (("lack", 0.82), ("misdeed", 0.8))


def reproached(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """Every such statement about one group in one sentence."""
    language = group.entry.language
    for name, score in _SAID:
        for said in scope.starting(sentence, name, group.last + 1, group.last + _NEAR):
            gap = (group.last + 1, said.first - 1)
            if is_object(scope, language, group.first) or denies(scope, group.first - 3, group.first):
                continue
            if linked(scope, language, *gap) and not denies(scope, *gap):
                yield Statement(category, score, "reproach", group.first, said.last)
    yield from _none_is(scope, sentence, category, group)
    yield from _asked(scope, sentence, category, group)


def _none_is(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`I have yet to meet an honest ...`, the praise before the name or, as in Spanish, after it."""
    language = group.entry.language
    for none in scope.ending(sentence, "nonesuch", group.first - 2 * _NEAR, group.first - 1):
        for praise in (
            *scope.starting(sentence, "praise", none.last + 1, group.first - 1),
            *scope.starting(sentence, "praise", group.last + 1, group.last + 1),
        ):
            first, second = (praise, group) if praise.first < group.first else (group, praise)
            gaps = ((none.last + 1, first.first - 1), (first.last + 1, second.first - 1))
            if all(linked(scope, language, *gap) for gap in gaps):
                yield Statement(category, 0.8, "denied_praise", none.first, second.last)


def _asked(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`Why are the ... so ...?`: the question takes for granted what it says."""
    language, first = group.entry.language, scope.text.sentences[sentence][0]
    if not scope.has_word(first, first + 1, language, "why") or group.first - first > 2 * _NEAR:
        return
    for copula in scope.ending(sentence, "copula", group.first - _NEAR, group.first - 1):
        if not linked(scope, language, copula.last + 1, group.first - 1) or denies(scope, first, group.first - 1):
            continue
        for name, score in (("dehuman", 0.95), ("despise", 0.9)):
            for predicate in scope.starting(sentence, name, group.last + 1, group.last + 2 * _NEAR):
                gap = (group.last + 1, predicate.first - 1)
                if linked(scope, language, *gap) and not denies(scope, *gap):
                    yield Statement(category, score, f"{name}_group", group.first, predicate.last)
