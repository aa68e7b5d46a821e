"""Finds the words and phrases of the lists, plain or in disguise."""

from __future__ import annotations

from collections.abc import Iterable

from comity.screening.frames.insults import SLURS, of_oneself
from comity.screening.frames.statement import denies_being, of_pests
from comity.screening.lexicon import Entry, Lexicon
from comity.screening.marks import Mark, marks_in, marks_of
from comity.screening.normalise import PreparedText
from comity.screening.scope import Scope, scope_of
from comity.screening.types import Finding, Submission

__all__ = ["LexiconDetector"]

_SCOPED = frozenset({"insult", "racism", "antisemitism", "discrimination", "threat", "obscenity"})


_AIMED = frozenset({"insult", "threat"})
_SOMEBODY = ("person2", "people", "address", "address.dirty")
_STRONG = 0.85
"""From here on an insult is one whatever is denied beside it, the verb `to be` excepted."""


class LexiconDetector:
    """Every list entry in the text, one finding a category: its heaviest entry's weight, the spans of all."""

    name = "lexicon"
    version = "2"
    kind = "words"
    reads_names = True

    def __init__(self, own_entries: Iterable[Entry] = ()) -> None:
        """`own_entries` are the newsroom's, found beside the shipped ones."""
        own = tuple(own_entries)
        self._own = Lexicon(own) if own else None

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """One finding a category, with the spans of all its words."""
        by_category: dict[str, list[Mark]] = {}
        for mark in marks_of(text) + (marks_in(text, self._own) if self._own else ()):
            if not mark.entry.category.startswith(("class:", "watch:")):
                by_category.setdefault(mark.entry.category, []).append(mark)
        if not by_category:
            return
        scope = scope_of(text)
        for category, marks in by_category.items():
            weights = [_weight(mark, scope) if category in _SCOPED else mark.entry.weight for mark in marks]
            yield Finding(
                category=category,
                score=round(max(weights), 4),
                detector=self.name,
                spans=tuple(sorted({mark.span for mark in marks})),
                evidence=tuple(sorted({mark.entry.form for mark in marks})[:8]),
            )


def _weight(mark: Mark, scope: Scope) -> float:
    """The entry's weight as it is said here; a mild insult that is denied (`not a fool`) hardly is one."""
    entry = mark.entry
    weight = entry.weight * scope.weight(mark.first, mark.last, aimed=entry.category in _AIMED)
    if entry.category == "threat" and scope.is_negated(mark.first - 1, mark.first - 1, 2):
        return weight * 0.5
    if entry.category == "threat" and of_pests(scope, mark):
        return weight * 0.4
    if entry.category in SLURS and of_oneself(scope, scope.text.sentence_of[mark.first], mark):
        return weight * 0.5  # a name that its owners take for themselves
    if entry.category != "insult":
        return weight
    if entry.weight < _STRONG:
        # Below it a word insults people only: a law, a film, an idea may be called so.
        said_of_somebody = any(scope.all(scope.text.sentence_of[mark.first], name) for name in _SOMEBODY)
        return weight if said_of_somebody and not scope.is_negated(mark.first, mark.last, 2) else weight * 0.6
    return weight * 0.5 if denies_being(scope, mark.first) else weight
