"""Forms of regular verbs from their infinitives, so that a word list names a verb once.

Only what statements are made of: a list section `= verbs:harm 0` gives the classes `harm.base` (infinitive),
`harm.done` (participles), `harm.now` (present and subjunctive), `harm.soon` (future and conditional) and `harm.order`
(imperatives that are nothing else). A verb that follows no rule stands in those classes itself, form by form.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["VERB_LANGUAGES", "forms_of"]

_FUTURES = ("ai", "as", "a", "ons", "ez", "ont", "ais", "ait", "ions", "iez", "aient")
_AGREEMENTS = ("", "e", "s", "es")
_VOWELS = "aeiou"


def forms_of(infinitive: str, language: str) -> Iterator[tuple[str, str]]:
    """(form class, form) of a regular verb; what stands after its first word (`mettre à mort`) goes along."""
    verb, _, rest = infinitive.partition(" ")
    tail = f" {rest}" if rest else ""
    for name, form in _RULES[language](verb):
        yield name, form + tail


def _french(verb: str) -> Iterator[tuple[str, str]]:
    yield "base", verb
    present: tuple[str, ...]
    if verb.endswith("er"):
        stem = verb[:-2]
        soft = stem + "e" if stem.endswith("g") else stem
        mute = stem[:-1] + "i" if stem.endswith("y") else stem
        present = (mute + "e", mute + "es", mute + "ent")
        orders, participle, future = (soft + "ons", stem + "ez"), stem + "é", mute + "er"
    elif verb.endswith("ir"):
        stem = verb[:-2]
        present = (stem + "is", stem + "it", stem + "issent", stem + "isse")
        orders, participle, future = (stem + "issons", stem + "issez"), stem + "i", verb
    else:
        stem = verb[:-2]
        short = stem[:-1] if stem.endswith("tt") else stem
        present = (short + "s", short, stem + "e", stem + "ent")
        orders, participle, future = (stem + "ons", stem + "ez"), stem + "u", verb[:-1]
    for form in present:
        yield "now", form
    for form in orders:
        yield "order", form
    for ending in _AGREEMENTS:
        yield "done", participle + ending
    for ending in _FUTURES:
        yield "soon", future + ending


def _english(verb: str) -> Iterator[tuple[str, str]]:
    yield "base", verb
    stem = verb[:-1] if verb.endswith("e") else verb
    if len(verb) > 2 and verb[-1] not in "aeiouwxyhkd" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS:
        stem += verb[-1]
    yield "done", stem + "ed"
    yield "now", stem + "ing"


def _bare(verb: str) -> Iterator[tuple[str, str]]:
    yield "base", verb


_RULES = {"fr": _french, "en": _english, "de": _bare, "es": _bare, "he": _bare, "ar": _bare}
VERB_LANGUAGES = frozenset(_RULES)
