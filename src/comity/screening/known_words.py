"""The words that the lists know, by language: what letters in disguise are read as."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple

from comity.screening.disguise import skeleton_form
from comity.screening.lexicon import shipped_lexicon

__all__ = ["FREQUENT", "FREQUENT_RANK", "GLUED_LETTERS", "LATIN", "Vocabulary", "usual_words", "vocabularies"]

LATIN = ("fr", "en", "es", "de")
_LANGUAGES = (*LATIN, "he", "ar")
GLUED_LETTERS = 12
"""Letters from which an unknown word may be a sentence without blanks."""
_SPEAKS, _PART, USUAL, FREQUENT = 4.2, 4.6, 4.4, 3.2
"""What a word costs when letters are cut: one that speaks by itself, a part of statements, a usual one, a frequent."""
FREQUENT_RANK = 200


class Vocabulary(NamedTuple):
    """The words of one language that the lists know."""

    costs: dict[str, float]
    by_skeleton: dict[str, str]
    by_mask: dict[tuple[str, int], list[str]]
    speaks: frozenset[str]
    sorted_words: list[str]
    sorted_skeletons: list[str]


@cache
def vocabularies() -> dict[str, Vocabulary]:
    costs: dict[str, dict[str, float]] = {language: {} for language in _LANGUAGES}
    speaks: dict[str, set[str]] = {language: set() for language in _LANGUAGES}
    for form, category, language in shipped_lexicon().each_form():
        if language not in costs:
            continue
        known = costs[language]
        kind = category.partition(":")[0]
        cost = _PART if kind in ("class", "words") else USUAL if kind in ("watch", "exception") else _SPEAKS
        words = form.split(" ")
        if cost == _SPEAKS and len(words) == 1:
            speaks[language].add(form)
        for word in words:
            known[word] = min(cost, known.get(word, cost))
    text = resources.files("comity.screening").joinpath("data/languages.txt").read_text("utf-8")
    for line in text.splitlines():
        language, *frequent = line.split()
        if language in costs:
            known = costs[language]
            for rank, word in enumerate(frequent):
                cost = FREQUENT + rank / 1000 if rank < FREQUENT_RANK else USUAL
                known[word] = min(cost, known.get(word, cost))
    return {language: _vocabulary_of(known, frozenset(speaks[language])) for language, known in costs.items()}


@cache
def usual_words() -> frozenset[str]:
    """Long words that every reader of Latin letters takes for one word."""
    return frozenset(
        word for language in LATIN for word in vocabularies()[language].costs if len(word) >= GLUED_LETTERS
    )


def _vocabulary_of(costs: dict[str, float], speaks: frozenset[str]) -> Vocabulary:
    by_skeleton: dict[str, str] = {}
    by_mask: dict[tuple[str, int], list[str]] = {}
    for word in sorted(costs, key=lambda one: (costs[one], one)):
        by_skeleton.setdefault(skeleton_form(word), word)
        by_mask.setdefault((word[0], len(word)), []).append(word)
    return Vocabulary(costs, by_skeleton, by_mask, speaks, sorted(costs), sorted(by_skeleton))
