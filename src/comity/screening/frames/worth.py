"""What groups are refused: praise and worth; hatred said of `them` after the group is named."""

from __future__ import annotations

from collections.abc import Iterator

from comity.screening.frames.statement import Statement, denies, is_object, linked
from comity.screening.marks import Mark
from comity.screening.scope import Scope

__all__ = ["refused"]

_NEAR = 4
_CLAUSE = 9
"""Words from a group to what is said of `them`."""


def refused(scope: Scope, sentence: int, category: str, name: str) -> Iterator[Statement]:
    """Every such statement about the groups of one class in one sentence."""
    classes = scope.by_sentence[sentence]
    for group in classes.get(name, ()):
        if "praise" in classes:
            yield from _not_praised(scope, sentence, category, group)
        if "unreal" in classes:
            yield from _unheard_of(scope, sentence, category, group)
        if "granted" in classes:
            yield from _none_granted(scope, sentence, category, group)
        if "hatred.them" in classes:
            yield from _hated_after(scope, sentence, category, group)


def _not_praised(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`The ... are not honest`, `no ... is honest`, `an honest ..., there is no such thing`."""
    language = group.entry.language
    for praise in scope.starting(sentence, "praise", group.last + 1, group.last + _CLAUSE):
        low, high = group.last + 1, praise.first - 1
        none = _is_none(scope, group)
        for copula in scope.starting(sentence, "copula", low, low + 2):
            between = (copula.last + 1, high)
            if not linked(scope, language, low, copula.first - 1) or is_object(scope, language, group.first):
                continue
            some = scope.has_word(*between, language, "every")  # not all of them are: some are
            negated = denies(scope, *between) and scope.words_between(*between, language, "link", "article", "not")
            if (none and linked(scope, language, *between)) or (
                negated and not some and not denies(scope, group.first - 3, group.first)
            ):
                yield Statement(category, 0.78, "denied_praise", group.first, praise.last)
        if (low <= high and not linked(scope, language, low, high)) or praise.first - group.last > 2:
            continue
        if denies(scope, group.first - 2, group.first - 1):  # `you will not find an honest ...`
            yield Statement(category, 0.78, "denied_praise", group.first, praise.last)
        for unreal in scope.starting(sentence, "unreal", praise.last + 1, praise.last + _NEAR):
            yield Statement(category, 0.8, "denied_praise", group.first, unreal.last)


def _unheard_of(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`A ... who works, there is no such thing`."""
    if not scope.has_word(group.last + 1, group.last + 1, group.entry.language, "relative"):
        return
    for unreal in scope.starting(sentence, "unreal", group.last + 3, group.last + _CLAUSE):
        if not denies(scope, group.last + 1, unreal.first - 1):
            yield Statement(category, 0.75, "denied_praise", group.first, unreal.last)


def _none_granted(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`No ... deserves to be heard`."""
    if not _is_none(scope, group):
        return
    for granted in scope.starting(sentence, "granted", group.last + 1, group.last + 2):
        yield Statement(category, 0.82, "denied_praise", group.first, granted.last)


def _is_none(scope: Scope, group: Mark) -> bool:
    """Whether `no` or `not one` stands right before a group."""
    return scope.has_word(group.first - 1, group.first - 1, group.entry.language, "none")


def _hated_after(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`The ..., I hate them`: nobody else is named in between."""
    language = group.entry.language
    for hatred in scope.starting(sentence, "hatred.them", group.last + 1, group.last + _CLAUSE):
        gap = (group.last + 1, hatred.first - 1)
        if scope.has_word(*gap, language, "article") or scope.starting(sentence, "people", *gap):
            continue
        if not is_object(scope, language, group.first) and not denies(scope, hatred.first - 2, hatred.first - 1):
            yield Statement(category, 0.8, "hatred_of_group", group.first, hatred.last)
