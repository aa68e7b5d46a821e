"""Whom `they` means: a sentence that says `they` of a group that the sentence before names, read with the group's name.

Such a sentence is read twice, as it stands and with the name in the pronoun's place, so that nothing said before can
lower what it says by itself. Where the sentence before names other people too, tells of harm or speech, or puts another
plural after the group, nobody knows whom the pronoun means: nothing is carried over.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from comity.screening.lexicon import shipped_lexicon
from comity.screening.marks import Mark
from comity.screening.model.sentences import sentence_places
from comity.screening.normalise import PreparedText, kept, prepare
from comity.screening.scope import Scope, scope_of

__all__ = ["Carried", "carried_of"]

_LANGUAGES = ("fr", "en", "es", "de", "he", "ar")
_OTHERS = frozenset({"people", "report", "condemn", "context", "denied", "hatred"})
"""Classes of words beside which somebody else may be meant."""
_AFTER_PREPOSITION = 3
"""Words after a preposition that may still hang on it."""
_SHORTENED = {"re": " are", "ve": " have", "ll": " will", "d": " would"}
_ARTICLES = {"fr": "les ", "es": "los "}
_COPULAS = {"fr": "sont", "en": "are", "es": "son", "de": "sind"}
_QUESTION_WORDS = 4
_ANSWER_WORDS = 5
"""Words of a question that is a name alone (`The ...?`), and of an answer without a verb."""
_PLURAL_GROUPS = {
    "en": ("s", "people", "folks", "men", "women", "roma", "ese", "disabled", "blind", "deaf", "handicapped"),
    "fr": ("s", "x"),
    "es": ("s",),
    "de": ("e", "n", "r", "s", "a", "i"),
    "he": ("ים", "ות", "נשים", "בנות"),
    "ar": ("ون", "ين", "ات", "اء", "عرب", "يهود", "أجانب", "أكراد", "أتراك", "هنود", "غجر", "سود", "شيعة"),
}
"""How names of groups end in the plural; nouns that are the same in both numbers count with `words:one` before."""
_PLURAL_NOUNS = {"en": ("s", "people", "men", "women", "folks"), "fr": ("s", "x"), "es": ("s",)}
_INFINITIVES = ("er", "ir", "re")
_CAPITAL_IS_POLITE = frozenset({"de"})

Replacement = tuple[int, int, str]
"""From one place to another in the original text: what is read there."""


class Carried(NamedTuple):
    """One sentence with the name of the group in it."""

    sentence: int
    """Its number in the text."""
    text: PreparedText
    begins: tuple[int, ...]
    """For each character of `text.raw`, where in the original text it starts."""
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of `text.raw` in the original text."""
        last = max(start, end - 1)
        return min(self.begins[start], self.begins[last]), max(self.ends[start], self.ends[last])


@cache
def _triggers() -> frozenset[str]:
    lexicon = shipped_lexicon()
    return frozenset().union(*(lexicon.words(language, name) for language in _LANGUAGES for name in ("they", "folk")))


@kept
def carried_of(text: PreparedText) -> tuple[Carried, ...]:
    """The sentences of a text that say `they` of a group named right before, with its name."""
    if len(text.sentences) < 2:
        return ()
    answers = _answers(text)
    if not answers and _triggers().isdisjoint(text.words) and not _may_hold_object(text):
        return ()
    scope = scope_of(text)
    found: list[Carried] = []
    places: list[tuple[int, int]] = []
    name = spoken = ""
    for number in range(len(text.sentences)):
        groups = _groups(scope, number)
        if groups:
            known = (*text.languages[number : number + 2], text.hint)
            spoken = next((one for one in known if one in _LANGUAGES), groups[0].entry.language)
            name = _named(scope, number, groups[0], groups[-1].last, spoken)
            continue
        language = text.languages[number] if text.languages[number] in _LANGUAGES else spoken
        replacements = list(_replacements(text, number, language, name)) if name else []
        if name and not replacements and number in answers and _lacks_subject(text, number, language):
            start = text.word_span(text.sentences[number][0])[0]
            replacements = [(start, start, f"{_ARTICLES.get(language, '')}{name} {_COPULAS[language]} ")]
        if not replacements:
            name = ""
            continue
        places = places or sentence_places(text)
        found.append(_read(text, number, places[number], replacements))
    return tuple(found)


def _answers(text: PreparedText) -> frozenset[int]:
    """Numbers of the short sentences that follow a question of few words: `The ...? A ... .`"""
    if not text.questions:
        return frozenset()
    sizes = [last - first + 1 for first, last in text.sentences]
    return frozenset(
        number + 1
        for number in text.questions
        if sizes[number] <= _QUESTION_WORDS and number + 1 < len(sizes) and sizes[number + 1] <= _ANSWER_WORDS
    )


def _lacks_subject(text: PreparedText, sentence: int, language: str) -> bool:
    first, last = text.sentences[sentence]
    persons = shipped_lexicon().words(language, "person")
    return language in _COPULAS and persons.isdisjoint(text.words[first : last + 1])


def _groups(scope: Scope, sentence: int) -> list[Mark]:
    """The groups that a sentence names, in order; `those people` names none."""

    def points(mark: Mark) -> bool:
        pointed = shipped_lexicon().words(mark.entry.language, "pointed")
        return mark.first < mark.last and pointed.issuperset(scope.text.words[mark.first : mark.last])

    classes = scope.by_sentence.get(sentence, {}).items()
    marks = [mark for name, marks in classes if name.startswith("group.") for mark in marks if not points(mark)]
    return sorted(marks, key=lambda mark: mark.first)


def _named(scope: Scope, sentence: int, group: Mark, end: int, language: str) -> str:
    """The group that a pronoun in the next sentence means, as it was written; empty where that is not sure."""
    text, lexicon = scope.text, shipped_lexicon()
    classes = scope.by_sentence[sentence]
    if not _OTHERS.isdisjoint(classes) or any(name.startswith("harm") for name in classes):
        return ""
    word = text.words[group.last]
    single = lexicon.words(language, "one")
    first, last = text.sentences[sentence]
    before = text.words[max(first, group.first - 2) : group.first]
    if not word.endswith(_PLURAL_GROUPS.get(language, ())) or not single.isdisjoint(before):
        return ""
    if group.first in text.quoted or _another(text, end + 1, last, language):
        return ""
    if _another_before(scope, first, group, language):
        return ""
    return text.raw[slice(*text.word_span(group.first, group.last))]


def _another(text: PreparedText, low: int, high: int, language: str) -> bool:
    """Whether another plural than the group stands there, not after a preposition: it may be what `they` means."""
    endings = _PLURAL_NOUNS.get(language)
    if endings is None:
        return False
    lexicon = shipped_lexicon()
    prepositions = lexicon.words(language, "preposition") | lexicon.words(language, "beside")
    for number in range(low, high + 1):
        word = text.words[number]
        near = text.words[max(low, number - _AFTER_PREPOSITION) : number + 1]
        if len(word) > 3 and word.endswith(endings) and prepositions.isdisjoint(near):
            return True
    return False


def _another_before(scope: Scope, first: int, group: Mark, language: str) -> bool:
    """Whether somebody stands before the group of whom `they` may speak: a plural, or in English any subject
    (`a mob attacked ...`), unless the group hangs on a preposition (`my street is full of ...`)."""
    place = group.first
    while place > first and scope.words_between(place - 1, place - 1, language, "link", "article", "quantity"):
        place -= 1
    if _another(scope.text, first, place - 2, language):
        return True
    hangs = scope.has_word(max(first, group.first - 2), group.first - 1, language, "preposition")
    return language == "en" and not hangs and scope.has_word(first, place - 1, language, "article")


def _may_hold_object(text: PreparedText) -> bool:
    words = text.words
    return "les" in words and any(
        (number + 1 < len(words) and _is_object(words, number)) or (number > 0 and _is_order(text, number))
        for number, word in enumerate(words)
        if word == "les"
    )


def _is_object(words: tuple[str, ...], number: int) -> bool:
    """Whether a French `les` is a pronoun: a verb follows it, for it follows a subject or an infinitive comes next."""
    subjects = shipped_lexicon().words("fr", "subject")
    after = words[number + 1]
    return bool(number and words[number - 1] in subjects) or (len(after) > 3 and after.endswith(_INFINITIVES))


def _replacements(text: PreparedText, sentence: int, language: str, name: str) -> Iterator[Replacement]:
    lexicon = shipped_lexicon()
    they = lexicon.words(language, "they")
    pointed, folk = lexicon.words(language, "pointed"), lexicon.words(language, "folk")
    words, span = text.words, text.word_span
    named = _ARTICLES.get(language, "") + name
    first, last = text.sentences[sentence]
    unfit = _unfit_in_french(name) if language == "fr" else frozenset[str]()
    number = first
    while number <= last:
        word = words[number]
        start, end = span(number)
        following = words[number + 1] if number < last else ""
        polite = language in _CAPITAL_IS_POLITE and number > first and text.raw[start].isupper()
        if word in they and not polite and word not in unfit:
            rest = _SHORTENED.get(following, "") if language == "en" else ""
            if rest and text.raw[end : end + 1] in ("'", "’"):
                number += 1
                end = span(number)[1]
            else:
                rest = ""
            yield start, end, named + rest
        elif word in pointed and following in folk:
            number += 1
            yield start, span(number)[1], named
        elif language == "fr" and word == "les" and number > first and _is_order(text, number):
            yield span(number - 1)[1], end, " " + named
        elif language == "fr" and word == "les" and following and _is_object(words, number):
            number += 1
            begin, stop = span(number)
            yield start, stop, f"{text.raw[begin:stop]} {named}"
        number += 1


def _is_order(text: PreparedText, number: int) -> bool:
    """Whether a French `les` hangs on an order: `chassez-les`."""
    between = text.raw[text.word_span(number - 1)[1] : text.word_span(number)[0]]
    return between in ("-", "‑") and text.words[number - 1].endswith(("ez", "ons"))


def _unfit_in_french(name: str) -> frozenset[str]:
    """The French pronouns that cannot mean a group: `elles` only what can be feminine, `ils` only what is not women."""
    last = name.split()[-1].casefold()
    if last in shipped_lexicon().words("fr", "women"):
        return frozenset({"ils", "eux"})
    return frozenset() if last.endswith("es") else frozenset({"elles"})


def _read(text: PreparedText, sentence: int, place: tuple[int, int], replacements: list[Replacement]) -> Carried:
    pieces: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    done = place[0]
    for start, end, read in [*replacements, (place[1], place[1], "")]:
        pieces += (text.raw[done:start], read)
        begins += (*range(done, start), *([start] * len(read)))
        ends += (*range(done + 1, start + 1), *([end] * len(read)))
        done = end
    return Carried(sentence, prepare("".join(pieces), text.hint), tuple(begins), tuple(ends))
