"""Threats against the person spoken to: announced, wished, called for, with a condition or without."""

from __future__ import annotations

from collections.abc import Iterator

from comity.screening.frames.statement import Statement, denies, linked
from comity.screening.scope import Scope

__all__ = ["threats"]

_NEAR = 5
_BODY = 5
"""Words after a blow where the part of the body may stand."""


def threats(scope: Scope, sentence: int) -> Iterator[Statement]:
    """Every threat of one sentence."""
    classes = scope.by_sentence[sentence]
    yield from _called_for(scope, sentence)
    if "person2" not in classes:
        return
    for name in ("harm", "harm.base", "harm.done", "die"):
        for harm in classes.get(name, ()):
            yield from _announced(scope, sentence, harm.first, harm.last, name)
    for name in ("hit", "hit.base", "hit.soon", "hit.now"):
        for hit in classes.get(name, ()):
            for body in scope.starting(sentence, "body", hit.last + 1, hit.last + _BODY):
                if name in ("hit", "hit.base"):
                    yield from _announced(scope, sentence, hit.first, body.last, "hit")
                elif _aimed(scope, sentence, hit.first):
                    yield Statement("threat", 0.9, "threat", hit.first - 2, body.last, True)
    for name in ("harm.now", "harm.soon"):
        for harm in classes.get(name, ()):
            if _aimed(scope, sentence, harm.first) and not denies(scope, harm.first, harm.last + 1):
                yield Statement("threat", 0.93, "threat", harm.first - 2, harm.last, True)
    for person in classes["person2"]:
        for doom in scope.starting(sentence, "doom", person.last + 1, person.last + 2):
            if not denies(scope, person.first, doom.first):
                yield Statement("threat", 0.9, "threat", person.first, doom.last, True)


def _called_for(scope: Scope, sentence: int) -> Iterator[Statement]:
    """Harm called for against a person or a trade: `that journalist should be hanged`."""
    for harm in scope.all(sentence, "harm.base"):
        for person in scope.starting(sentence, "people", harm.last + 1, harm.last + 3):
            language = person.entry.language
            if harm.last + 1 == person.first or not linked(scope, language, harm.last + 1, person.first - 1):
                continue
            for must in scope.ending(sentence, "must", harm.first - 3, harm.first - 1):
                if not denies(scope, must.first - 2, must.first - 1) and not denies(scope, must.last + 1, harm.first):
                    yield Statement("threat", 0.86, "threat", must.first, person.last, True)


def _announced(scope: Scope, sentence: int, first: int, last: int, name: str) -> Iterator[Statement]:
    """Harm with an announcement, a wish or a call before it, and the person spoken to as its object."""
    for opening in ("first", "must"):
        for start in scope.ending(sentence, opening, first - _NEAR, first - 1):
            if denies(scope, start.first - 2, start.first - 1) or denies(scope, start.last + 1, first - 1):
                continue
            # The object stands before the verb (`te`), or right after it (`you`).
            before = scope.starting(sentence, "person2", start.last + 1, first)
            after = scope.starting(sentence, "person2", last + 1, last + 1) if name != "hit" else []
            inner = scope.starting(sentence, "person2", first, last) if name == "hit" else []
            subject = scope.ending(sentence, "person2", start.first - 1, start.last) if opening == "must" else []
            if before or after or inner or (subject and name in ("harm.done", "die")):
                yield Statement("threat", 0.93, "threat", min(start.first, first), last, True)
                return


def _aimed(scope: Scope, sentence: int, verb: int) -> bool:
    """Whether `I ... you` or `we ... you` stands right before a verb, as in French."""
    if verb < 2 or scope.text.sentence_of[verb - 2] != sentence:
        return False
    return bool(scope.starting(sentence, "object2", verb - 1, verb - 1)) and bool(
        scope.ending(sentence, "subject1", verb - 3, verb - 2)
    )
