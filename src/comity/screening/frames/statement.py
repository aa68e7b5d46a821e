"""One hostile statement, and the questions that every form of statement asks of the words between its parts."""

from __future__ import annotations

from typing import NamedTuple

from comity.screening.marks import Mark
from comity.screening.scope import Scope

__all__ = ["Statement", "denies", "denies_being", "is_object", "is_one_person", "linked", "of_pests", "owns"]


class Statement(NamedTuple):
    """Words that make one statement."""

    category: str
    score: float
    form: str
    """Which form it is: the evidence that a moderator reads."""
    first: int
    """Number of its first word."""
    last: int
    aimed: bool = False
    """Thrown at somebody: see `Scope.weight`."""
    said: int = -1
    """Number of the word that insults, where the statement begins with who is spoken to: what is quoted or told."""


def linked(scope: Scope, language: str, low: int, high: int) -> bool:
    """Whether nothing but small words (articles, quantities, intensifiers) stands from `low` to `high`."""
    return scope.words_between(low, high, language, "link", "article")


def denies(scope: Scope, first: int, last: int) -> bool:
    """Whether a negation word stands between two words, both included."""
    last = min(last, len(scope.text.words) - 1)
    if last < 0 or first > last:
        return False
    return bool(scope.starting(scope.text.sentence_of[last], "negation", max(0, first), last))


def denies_being(scope: Scope, first: int) -> bool:
    """Whether what starts here is what somebody is said not to be: a verb of being, a negation, small words between."""
    sentence = scope.text.sentence_of[first]
    for negation in scope.starting(sentence, "negation", first - 4, first - 1):
        being = scope.ending(sentence, "copula", negation.first - 2, negation.last) or scope.starting(
            sentence, "copula", negation.last + 1, negation.last + 2
        )
        if being and linked(scope, being[0].entry.language, negation.last + 1, first - 1):
            return True
    return False


def is_object(scope: Scope, language: str, first: int) -> bool:
    """Whether the words that start here hang on a preposition: not they, but what stands before is spoken of."""
    words, sentence_of = scope.text.words, scope.text.sentence_of
    place = first - 1
    while place >= 0 and sentence_of[place] == sentence_of[first] and scope.has_word(place, place, language, "article"):
        place -= 1
    if place < 0 or sentence_of[place] != sentence_of[first]:
        return False
    return scope.has_word(place, place, language, "preposition") and not (
        place > 0 and scope.has_word(place - 1, place - 1, language, "quantity") and words[place - 1] != words[place]
    )


def is_one_person(scope: Scope, group: Mark) -> bool:
    """Whether the word for a group of a sex means one person: `my wife`, `that girl`."""
    before = group.first - 1
    return group.entry.category == "class:group.sex" and scope.has_word(before, before, group.entry.language, "one")


def owns(scope: Scope, last: int) -> bool:
    """Whether an English name that ends here owns what comes next (`women's`): that is spoken of, not they."""
    text = scope.text
    after = last + 1
    if after >= len(text.words) or text.words[after] != "s" or text.sentence_of[after] != text.sentence_of[last]:
        return False
    return text.folded[text.folded_spans[last][1] : text.folded_spans[after][0]] in ("'", "’")


def of_pests(scope: Scope, mark: Mark) -> bool:
    """Whether what is called for (`must be exterminated`) is said of what people may well fight: wasps, a disease."""
    sentence = scope.text.sentence_of[mark.first]
    if mark.first == scope.text.sentences[sentence][0]:
        return False
    return scope.has_word(mark.first - 1, mark.first - 1, mark.entry.language, "pest")
