"""Insults thrown at somebody: the person spoken to, a person spoken of, or a name called into the room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from comity.screening.frames.statement import Statement, denies, denies_being, linked
from comity.screening.marks import Mark
from comity.screening.scope import Scope

__all__ = ["SLURS", "insults", "of_oneself", "slurs"]

SLURS = frozenset({"racism", "antisemitism", "discrimination"})
_SURE_SLUR = 0.93
"""From this weight on a slur has no other meaning."""
_SLUR = 0.6
_STRONG = 0.85
"""From this weight on an insult has no other meaning."""
_NEAR = 6

_CALLED = {"strong": 0.92, "plain": 0.9, "low": 0.88, "weak": 0.86, "mild": 0.6, "soft": 0.86, "ambiguous": 0.45}
"""Said of the person spoken to."""
_ADDRESSED = {"strong": 0.92, "plain": 0.9, "low": 0.88, "weak": 0.45, "mild": 0.45, "soft": 0.86, "ambiguous": 0.88}
"""After `you`, `what a`, `bunch of`, nobody else named."""
_SPOKEN_OF = {"strong": 0.9, "plain": 0.86, "low": 0.86, "weak": 0.45, "mild": 0.4, "soft": 0.45, "ambiguous": 0.3}
"""Said of a person who is spoken of."""
_SOMEBODY = {"strong": 0.88, "plain": 0.6, "low": 0.45, "weak": 0.4, "mild": 0.3, "soft": 0.3, "ambiguous": 0.3}
"""Said of `he`, `they`, `that one`: perhaps of a thing."""
_SORT_OF_PERSON = 0.86
"""Said so with an article, as of people: `that is a ...`."""
_SURE = ("strong", "plain")
_AMBIGUOUS = tuple((f"slur.{category}", category) for category in ("racism", "antisemitism", "discrimination"))
"""Everyday words that are slurs when they are thrown."""
_KINDS = (("insultable", "plain"), *((f"insultable.{kind}", kind) for kind in ("low", "weak", "mild", "soft")))


class _Name(NamedTuple):
    """A word that insults where it is thrown."""

    mark: Mark
    kind: str
    category: str


def insults(scope: Scope, sentence: int, listed: list[Mark]) -> Iterator[Statement]:
    """Every insult thrown in one sentence; `listed` are its entries of the lists that insult or slur."""
    names = _names(scope, sentence, listed)
    if not names:
        return
    people = scope.all(sentence, "person2")
    selves = scope.all(sentence, "person1")
    size = scope.size(sentence)
    for name in names:
        if of_oneself(scope, sentence, name.mark):
            continue
        first, last = name.mark.first, name.mark.last
        thrown = [
            *_called(scope, sentence, name),
            *_addressed(scope, sentence, name, bool(people), bool(selves), size),
            *_spoken_of(scope, sentence, name),
            *_commanded(scope, sentence, name),
        ]
        if size - (last - first + 1) <= 1 and name.kind in _SURE and not denies(scope, first - 1, first):
            thrown.append((0.88, first))  # little else in the sentence
        if thrown:
            score, start = max(thrown, key=lambda one: (one[0], -one[1]))
            yield Statement(name.category, score, "insult_thrown", min(start, first), last, True, first)


def slurs(scope: Scope, listed: list[Mark]) -> Iterator[Statement]:
    """Slurs without another meaning, in the author's own words, not said of oneself."""
    for mark in listed:
        entry = mark.entry
        sentence = scope.text.sentence_of[mark.first]
        if entry.category not in SLURS or entry.weight < _SURE_SLUR:
            continue
        if of_oneself(scope, sentence, mark):
            continue
        if not denies_being(scope, mark.first):
            yield Statement(entry.category, min(entry.weight, 0.93), "slur_thrown", mark.first, mark.last)


def of_oneself(scope: Scope, sentence: int, mark: Mark) -> bool:
    """Whether the author says it of themselves: `I am a ...`, `what a ... I am`."""
    if scope.starting(sentence, "self", mark.last + 1, mark.last + 2):
        return True
    return any(
        linked(scope, mark.entry.language, oneself.last + 1, mark.first - 1)
        for name in ("self", "self.before")
        for oneself in scope.ending(sentence, name, mark.first - _NEAR, mark.first - 1)
    )


def _names(scope: Scope, sentence: int, listed: list[Mark]) -> list[_Name]:
    found: dict[tuple[int, int], _Name] = {}
    for mark in listed:
        entry = mark.entry
        slur = entry.category in SLURS and entry.weight >= _SLUR
        if slur or (entry.category == "insult" and entry.weight >= _STRONG):
            found.setdefault((mark.first, mark.last), _Name(mark, "strong", entry.category))
    for name, category in _AMBIGUOUS:
        for mark in scope.all(sentence, name):
            found.setdefault((mark.first, mark.last), _Name(mark, "ambiguous", category))
    for name, kind in _KINDS:
        for mark in scope.all(sentence, name):
            found.setdefault((mark.first, mark.last), _Name(mark, kind, "insult"))
    return list(found.values())


_Throw = tuple[float, int]
"""How surely a name is thrown, and the first word of what throws it."""


def _called(scope: Scope, sentence: int, name: _Name) -> Iterator[_Throw]:
    """`You are a ...`."""
    language, first = name.mark.entry.language, name.mark.first
    for copula in scope.ending(sentence, "copula", first - _NEAR, first - 1):
        between = (copula.last + 1, first - 1)
        if not linked(scope, language, *between) or denies(scope, *between):
            continue
        for person in scope.ending(sentence, "person2", copula.first - 3, copula.last):
            if not denies(scope, person.first - 1, copula.first):
                yield _CALLED[name.kind], min(person.first, copula.first)


def _addressed(scope: Scope, sentence: int, name: _Name, spoken_to: bool, oneself: bool, size: int) -> Iterator[_Throw]:
    """`You ...!`, `what a ...`, `bunch of ...`."""
    language, first = name.mark.entry.language, name.mark.first
    for kind in ("address", "address.dirty", "address.mild", "address.you"):
        for address in scope.ending(sentence, kind, first - 3, first - 1):
            between = (address.last + 1, first - 1)
            if not scope.words_between(*between, language, "link") or denies(scope, address.first - 3, first - 1):
                continue
            if scope.has_word(*between, language, "article"):
                continue
            short = size - (name.mark.last - address.first + 1) <= 2
            if oneself and not spoken_to:
                score = 0.45
            elif kind in ("address.mild", "address.you"):
                thrown = name.kind in _SURE and (spoken_to or short)
                score = 0.88 if thrown else 0.86 if _ends_address(scope, sentence, name, address) else 0.45
            elif spoken_to or short:
                short_or_aimed = name.kind != "mild" and (size <= 4 or spoken_to)
                score = max(_ADDRESSED[name.kind], 0.86 if short_or_aimed else 0.0)
            else:
                score = 0.86 if name.kind == "strong" else 0.72 if name.kind == "plain" else 0.45
            yield score, address.first


def _ends_address(scope: Scope, sentence: int, name: _Name, address: Mark) -> bool:
    """`..., you ...` at the end of a sentence, or `what a ... you are`."""
    if name.kind not in ("soft", "low"):
        return False
    if address.entry.category == "class:address.you":
        return address.last + 1 == name.mark.first and name.mark.last == scope.text.sentences[sentence][1]
    return bool(scope.starting(sentence, "person2", name.mark.last + 1, name.mark.last + 1))


def _spoken_of(scope: Scope, sentence: int, name: _Name) -> Iterator[_Throw]:
    """`The author is a ...`, `what a ..., that journalist`, `they are all ...`."""
    language, first = name.mark.entry.language, name.mark.first
    for copula in scope.ending(sentence, "copula", first - _NEAR, first - 1):
        between = (copula.last + 1, first - 1)
        if not linked(scope, language, *between) or denies(scope, *between):
            continue
        if scope.ending(sentence, "somebody", copula.first - 3, copula.last):
            yield _SOMEBODY[name.kind], copula.first
        people = scope.starting(sentence, "people", copula.first - 9, copula.first - 1)
        nearest = max(people, key=lambda one: one.last) if people else None
        if nearest is not None and _is_said_of(scope, language, nearest.last + 1, copula.first - 1):
            yield _SPOKEN_OF[name.kind], nearest.first
        elif _is_name(scope, copula.first - 1) and scope.has_word(copula.last + 1, first - 1, language, "article"):
            yield (_SPOKEN_OF[name.kind] if name.kind in _SURE else 0.45), copula.first - 1
    for somebody in scope.ending(sentence, "somebody", first - 4, first - 1):
        if linked(scope, language, somebody.last + 1, first - 1) and not denies(scope, somebody.first - 1, first - 1):
            like_people = name.kind == "plain" and scope.has_word(somebody.last, first - 1, language, "article")
            yield (_SORT_OF_PERSON if like_people else _SOMEBODY[name.kind]), somebody.first
    if name.kind in _SURE:
        yield from _pointed_at(scope, sentence, name)


def _is_said_of(scope: Scope, language: str, low: int, high: int) -> bool:
    """Whether the words between a person and a verb leave the person its subject: `the author of that article is`."""
    if denies(scope, low, high):
        return False
    return not any(
        scope.has_word(word, word, language, "article")
        and not scope.has_word(word - 1, word - 1, language, "preposition")
        and not scope.has_word(word, word, language, "preposition")
        for word in range(low, high + 1)
    )


def _pointed_at(scope: Scope, sentence: int, name: _Name) -> Iterator[_Throw]:
    """`What a ..., that journalist`, `that ... of a journalist`."""
    language, first, last = name.mark.entry.language, name.mark.first, name.mark.last
    after = scope.starting(sentence, "people", last + 1, last + 3)
    pointed = scope.has_word(first - 3, first - 1, language, "pointing")
    if after and pointed and scope.words_between(last + 1, after[0].first - 1, language, "article", "of", "link"):
        yield _SPOKEN_OF[name.kind], first
    of = scope.has_word(last + 1, last + 1, language, "of") and scope.starting(sentence, "people", last + 2, last + 3)
    if of and scope.has_word(first - 2, first - 1, language, "those"):
        yield _SPOKEN_OF[name.kind], first


def _commanded(scope: Scope, sentence: int, name: _Name) -> Iterator[_Throw]:
    """`Get lost, ...`, and the other way round after a pause: without one, `slugs die` tells of slugs."""
    language, first, last = name.mark.entry.language, name.mark.first, name.mark.last
    for command in scope.all(sentence, "command"):
        before = 0 < first - command.last <= 3 and linked(scope, language, command.last + 1, first - 1)
        after = 0 < command.first - last <= 2 and (name.kind == "strong" or _pause_after(scope, last))
        if (before or after) and not denies(scope, command.first - 2, first - 1):
            yield {"weak": 0.78, "mild": 0.45, "soft": 0.86}.get(name.kind, 0.9), min(command.first, first)


def _pause_after(scope: Scope, word: int) -> bool:
    """Whether a mark stands between a word and the next."""
    end, start = scope.text.word_span(word)[1], scope.text.word_span(word + 1)[0]
    return not scope.text.raw[end:start].isspace()


def _is_name(scope: Scope, word: int) -> bool:
    """Whether a word is written as a name is: a capital, and more than one letter."""
    if word < 0:
        return False
    start, end = scope.text.word_span(word)
    written = scope.text.raw[start:end]
    return end - start > 2 and written[:1].isupper() and written[1:].islower()
