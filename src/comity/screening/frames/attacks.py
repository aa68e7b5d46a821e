"""Harm that a group is wished or promised in other forms than a call to kill: perishing, blows, being carried off."""

from __future__ import annotations

from collections.abc import Iterator

from comity.screening.frames.statement import Statement, denies, linked
from comity.screening.marks import Mark
from comity.screening.scope import Scope

__all__ = ["attacked"]

_NEAR = 4
_BODY = 5
"""Words from a blow to the part of the body that it hits."""


def attacked(scope: Scope, sentence: int, category: str, name: str) -> Iterator[Statement]:
    """Every such statement about the groups of one class in one sentence."""
    classes = scope.by_sentence[sentence]
    groups = classes.get(name, ())
    for group in groups:
        if "perish" in classes:
            yield from _wished_gone(scope, sentence, category, group)
        if "carry" in classes:
            yield from _carried_off(scope, sentence, category, group)
        if "solution" in classes:
            yield from _solved(scope, sentence, category, group)
        if "hit.base" in classes and "body" in classes:
            yield from _beaten(scope, sentence, category, group)
        if "dead" in classes:
            yield from _good_when_dead(scope, sentence, category, group, groups)


def _carried_off(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`If only the sea would take the ...`."""
    language = group.entry.language
    for carry in scope.ending(sentence, "carry", group.first - _NEAR, group.first - 1):
        if not linked(scope, language, carry.last + 1, group.first - 1):
            continue
        for wish in scope.ending(sentence, "wish", carry.first - _NEAR, carry.first - 1):
            if not denies(scope, wish.first - 3, carry.last + 1):
                yield Statement(category, 0.9, "harm_group", wish.first, group.last)


def _solved(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`There is only one solution for the ...: the firing squad`."""
    for solution in scope.ending(sentence, "solution", group.first - _NEAR, group.first - 1):
        for name in ("die", "gallows", "harm", "harm.base"):
            for harm in scope.starting(sentence, name, group.last + 1, group.last + _NEAR + 1):
                if not denies(scope, solution.first - 2, harm.first - 1):
                    yield Statement(category, 0.93, "harm_group", solution.first, harm.last)


def _beaten(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`I will break the bones of a ...`."""
    language = group.entry.language
    for body in scope.ending(sentence, "body", group.first - _NEAR, group.first - 1):
        if not linked(scope, language, body.last + 1, group.first - 1):
            continue
        for hit in scope.ending(sentence, "hit.base", body.first - _BODY, body.first - 1):
            for opening in ("first", "must"):
                for start in scope.ending(sentence, opening, hit.first - _NEAR, hit.first - 1):
                    if not denies(scope, start.first - 2, hit.first - 1):
                        yield Statement(category, 0.93, "harm_group", start.first, group.last)


def _wished_gone(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`May the ... perish`: a wish opens the sentence or the clause."""
    language = group.entry.language
    for perish in scope.starting(sentence, "perish", group.last + 1, group.last + _NEAR):
        after = perish.last + 1
        ends = after > scope.text.sentences[sentence][1] - 1 or _is_clause_end(scope, perish.last)
        # `that they perish at sea is a shame` goes on; a wish does not.
        if not ends or not linked(scope, language, group.last + 1, perish.first - 1) or denies(scope, after, after):
            continue
        for wish in scope.ending(sentence, "wish", group.first - _NEAR, group.first - 1):
            # `that they die` inside a sentence may hang on `it is sad`: one word must open it.
            opens = wish.last > wish.first or wish.first == scope.text.sentences[sentence][0]
            if (
                opens
                and linked(scope, language, wish.last + 1, group.first - 1)
                and not denies(scope, wish.first - 3, wish.first - 1)
            ):
                yield Statement(category, 0.92, "harm_group", wish.first, perish.last)


def _is_clause_end(scope: Scope, word: int) -> bool:
    """Whether a comma, a colon or a semicolon follows a word."""
    text = scope.text
    return text.folded[text.folded_spans[word][1] : text.folded_spans[word + 1][0]].strip()[:1] in (",", ":", ";")


def _good_when_dead(
    scope: Scope, sentence: int, category: str, group: Mark, groups: list[Mark] | tuple[Mark, ...]
) -> Iterator[Statement]:
    """`A good ... is a dead ...`."""
    language = group.entry.language
    if not scope.has_word(group.first - 1, group.first - 1, language, "good"):
        return
    for other in groups:
        near = group.last < other.first <= group.last + _NEAR
        if near and scope.starting(sentence, "dead", other.first - 1, other.last + 1):
            yield Statement(category, 0.95, "harm_group", group.first, other.last)
