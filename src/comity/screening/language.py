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
_ELISIONS = frozenset({"j", "l", "d", "c", "n", "qu", "m", "s"})


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
    other = 0
    previous = ""
    for word in words:
        for language, weight in votes.get(word, ()):
            tally[language] = tally.get(language, 0.0) + weight
        if word > "\u02ff":
            for language, first, last in _SCRIPTS:
                if first <= word[0] <= last:
                    tally[language] = tally.get(language, 0.0) + 1.0
                    break
            else:
                other += 1
        elif len(word) > 5 and word not in votes:
            for language, endings in _ENDINGS.items():
                if word.endswith(endings):
                    tally[language] = tally.get(language, 0.0) + 0.4
        elif previous in _ELISIONS:
            tally["fr"] = tally.get("fr", 0.0) + 0.15
        previous = word
    for letters, language, weight in (("ñ¿¡", "es", 1.0), ("ßäÄÖÜ", "de", 0.8), ("ç œèêàùâû", "fr", 0.25)):
        if any(letter in raw for letter in letters if letter != " "):
            tally[language] = tally.get(language, 0.0) + weight
    if not tally or other > sum(tally.values()):
        return UNDETERMINED
    ranked = sorted(tally.items(), key=lambda one: (-one[1], one[0]))
    best, score = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return best if score >= 0.3 and score >= 1.15 * second else UNDETERMINED
