"""Works the word lists out into the tables that a `WordBook` searches. Needs the standard library alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources

from comity.screening.disguise import skeleton_form
from comity.screening.entries import Entry, Kind
from comity.screening.sections import SectionsWriter, hash_of

__all__ = ["FREQUENT", "FREQUENT_RANK", "INNER_LETTERS", "LATIN", "LISTED_LANGUAGES", "write_book"]

LATIN = ("fr", "en", "es", "de")
LISTED_LANGUAGES = (*LATIN, "he", "ar")
INNER_LETTERS = 5
"""Fewest letters of what is looked for where word borders were lost."""
GLUED_LETTERS = 9
_BEGINNINGS = 1 << 17
_MASKED_WEIGHT = 0.5
_SPEAKS, _PART, USUAL, FREQUENT = 4.2, 4.6, 4.4, 3.2
"""What a word costs when letters are cut: one that speaks by itself, a part of statements, a usual one, a frequent."""
FREQUENT_RANK = 200


@dataclass(slots=True)
class _Listed:
    """The entries, by their forms."""

    forms: list[str] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    """Of each form, the numbers of its entries' kinds."""
    words: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """The small words, by language and name."""

    def speaks(self, place: int) -> bool:
        """Whether a form says something by itself: one that is a part of statements only does not."""
        return any(not self.kinds[kind][0].startswith("class:") for kind in self.groups[place])


def _sorted_out(entries: Iterable[Entry]) -> _Listed:
    listed = _Listed()
    kinds: dict[Kind, int] = {}
    by_form: dict[str, list[int]] = {}
    for entry in entries:
        if entry.category.startswith("words:"):
            listed.words.setdefault((entry.language, entry.category[6:]), set()).add(entry.form)
            continue
        kind = (entry.category, entry.weight, entry.language, entry.flags, entry.written)
        by_form.setdefault(entry.form, []).append(kinds.setdefault(kind, len(kinds)))
    listed.forms, listed.kinds, listed.groups = list(by_form), list(kinds), list(by_form.values())
    return listed


def write_book(entries: Iterable[Entry], **about: int) -> bytes:
    """The tables, with what the caller tells of them."""
    listed, out = _sorted_out(entries), SectionsWriter()
    numbers = out.strings("forms", listed.forms, find=False, begin=False)
    by_form = dict(zip(listed.forms, listed.groups, strict=True))
    out.lists("groups", [by_form[form] for form in numbers])
    _write_phrases(out, numbers)
    _write_disguised(out, listed, numbers)
    costs, speaks = _vocabularies(listed)
    for language in LISTED_LANGUAGES:
        _write_vocabulary(out, language, costs[language], speaks[language])
    out.strings("latin", [word for language in LATIN for word in costs[language]])
    return out.finished(
        {
            **about,
            "kinds": [[*kind[:3], sorted(kind[3]), kind[4]] for kind in listed.kinds],
            "words": [[*key, sorted(forms)] for key, forms in listed.words.items()],
        }
    )


def _write_phrases(out: SectionsWriter, forms: Mapping[str, int]) -> None:
    """The forms as ways through their words. The places that follow one place stand side by side, in the order of
    their words; the first places are the words themselves."""
    words = out.strings("words", [word for form in forms for word in form.split(" ")], begin=False)
    level: list[list[tuple[list[int], int]]] = [[] for _ in words]
    for form, number in forms.items():
        way = [words[word] for word in form.split(" ")]
        level[way[0]].append((way, number))
    ends: list[int] = []
    bounds, following = [0], list[int]()
    depth = 0
    while level:
        depth += 1
        next_level: list[list[tuple[list[int], int]]] = []
        for place in level:
            ends.append(next((number + 1 for way, number in place if len(way) == depth), 0))
            branches: dict[int, list[tuple[list[int], int]]] = {}
            for way, number in place:
                if len(way) > depth:
                    branches.setdefault(way[depth], []).append((way, number))
            for word in sorted(branches):
                following.append(word)
                next_level.append(branches[word])
            bounds.append(len(following))
        level = next_level
    out.numbers("phrases.ends", "I", ends)
    out.numbers("phrases.bounds", "I", bounds)
    out.numbers("phrases.following", "I", following)


def _write_disguised(out: SectionsWriter, listed: _Listed, numbers: Mapping[str, int]) -> None:
    """The forms as they are looked for in disguise."""
    skeletons: dict[str, list[int]] = {}
    inner: dict[str, list[int]] = {}
    glued: dict[str, list[int]] = {}
    masked: dict[str, list[int]] = {}
    for place, form in enumerate(listed.forms):
        number = numbers[form]
        skeletons.setdefault(f"{skeleton_form(form)} ", []).append(number)
        bare = form.replace(" ", "")
        speaks = listed.speaks(place)
        inside = skeleton_form(bare)
        if speaks and len(inside) >= INNER_LETTERS:
            inner.setdefault(inside, []).append(number)
        if speaks and form.count(" ") and len(bare) >= GLUED_LETTERS:
            glued[bare] = [number]
        if bare == form and len(form) >= 3 and listed.kinds[listed.groups[place][0]][1] >= _MASKED_WEIGHT:
            masked.setdefault(f"{form[0]}{form[-1]}{len(form)}", []).append(number)
    for name, begun in (("skeletons", skeletons), ("inner", inner), ("glued", glued)):
        _write_lists(out, name, begun, begin=True)
    _write_lists(out, "masked", masked, begin=False)
    for name, keys in (("inner", inner), ("glued", glued)):
        seen = bytearray(_BEGINNINGS // 8)  # to tell at once that nothing begins at a letter
        for key in keys:
            place = hash_of(key[:INNER_LETTERS]) % _BEGINNINGS
            seen[place >> 3] |= 1 << (place & 7)
        out.numbers(f"{name}.begins", "B", seen)


def _write_lists(out: SectionsWriter, name: str, found: Mapping[str, Sequence[int]], *, begin: bool) -> None:
    """Strings that are found, or that texts begin with, and the forms that each stands for."""
    keys = out.strings(name, found, find=not begin, begin=begin)
    out.lists(f"{name}.numbers", [found[key] for key in keys])


def _vocabularies(listed: _Listed) -> tuple[dict[str, dict[str, float]], dict[str, set[str]]]:
    """Of each language, what the words that the lists know cost, and those that speak by themselves."""
    costs: dict[str, dict[str, float]] = {language: {} for language in LISTED_LANGUAGES}
    speaks: dict[str, set[str]] = {language: set() for language in LISTED_LANGUAGES}

    def know(form: str, category: str, language: str) -> None:
        if language not in costs:
            return
        known = costs[language]
        kind = category.partition(":")[0]
        cost = _PART if kind in ("class", "words") else USUAL if kind in ("watch", "exception") else _SPEAKS
        words = form.split(" ")
        if cost == _SPEAKS and len(words) == 1:
            speaks[language].add(form)
        for word in words:
            known[word] = min(cost, known.get(word, cost))

    for form, numbers in zip(listed.forms, listed.groups, strict=True):
        for number in numbers:
            know(form, listed.kinds[number][0], listed.kinds[number][2])
    for (language, name), forms in listed.words.items():
        for form in forms:
            know(form, f"words:{name}", language)
    text = resources.files("comity.screening").joinpath("data/languages.txt").read_text("utf-8")
    for line in text.splitlines():
        language, *frequent = line.split()
        if language in costs:
            known = costs[language]
            for rank, word in enumerate(frequent):
                cost = FREQUENT + rank / 1000 if rank < FREQUENT_RANK else USUAL
                known[word] = min(cost, known.get(word, cost))
    return costs, speaks


def _write_vocabulary(out: SectionsWriter, language: str, costs: Mapping[str, float], speaks: set[str]) -> None:
    words = out.strings(f"{language}.words", costs)
    out.numbers(f"{language}.costs", "d", [costs[word] for word in words])
    out.numbers(f"{language}.speaks", "B", [word in speaks for word in words])
    by_skeleton: dict[str, int] = {}
    by_mask: dict[str, list[int]] = {}
    for word in sorted(costs, key=lambda one: (costs[one], one)):
        by_skeleton.setdefault(skeleton_form(word), words[word])
        by_mask.setdefault(f"{word[0]}{len(word)}", []).append(words[word])
    skeletons = out.strings(f"{language}.skeletons", by_skeleton, begin=False)
    out.numbers(f"{language}.skeletons.words", "I", [by_skeleton[skeleton] for skeleton in skeletons])
    _write_lists(out, f"{language}.masks", by_mask, begin=False)
