"""Tells the language of a few words: by script, else by its frequent words. Embedded, small, a look-up a word."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

__all__ = ["UNDETERMINED", "identify"]

UNDETERMINED = "und"
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
    (frozenset("ñ¿¡"), "es", 1.0),
    (frozenset("ßäÄÖÜ"), "de", 0.8),
    (frozenset("çœèêàùâû"), "fr", 0.25),
)


@cache
def _votes() -> dict[str, tuple[tuple[str, float], ...]]:
    """Word -> languages with the weight of its vote: whole when it is of one language, shared when of several."""
    lists: dict[str, list[str]] = {}
    text = resources.files("comity.screening").joinpath("data/languages.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            language, *words = line.split()
            lists[language] = words
    by_word: dict[str, list[tuple[str, float]]] = {}
    for language, words in lists.items():
        for rank, word in enumerate(words):
            by_word.setdefault(word, []).append((language, 1.0 if rank < 150 else 0.7))
    return {
        word: tuple((language, weight / len(votes) ** 1.5) for language, weight in votes)
        for word, votes in by_word.items()
    }


def identify(words: Sequence[str], raw: str = "") -> str:
    """The language of folded words: a tag such as `fr`, or `und`.

    Args:
        words: folded words of one sentence or text.
        raw: the same as written, for the letters that folding takes away.
    """
    votes = _votes()
    tally: dict[str, float] = {}
    unknown: list[str] = []
    for word in words:
        known = votes.get(word)
        if known is None:
            unknown.append(word)
            continue
        for language, weight in known:
            tally[language] = tally.get(language, 0.0) + weight
    for letters, language, weight in _LETTERS:
        if not letters.isdisjoint(raw):
            tally[language] = tally.get(language, 0.0) + weight
    decided = _decide(tally)
    if decided != UNDETERMINED and len(unknown) * 2 < len(words):
        return decided
    other = _vote_unknown(unknown, tally)
    return UNDETERMINED if other > sum(tally.values()) else _decide(tally)


def _vote_unknown(words: list[str], tally: dict[str, float]) -> int:
    """Adds what script and endings say of words in no list; how many are of a script that is not told apart."""
    other = 0
    for word in words:
        if word > "\u02ff":
            script = next((language for language, first, last in _SCRIPTS if first <= word[0] <= last), None)
            if script is None:
                other += 1
            else:
                tally[script] = tally.get(script, 0.0) + 1.0
        elif len(word) > 5:
            for language, endings in _ENDINGS.items():
                if word.endswith(endings):
                    tally[language] = tally.get(language, 0.0) + 0.4
    return other


def _decide(tally: dict[str, float]) -> str:
    """The language that leads clearly, else `und`."""
    if not tally:
        return UNDETERMINED
    ranked = sorted(tally.items(), key=lambda one: (-one[1], one[0]))
    best, score = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return best if score >= 0.3 and score >= 1.15 * second else UNDETERMINED
