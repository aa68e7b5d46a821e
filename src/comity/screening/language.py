"""Tells the language of a few words: by script, else by its frequent words. Embedded, small, a look-up a word."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

__all__ = ["UNDETERMINED", "Tally", "decide", "identify", "may_be", "tally", "together"]

UNDETERMINED = "und"
_CLEAR = 0.2999
"""Three tenths, but for what was rounded."""
_ENDINGS = {
    "fr": ("tion", "ment", "eaux", "euse", "ique", "aient", "ette", "aire", "oire"),
    "en": ("ing", "ness", "tion", "ful", "ght", "ould", "less"),
    "de": ("ung", "ungen", "heit", "keit", "lich", "isch", "chen", "schaft", "icht"),
    "es": ("cion", "dad", "mente", "ando", "iendo", "aron", "amos", "ista"),
}
_SCRIPTS = (
    ("he", "\u0590", "\u05ff"),
    ("ar", "\u0600", "\u06ff"),
    ("ru", "\u0400", "\u04ff"),
    ("el", "\u0370", "\u03ff"),
)
_LETTERS = (
    ("ñ¿¡", "es", 1.0),
    ("ßäÄÖÜ", "de", 0.8),
    ("çœèêàùâû", "fr", 0.25),
)

_SILENT = ("con",)
"""An insult in French, a small word in Spanish and Italian: what stands beside it tells the language."""

_LANES = 64
"""Bits of a language's tally; all tallies stand side by side in one whole number, so that a sum adds them at once."""
_UNIT = 1 << 16
_LANGUAGES = 7
_PACKED = f"<{_LANGUAGES}Q"
_BYTES = _LANES // 8 * _LANGUAGES


@cache
def _votes() -> tuple[tuple[str, ...], dict[str, int]]:
    """The languages; and for each word the weights of its votes, in `_UNIT`s, one in each language's lane: whole when
    it is of one language, shared when of several."""
    lists: dict[str, list[str]] = {}
    text = resources.files("comity.screening").joinpath("data/languages.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            language, *words = line.split()
            lists[language] = words
    by_word: dict[str, list[tuple[int, float]]] = {}
    for place, words in enumerate(lists.values()):
        for rank, word in enumerate(words):
            by_word.setdefault(word, []).append((place, 1.0 if rank < 150 else 0.7))
    if len(lists) != _LANGUAGES:
        raise ValueError("_LANGUAGES says how many languages the list has")
    by_word.update({word: [] for word in _SILENT})
    return tuple(lists), {
        word: sum(round(weight / len(votes) ** 1.5 * _UNIT) << (_LANES * place) for place, weight in votes)
        for word, votes in by_word.items()
    }


class Tally(NamedTuple):
    """What words say of their language."""

    lanes: int
    words: tuple[str, ...]
    unknown: int
    """How many words are in no list."""


def tally(words: Sequence[str]) -> Tally:
    """The votes of folded words; `together` adds up those of a text's parts."""
    found = list(map(_votes()[1].get, words))
    return Tally(sum(filter(None, found)), tuple(words), found.count(None))


def together(tallies: Sequence[Tally]) -> Tally:
    """The tally of a text whose parts have these."""
    words = tuple([word for part in tallies for word in part.words])
    return Tally(sum([part.lanes for part in tallies]), words, sum([part.unknown for part in tallies]))


def identify(words: Sequence[str], raw: str = "") -> str:
    """The language of folded words: a tag such as `fr`, or `und`.

    Args:
        words: folded words of one sentence or text.
        raw: the same as written, for the letters that folding takes away.
    """
    return decide(tally(words), raw)


def decide(said: Tally, raw: str = "") -> str:
    """The language of words whose tally is known; `raw` as for `identify`."""
    languages, _ = _votes()
    values = _values(said, raw)
    *_, second, best = sorted(values)
    if _leads(best, second) and said.unknown * 2 < len(said.words):
        return languages[values.index(best)]
    votes = {language: value / _UNIT for language, value in zip(languages, values, strict=True) if value}
    known = _votes()[1]
    other = _vote_unknown([word for word in said.words if word not in known], votes)
    return UNDETERMINED if other > sum(votes.values()) else _decide(votes)


def may_be(said: Tally, language: str, raw: str = "") -> bool:
    """Whether words of no clear language may be in this one: no other has more of them."""
    languages, _ = _votes()
    values = _values(said, raw)
    return language not in languages or values[languages.index(language)] == max(values)


def _values(said: Tally, raw: str) -> list[float]:
    """The votes for each language, in `_UNIT`s, with what the letters as written say."""
    languages, _ = _votes()
    values: list[float] = [0] * len(languages)
    if said.lanes:
        values = list(struct.unpack(_PACKED, said.lanes.to_bytes(_BYTES, "little")))
    if not raw.isascii():
        for letters, language, weight in _LETTERS:
            if True in [letter in raw for letter in letters]:
                values[languages.index(language)] += weight * _UNIT
    return values


def _vote_unknown(words: Sequence[str], votes: dict[str, float]) -> int:
    """Adds what script and endings say of words in no list; how many are of a script that is not told apart."""
    other = 0
    for word in words:
        if word > "\u02ff":
            script = next((language for language, first, last in _SCRIPTS if first <= word[0] <= last), None)
            if script is None:
                other += 1
            else:
                votes[script] = votes.get(script, 0.0) + 1.0
        elif len(word) > 5:
            for language, endings in _ENDINGS.items():
                if word.endswith(endings):
                    votes[language] = votes.get(language, 0.0) + 0.4
    return other


def _decide(votes: dict[str, float]) -> str:
    """The language that leads clearly, else `und`."""
    best, score, second = UNDETERMINED, 0.0, 0.0
    for language, value in votes.items():
        if value > score:
            best, score, second = language, value, score
        elif value > second:
            second = value
    return best if _leads(score * _UNIT, second * _UNIT) else UNDETERMINED


def _leads(score: float, second: float) -> bool:
    """Whether a tally, in `_UNIT`s, leads clearly."""
    return score >= _CLEAR * _UNIT and score >= 1.15 * second
