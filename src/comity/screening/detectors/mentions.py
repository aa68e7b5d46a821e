"""Which groups a text names, and whether hostile words stand beside one: of themselves they say nothing.

A group that is named tells which rule a general finding of hatred belongs to. Where a word of hostile statements stands
in the same sentence, in the author's own name and undenied, though in no form that the statements know, it also stands
beside such a finding: what the trained model is sure of is then said in words that a person can be shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from comity.screening.frames.statement import is_object, is_one_person
from comity.screening.marks import Mark, marks_of
from comity.screening.normalise import PreparedText
from comity.screening.restoring import restored_of
from comity.screening.scope import Scope, scope_of
from comity.screening.types import Finding, Span, Submission

__all__ = ["MentionsDetector"]

_CATEGORY = {
    "class:group.jews": "antisemitism",
    "class:group.origin": "racism",
    "class:group.sex": "discrimination",
    "class:group.orientation": "discrimination",
    "class:group.disability": "discrimination",
}
_NAMED = 0.02
_BESIDE = 0.4
"""Enough to stand beside a finding of hatred, too little to be one."""

_NAMES = ("dehuman", "insultable", "insultable.low")
"""Names that people are called; many are everyday words for animals and diseases as well."""
_HOSTILE = (
    *_NAMES,
    *("despise", "swarm", "cage", "hatred", "exclude", "cleanse"),
    *("harm", "harm.base", "harm.done", "harm.now", "harm.soon", "die", "gallows", "doom"),
)
_HOSTILE_TO_JEWS = (*_HOSTILE, "control", "trope", "blame", "untrue")
_LISTED = frozenset({"insult", "obscenity", "threat", "racism", "discrimination", "antisemitism"})
_TELLS = ("negation", "condemn", "context", "report", "topic")
"""Classes that may make a sentence an answer to hatred, or news of it."""
_OWN_NAME = 0.85
"""Weight from which words are said in the author's own name."""
_PAUSES = frozenset(",:-(")


class MentionsDetector:
    """One finding a category, of little weight; the engine keeps it only beside a finding of hatred."""

    name = "mentions"
    version = "2"
    kind = "mention"

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """The groups named, by the category that hatred of them would be, with the hostile words beside them."""
        spans: dict[str, set[Span]] = {}
        hostile: set[str] = set()
        restored = restored_of(text)
        for reading in (text,) if restored is None else (text, restored):
            named = [(mark, _CATEGORY[mark.entry.category]) for mark in marks_of(reading) if _names(mark)]
            for mark, category in named:
                spans.setdefault(category, set()).add(mark.span)
            for category, word in _hostile_words(reading, named):
                hostile.add(category)
                spans[category].add(word.span)
        for category, found in spans.items():
            beside = category in hostile
            evidence = "hostile_words_beside_group" if beside else "group_named"
            yield Finding(category, _BESIDE if beside else _NAMED, self.name, tuple(sorted(found)), (evidence,))


def _names(mark: Mark) -> bool:
    return mark.entry.category in _CATEGORY


def _hostile_words(text: PreparedText, named: Sequence[tuple[Mark, str]]) -> Iterator[tuple[str, Mark]]:
    """What stands beside the named groups, sentence by sentence, so that the work grows with the text alone."""
    if not named:
        return
    scope = scope_of(text)
    listed: dict[int, list[Mark]] = {}
    for mark in marks_of(text):
        if mark.entry.category in _LISTED:
            listed.setdefault(text.sentence_of[mark.first], []).append(mark)
    groups: dict[tuple[int, str], list[Mark]] = {}
    for mark, category in named:
        if scope.is_spoken(mark) and not is_one_person(scope, mark):
            groups.setdefault((text.sentence_of[mark.first], category), []).append(mark)
    pauses = [place for place, character in enumerate(text.folded) if character in _PAUSES] if groups else []
    for (sentence, category), own in groups.items():
        classes = scope.by_sentence.get(sentence, {})
        if any(name in classes for name in _TELLS):
            continue
        beside = _Beside(scope, min(own, key=lambda one: one.last), max(own, key=lambda one: one.first), pauses)
        for name in _HOSTILE_TO_JEWS if category == "antisemitism" else _HOSTILE:
            for word in classes.get(name, ()):
                if beside.stands(word) and (name not in _NAMES or beside.may_be_called(word)):
                    yield category, word
        for word in listed.get(sentence, ()):
            if beside.stands(word):
                yield category, word


class _Beside(NamedTuple):
    """The groups of one kind in one sentence: what stands beside any of them does so beside its first or its last."""

    scope: Scope
    first: Mark
    last: Mark
    pauses: list[int]
    """Places of the marks of pause in the folded text."""

    def stands(self, word: Mark) -> bool:
        """Whether hostile words stand apart from a group and in the author's own name, undenied."""
        apart = self.first.last < word.first or word.last < self.last.first
        return apart and self.scope.weight(word.first, word.last) >= _OWN_NAME

    def may_be_called(self, name: Mark) -> bool:
        """Whether a name may be what a group is called: not something that happens to it or does something to it."""
        language = self.last.entry.language
        if is_object(self.scope, language, name.first) and not _is_partitive(self.scope, language, name.first - 2):
            return False  # `struck by this cancer`
        if self.first.last < name.first:
            return True
        spans = self.scope.text.folded_spans
        pause = bisect_left(self.pauses, spans[name.last][1])
        # `our dog bites strangers`, `apes and people` have none
        return pause < len(self.pauses) and self.pauses[pause] < spans[self.last.first][0]


def _is_partitive(scope: Scope, language: str, word: int) -> bool:
    """Whether two small words from here mean `some` together, as `de la` does."""
    return (
        scope.has_word(word, word, language, "some")
        and scope.has_word(word + 1, word + 1, language, "some")
        and not scope.has_word(word + 1, word + 1, language, "one")
    )
