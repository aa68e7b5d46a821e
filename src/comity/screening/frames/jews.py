"""Old accusations against Jews: power, money, guilt, blood; the Shoah denied or turned against its dead."""

from __future__ import annotations

from collections.abc import Iterator

from comity.screening.frames.statement import Statement, denies, linked
from comity.screening.marks import Mark
from comity.screening.normalise import PreparedText
from comity.screening.scope import Scope

__all__ = ["about_jews", "echoes"]

_GROUP = "group.jews"
_CATEGORY = "antisemitism"
_ECHO = 40
"""Characters between the triple brackets that mark a name as Jewish among those who hate."""


def about_jews(scope: Scope, sentence: int) -> Iterator[Statement]:
    """Every such statement of one sentence."""
    classes = scope.by_sentence[sentence]
    states = {mark.last for mark in classes.get("state", ())}
    for control in classes.get("control", ()):
        for group in _people(scope.ending(sentence, _GROUP, control.first - 4, control.first - 1), states):
            for power in scope.starting(sentence, "power", control.last + 1, control.last + 6):
                if not denies(scope, group.last + 1, control.last + 1):
                    yield Statement(_CATEGORY, 0.86, "conspiracy", group.first, power.last)
    for owned in classes.get("owned", ()):
        reach = (owned.last + 1, owned.last + 3)
        places = scope.starting(sentence, "place.jews", *reach)
        for group in (*_people(scope.starting(sentence, _GROUP, *reach), states), *places):
            for power in scope.ending(sentence, "power", owned.first - 6, owned.first - 1):
                if linked(scope, group.entry.language, owned.last + 1, group.first - 1) and not denies(
                    scope, power.last, owned.first - 1
                ):
                    yield Statement(_CATEGORY, 0.86, "conspiracy", power.first, group.last)
    for trope in classes.get("trope", ()):
        for group in _people(scope.ending(sentence, _GROUP, trope.first - 5, trope.first - 1), states):
            if not denies(scope, group.last + 1, trope.first - 1) and not denies(scope, group.first - 2, group.first):
                yield Statement(_CATEGORY, 0.82, "old_accusation", group.first, trope.last)
    for blame in classes.get("blame", ()):
        for group in _people(scope.starting(sentence, _GROUP, blame.last + 1, blame.last + 3), states):
            if linked(scope, group.entry.language, blame.last + 1, group.first - 1) and not denies(
                scope, blame.first - 3, blame.first - 1
            ):
                yield Statement(_CATEGORY, 0.8, "old_accusation", blame.first, group.last)
    for shoah in classes.get("shoah", ()):
        for lie in (
            *scope.starting(sentence, "untrue", shoah.last + 1, shoah.last + 6),
            *scope.ending(sentence, "untrue", shoah.first - 4, shoah.first - 1),
        ):
            low, high = min(shoah.last, lie.last) + 1, max(shoah.first, lie.first) - 1
            if not denies(scope, low, high) and not denies(scope, min(shoah.first, lie.first) - 3, low - 1):
                yield Statement(_CATEGORY, 0.88, "shoah_denied", min(shoah.first, lie.first), max(shoah.last, lie.last))


def _people(groups: list[Mark], states: set[int]) -> list[Mark]:
    """The groups that are not citizens of a state: what is said of its army or government is no old accusation."""
    return [group for group in groups if group.last not in states]


def echoes(text: PreparedText) -> Iterator[Statement]:
    """Names in triple brackets, `(((they)))`: a sign of antisemites. For a person to read."""
    raw = text.raw
    start = raw.find("(((")
    number = 0
    while start >= 0:
        end = raw.find(")))", start + 3, start + _ECHO)
        named = end > 0 and raw[start + 3 : end].replace(" ", "").replace("-", "").isalpha()
        while named and number < len(text.words) and text.word_span(number)[0] < start:
            number += 1
        if named and number < len(text.words):
            last = number
            while last + 1 < len(text.words) and text.word_span(last + 1)[1] <= end:
                last += 1
            yield Statement(_CATEGORY, 0.8, "old_accusation", number, last)
        start = raw.find("(((", start + 3)
