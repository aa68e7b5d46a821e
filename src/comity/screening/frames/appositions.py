"""What groups are called without a verb of their own: names set beside them, before them, or drawn as a conclusion."""

from __future__ import annotations

from collections.abc import Iterator

from comity.screening.frames.statement import Statement, denies, is_object, linked
from comity.screening.marks import Mark
from comity.screening.scope import Scope

__all__ = ["named_beside"]

_ASIDE = 5
_CLAUSE = 9
"""Words between a name and the group that it is given to."""
_CONCLUSIONS = (("dehuman", 0.85), ("despise", 0.8), ("swarm", 0.8))


def named_beside(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """Every such statement about one group in one sentence."""
    yield from _apposed(scope, sentence, category, group)
    yield from _all_of_them(scope, sentence, category, group)
    yield from _before(scope, sentence, category, group)
    yield from _concluded(scope, sentence, category, group)


def _sign_after(scope: Scope, word: int) -> str:
    """What is written between a word and the next one, blanks aside."""
    text = scope.text
    if word + 1 >= len(text.words) or text.sentence_of[word] != text.sentence_of[word + 1]:
        return ""
    return text.folded[text.folded_spans[word][1] : text.folded_spans[word + 1][0]].strip()


def _apposed(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`The ..., those vermin, ...`."""
    language = group.entry.language
    if _sign_after(scope, group.last) != ",":
        return
    for predicate in scope.starting(sentence, "dehuman", group.last + 2, group.last + _ASIDE):
        between = (group.last + 1, predicate.first - 1)
        pointed = scope.has_word(between[0], between[0], language, "those") and linked(scope, language, *between)
        closed = _sign_after(scope, predicate.last) == "," or predicate.last == scope.text.sentences[sentence][1]
        if pointed and closed and not is_object(scope, language, group.first):
            yield Statement(category, 0.9, "dehuman_group", group.first, predicate.last)


def _all_of_them(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`The ..., all of them thieves`."""
    language = group.entry.language
    if _sign_after(scope, group.last) not in (",", ":") or is_object(scope, language, group.first):
        return
    for name, score in (("dehuman", 0.9), ("despise", 0.82)):
        for predicate in scope.starting(sentence, name, group.last + 2, group.last + _ASIDE):
            low, high = group.last + 1, predicate.first - 1
            every = scope.has_word(low, low, language, "every")
            if every and linked(scope, language, low, high) and not denies(scope, group.first - 3, group.first):
                yield Statement(category, score, f"{name}_group", group.first, predicate.last)


def _before(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`Thieves, that is what the ... are`; `vermin, those ...` at the head of a sentence."""
    language, first = group.entry.language, scope.text.sentences[sentence][0]
    for predicate in scope.ending(sentence, "despise", group.first - _CLAUSE, group.first - 1):
        low, high = predicate.last + 1, group.first - 1
        inverted = scope.has_word(low, high, language, "inversion") and scope.words_between(
            low, high, language, "link", "article", "inversion", "of", "be"
        )
        if inverted and not denies(scope, predicate.first - 3, high):
            yield Statement(category, 0.8, "despise_group", predicate.first, group.last)
    for predicate in scope.ending(sentence, "dehuman", group.first - 4, group.first - 2):
        low, high = predicate.last + 1, group.first - 1
        pointed = scope.has_word(predicate.first - 2, predicate.first - 1, language, "those")
        is_they = scope.has_word(low, high, language, "be") and scope.has_word(low, low, language, "of")
        if pointed and is_they and scope.words_between(low, high, language, "of", "be", "article"):
            yield Statement(category, 0.9, "dehuman_group", predicate.first, group.last)
        heads = predicate.first - first <= 1 and scope.words_between(first, predicate.first - 1, language, "some")
        apart = heads and _sign_after(scope, predicate.last) == ","
        if apart and scope.words_between(low, high, language, "article", "those"):
            yield Statement(category, 0.85, "dehuman_group", predicate.first, group.last)


def _concluded(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """`He is ..., so he steals`: what one is told of is made to follow from the group."""
    language = group.entry.language
    if not scope.has_word(group.last + 1, group.last + 2, language, "therefore"):
        return
    if not scope.ending(sentence, "copula", group.first - 3, group.first - 1) or denies(
        scope, group.first - 4, group.first
    ):
        return
    for name, score in _CONCLUSIONS:
        for predicate in scope.starting(sentence, name, group.last + 2, group.last + _CLAUSE):
            if not denies(scope, group.last + 1, predicate.first - 1):
                yield Statement(
                    category,
                    score,
                    f"{'despise' if name == 'despise' else 'dehuman'}_group",
                    group.first,
                    predicate.last,
                )
