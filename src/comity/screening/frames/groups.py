"""Statements about groups of people: what they are called, wished, denied."""

from __future__ import annotations

from collections.abc import Iterator

from comity.screening.frames.feelings import hated
from comity.screening.frames.reproaches import reproached
from comity.screening.frames.statement import Statement, denies, denies_being, is_object, linked, owns
from comity.screening.marks import Mark
from comity.screening.scope import LONGEST, Scope

__all__ = ["GROUPS", "about_group"]

GROUPS = {
    "group.jews": "antisemitism",
    "group.origin": "racism",
    "group.sex": "discrimination",
    "group.orientation": "discrimination",
    "group.disability": "discrimination",
}
"""Class of words -> the category that hatred of them is."""

_NEAR = 5
"""Words that may stand between the parts of a statement."""
_ASIDE = 4
_CLAUSE = 9
"""Words between a group and what it is called: some, or a clause of its own."""
_PREDICATE = 7
_ORDER = 5
"""Words from `should` to a group that something is to be done to before what is done is named."""
_UNSURE = 0.75
"""What the group may not be the subject of is for a person to read."""

_WITHOUT_COPULA = frozenset({"ar", "he"})
_PLAIN_ORDERS = frozenset({"en"})
_CALLED = (("dehuman", 0.95), ("despise", 0.82))
_HARM = ("harm", "harm.base", "harm.done", "harm.now", "harm.soon", "die")


def about_group(scope: Scope, sentence: int, name: str) -> Iterator[Statement]:
    """Every statement about a group of this class in one sentence."""
    category = GROUPS[name]
    classes = scope.by_sentence[sentence]
    for group in classes.get(name, ()):
        if owns(scope, group.last) or _is_no_sex(scope, group):
            continue
        if "copula" in classes:
            yield from _called(scope, sentence, category, group)
        if "copula.not" in classes:
            yield from _no_person(scope, sentence, category, group)
        if "dehuman" in classes:
            yield from _called_first(scope, sentence, category, group)
        if group.entry.language in _WITHOUT_COPULA:
            for predicate in scope.starting(sentence, "dehuman", group.last + 1, group.last + 1):
                yield Statement(category, 0.9, "dehuman_group", group.first, predicate.last)
        yield from _likened(scope, sentence, category, group)
        yield from _labelled(scope, sentence, category, group)
        yield from reproached(scope, sentence, category, group)
        yield from _wished(scope, sentence, category, group)
        yield from _reviled(scope, sentence, category, group)
        for swarm in scope.starting(sentence, "swarm", group.last + 1, group.last + 3):
            gap = (group.last + 1, swarm.first - 1)
            denied = denies(scope, *gap) or denies(scope, swarm.last + 1, swarm.last + 1)
            if not scope.has_word(*gap, group.entry.language, "article") and not denied:
                sure = 0.7 if is_object(scope, group.entry.language, group.first) else 0.9
                yield Statement(category, sure, "dehuman_group", group.first, swarm.last)
    yield from hated(scope, sentence, category, name)
    for place in classes.get(f"place.{name[6:]}", ()):
        # Harm to where they pray, live or meet is harm to them.
        yield from _wished(scope, sentence, category, place)
    for exclusion in (*classes.get("exclude", ()), *classes.get("exclude.first", ())):
        groups = list(scope.starting(sentence, name, exclusion.last + 1, exclusion.last + 3))
        if not exclusion.entry.category.endswith(".first"):
            groups += scope.ending(sentence, name, exclusion.first - _NEAR, exclusion.first - 1)
        for group in groups:
            first, last = min(group.first, exclusion.first), max(group.last, exclusion.last)
            gap = (min(group.last, exclusion.last) + 1, max(group.first, exclusion.first) - 1)
            language = group.entry.language
            if exclusion.first < group.first and not linked(scope, language, *gap):
                continue
            if group.last + 1 in scope.text.quoted and exclusion.first not in scope.text.quoted:
                continue  # it is said of a quotation, not of the group in it
            if not denies(scope, *gap) and not denies(scope, first - 4, first - 1):
                yield Statement(category, 0.78, "exclusion", first, last)


def _is_no_sex(scope: Scope, group: Mark) -> bool:
    """Whether people of the author's own are meant, or spoken to, not a sex: `my daughter`, `girls, you are ...`."""
    if group.entry.category != "class:group.sex":
        return False
    before, after = group.first - 1, group.last + 1
    spoken_to = scope.starting(scope.text.sentence_of[group.last], "person2", after, after)
    return bool(spoken_to) or scope.has_word(before, before, group.entry.language, "mine")


def _called(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """What a group is called, or denied to be."""
    language = group.entry.language
    for copula in scope.starting(sentence, "copula", group.last + 1, group.last + _CLAUSE):
        gap = (group.last + 1, copula.first - 1)
        if not _is_subject(scope, language, *gap) or denies(scope, group.first - 2, group.first):
            continue
        denied = denies(scope, *gap)
        sure = _UNSURE if is_object(scope, language, group.first) else 1.0
        low, high = copula.last + 1, copula.last + _PREDICATE
        for name, score in () if denied else _CALLED:
            for predicate in scope.starting(sentence, name, low, high):
                between = (low, predicate.first - 1)
                if linked(scope, language, *between) and not denies(scope, *between):
                    yield Statement(category, score * sure, f"{name}_group", group.first, predicate.last)
        for human in scope.starting(sentence, "human", low, high):
            between = (low, human.first - 1)
            if (denied or denies(scope, *between)) and scope.words_between(
                *between, language, "link", "article", "not"
            ):
                yield Statement(category, 0.9 * sure, "denied_humanity", group.first, human.last)


def _no_person(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """A group denied to be people by the verb itself: `aren't real people`."""
    language = group.entry.language
    for copula in scope.starting(sentence, "copula.not", group.last + 1, group.last + _NEAR):
        if not _is_subject(scope, language, group.last + 1, copula.first - 1) or is_object(
            scope, language, group.first
        ):
            continue
        if denies(scope, group.first - 3, group.first) or denies(scope, group.last + 1, copula.first - 1):
            continue
        for human in scope.starting(sentence, "human", copula.last + 1, copula.last + _NEAR):
            if linked(scope, language, copula.last + 1, human.first - 1):
                yield Statement(category, 0.9, "denied_humanity", group.first, human.last)


def _is_subject(scope: Scope, language: str, low: int, high: int) -> bool:
    """Whether the words between a group and a verb leave the group its subject: few, or a clause about it."""
    if low > high:
        return True
    if scope.has_word(low, low, language, "thing"):  # the phones of a people, not the people
        return False
    if scope.has_word(low, low, language, "relative"):
        return True
    return high - low < _ASIDE and not scope.has_word(low, high, language, "article")


def _called_first(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """The name first, the group after: `vermin, that is what they are, those ...`."""
    language = group.entry.language
    for predicate in scope.ending(sentence, "dehuman", group.first - _CLAUSE, group.first - 1):
        low, high = predicate.last + 1, group.first - 1
        if not scope.words_between(low, high, language, "link", "article", "inversion", "of", "be"):
            continue
        before = predicate.first - 1
        presented = any(
            linked(scope, language, presents.last + 1, before)
            for presents in scope.ending(sentence, "presents", predicate.first - _NEAR, before)
        )
        inverted = scope.has_word(low, high, language, "inversion")
        compound = (
            low == high
            and scope.has_word(low, high, language, "of")
            and scope.has_word(before, before, language, "those")
        )
        if (presented or inverted or compound) and not denies(scope, predicate.first - _NEAR, high):
            yield Statement(category, 0.9, "dehuman_group", predicate.first, group.last)


def _likened(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """A name beside the group at the end of the sentence, without a verb: `the ..., a plague`. For a person to read."""
    text, language = scope.text, group.entry.language
    for predicate in scope.starting(sentence, "dehuman", group.last + 2, group.last + _ASIDE):
        between = (group.last + 1, predicate.first - 1)
        apart = text.folded[text.folded_spans[group.last][1] : text.folded_spans[group.last + 1][0]].strip()
        ends = predicate.last >= text.sentences[sentence][1] - 1
        named = scope.has_word(between[0], between[0], language, "some") and linked(scope, language, *between)
        if apart in (",", ":") and ends and named:
            yield Statement(category, 0.8, "dehuman_group", group.first, predicate.last)


def _labelled(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """The group, a colon, what it is called: `...: lazy, dishonest`."""
    text, language = scope.text, group.entry.language
    colon = group.last + 1 < len(text.words) and text.sentence_of[group.last + 1] == sentence
    if not colon or ":" not in text.folded[text.folded_spans[group.last][1] : text.folded_spans[group.last + 1][0]]:
        return
    if is_object(scope, language, group.first):
        return
    for name, score in _CALLED:
        for predicate in scope.starting(sentence, name, group.last + 1, group.last + _ASIDE):
            after = scope.has_word(predicate.last + 1, predicate.last + 1, language, "preposition")
            if linked(scope, language, group.last + 1, predicate.first - 1) and not after:
                yield Statement(category, score * _UNSURE, f"{name}_group", group.first, predicate.last)


def _wished(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """Harm wished, called for or announced to a group."""
    classes = scope.by_sentence[sentence]
    language = group.entry.language
    for gallows in scope.starting(sentence, "gallows", group.last + 1, group.last + 3):
        if linked(scope, language, group.last + 1, gallows.first - 1):
            yield Statement(category, 0.92, "harm_group", group.first, gallows.last)
    for cage in scope.starting(sentence, "cage", group.last + 1, group.last + 4):
        for must in scope.ending(sentence, "must", group.first - _CLAUSE, cage.first - 1):
            if not denies(scope, must.first - 1, cage.first - 1):
                yield Statement(category, 0.92, "dehuman_group", min(must.first, group.first), cage.last)
    for order in scope.ending(sentence, "harm.order", group.first - _NEAR, group.first - 1):
        told = scope.has_word(order.first - 1, order.first - 1, language, "person")
        if linked(scope, language, order.last + 1, group.first - 1) and not told:
            yield Statement(category, 0.95, "harm_group", order.first, group.last)
    for order in scope.ending(sentence, "harm.base", group.first - _NEAR, group.first - 1):
        # Where a verb has no form of its own for orders, one that opens the sentence is an order.
        opens = order.first == scope.text.sentences[sentence][0] and language in _PLAIN_ORDERS
        if opens and linked(scope, language, order.last + 1, group.first - 1):
            yield Statement(category, 0.95, "harm_group", order.first, group.last)
    if scope.has_word(group.first - 1, group.first - 1, language, "none"):  # no ... deserves to die
        return
    musts = [mark for name in ("must", "first") for mark in classes.get(name, ())]
    for name in _HARM:
        for harm in scope.starting(sentence, name, group.first - _NEAR - LONGEST, group.last + _CLAUSE + _NEAR):
            if harm.first <= group.last and group.first <= harm.last:
                continue
            soon = name == "harm.soon" and scope.has_word(harm.first - 3, harm.first - 1, language, "me")
            starts = [must for must in musts if 0 < harm.first - must.last <= _NEAR] if musts else []
            if soon:
                starts.append(harm)
            for must in starts:
                score = _harm_score(scope, language, must, harm, group)
                if score:
                    first, last = min(must.first, group.first), max(harm.last, group.last)
                    yield Statement(category, score, "harm_group", first, last)


def _harm_score(scope: Scope, language: str, must: Mark, harm: Mark, group: Mark) -> float:
    """How surely the harm is for the group; 0 when it is not."""
    if harm.last < group.first:  # `kill the ...`
        near = group.first - harm.last <= _NEAR and linked(scope, language, harm.last + 1, group.first - 1)
        return 0.95 if near and not _refuses(scope, must, harm) else 0.0
    if _refuses(scope, must, harm):
        return 0.0
    if must.last < group.first < harm.first:  # `... deserves that the ... be killed`
        return 0.95 if group.first - must.last <= _ORDER else 0.0
    if 0 < must.first - group.last <= 3 and must is not harm:  # `the ... must be killed`
        gap = (group.last + 1, must.first - 1)
        if (
            scope.has_word(*gap, language, "article")
            or denies(scope, *gap)
            or denies(scope, group.first - 2, group.first)
        ):
            return 0.0
        if scope.has_word(*gap, language, "thing"):
            return 0.0
        return 0.7 if is_object(scope, language, group.first) else 0.95
    if 0 < must.first - group.last <= _CLAUSE and must is not harm:  # `the ..., one must kill them`
        them = scope.has_word(must.last, harm.first - 1, language, "them")
        return 0.93 if them and linked(scope, language, must.last + 1, harm.first - 1) else 0.0
    if must is harm and 0 < harm.first - group.last <= _CLAUSE:  # `the ..., I would kill them all`
        return 0.93 if scope.has_word(harm.first - 1, harm.first - 1, language, "them") else 0.0
    return 0.0


def _refuses(scope: Scope, must: Mark, harm: Mark) -> bool:
    """Whether a negation stands before the call or between it and the harm; one inside it (`can't wait`) is none."""
    return denies(scope, must.first - 2, must.first - 1) or denies(scope, must.last + 1, harm.first - 1)


def _reviled(scope: Scope, sentence: int, category: str, group: Mark) -> Iterator[Statement]:
    """The group's name thrown as an insult: `dirty ...`, `... of the worst kind`."""
    addressed = scope.ending(sentence, "address", group.first - 1, group.first - 1)
    if addressed and group.entry.category != "class:group.sex" and not denies_being(scope, addressed[0].first):
        yield Statement(category, 0.88, "slur_thrown", addressed[0].first, group.last)
    for dirty in scope.ending(sentence, "address.dirty", group.first - 1, group.first - 1):
        if not denies(scope, dirty.first - 2, dirty.first - 1):
            yield Statement(category, 0.93, "slur_thrown", dirty.first, group.last)
    for suffix in scope.starting(sentence, "suffix", group.last + 1, group.last + 1):
        yield Statement(category, 0.92, "slur_thrown", group.first, suffix.last)
