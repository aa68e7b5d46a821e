"""What is felt of groups: hatred said of oneself, disgust that they cause, the wish to have them elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from comity.screening.frames.statement import Statement, denies, is_object, is_one_person, linked, owns
from comity.screening.marks import Mark
from comity.screening.scope import Scope

__all__ = ["hated"]

_NEAR = 4
"""Words from a feeling to the group it is for."""


def hated(scope: Scope, sentence: int, category: str, name: str) -> Iterator[Statement]:
    """Every such statement about the groups of one class."""
    classes = scope.by_sentence[sentence]
    for hatred in classes.get("hatred", ()):
        for group in scope.starting(sentence, name, hatred.last + 1, hatred.last + _NEAR):
            # `I hate people who ...`, `I hate how ...`: somebody else is hated, or something.
            aside = scope.has_word(hatred.last + 1, group.first - 1, group.entry.language, "aside")
            other = aside or owns(scope, group.last) or is_one_person(scope, group)
            if not other and not denies(scope, hatred.first - 2, hatred.first - 1):
                score = 0.82 if group.entry.weight == 0 else 0.92
                yield Statement(category, score, "hatred_of_group", hatred.first, group.last)
    for repel in classes.get("repel", ()):
        for group in scope.ending(sentence, name, repel.first - 3, repel.first - 1):
            gap = (group.last + 1, repel.first - 1)
            if linked(scope, group.entry.language, *gap) and _opens(scope, group) and not denies(scope, *gap):
                yield Statement(category, 0.85, "hatred_of_group", group.first, repel.last)
    for away in classes.get("away", ()):
        for group in scope.ending(sentence, name, away.first - 3, away.first - 1):
            for keep in scope.ending(sentence, "keep", group.first - 3, group.first - 1):
                ordered = keep.first == scope.text.sentences[sentence][0] or bool(
                    scope.ending(sentence, "must", keep.first - 2, keep.first - 1)
                )
                near = linked(scope, group.entry.language, keep.last + 1, group.first - 1)
                if ordered and near and not denies(scope, keep.first - 3, keep.first - 1):
                    yield Statement(category, 0.8, "exclusion", keep.first, away.last)


def _opens(scope: Scope, group: Mark) -> bool:
    """Whether a group is the subject of its clause: it opens it, small words aside, and hangs on nothing before."""
    text, language = scope.text, group.entry.language
    if is_object(scope, language, group.first):
        return False
    place = group.first
    while place > 0 and text.sentence_of[place - 1] == text.sentence_of[group.first]:
        before = text.folded[text.folded_spans[place - 1][1] : text.folded_spans[place][0]]
        if before.strip():
            return True
        if not scope.has_word(place - 1, place - 1, language, "opening"):
            return False
        place -= 1
    return True
