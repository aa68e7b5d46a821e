"""Which groups a text names, and whether hostile words stand beside one: of themselves they say nothing.

A group that is named tells which rule a general finding of hatred belongs to. Where a word of hostile statements stands
in the same sentence, in the author's own name and undenied, though in no form that the statements know, it also stands
beside such a finding: what the trained model is sure of is then said in words that a person can be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
            for mark, category in named:
                for word in _beside(scope_of(reading), mark, category):
                    hostile.add(category)
                    spans[category].add(word.span)
        for category, found in spans.items():
            beside = category in hostile
            evidence = "hostile_words_beside_group" if beside else "group_named"
            yield Finding(category, _BESIDE if beside else _NAMED, self.name, tuple(sorted(found)), (evidence,))


def _names(mark: Mark) -> bool:
    return mark.entry.category in _CATEGORY


def _beside(scope: Scope, group: Mark, category: str) -> Iterator[Mark]:
    """Hostile words in a group's sentence, said in the author's own name and denied by nothing in it."""
    sentence = scope.text.sentence_of[group.first]
    classes = scope.by_sentence.get(sentence, {})
    if not scope.is_spoken(group) or is_one_person(scope, group) or any(name in classes for name in _TELLS):
        return
    words = [
        mark
        for name in (_HOSTILE_TO_JEWS if category == "antisemitism" else _HOSTILE)
        for mark in classes.get(name, ())
        if name not in _NAMES or _may_be_called(scope, group, mark)
    ]
    words += [
        mark
        for mark in marks_of(scope.text)
        if mark.entry.category in _LISTED and scope.text.sentence_of[mark.first] == sentence
    ]
    for mark in words:
        apart = mark.last < group.first or group.last < mark.first
        if apart and scope.weight(mark.first, mark.last) >= _OWN_NAME:
            yield mark


def _may_be_called(scope: Scope, group: Mark, name: Mark) -> bool:
    """Whether a name may be what the group is called: not something that happens to it or does something to it."""
    language, first = group.entry.language, name.first
    if is_object(scope, language, first) and not _is_partitive(scope, language, first - 2):
        return False  # `struck by this cancer`
    if name.first > group.first:
        return True
    between = scope.text.folded[scope.text.folded_spans[name.last][1] : scope.text.folded_spans[group.first][0]]
    return not _PAUSES.isdisjoint(between)  # `our dog bites strangers`, `apes and people` have none


def _is_partitive(scope: Scope, language: str, word: int) -> bool:
    """Whether two small words from here mean `some` together, as `de la` does."""
    return (
        scope.has_word(word, word, language, "some")
        and scope.has_word(word + 1, word + 1, language, "some")
        and not scope.has_word(word + 1, word + 1, language, "one")
    )
