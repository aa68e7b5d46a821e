"""The ways in which people hide a word from a machine, applied to training texts."""

from __future__ import annotations

import random

__all__ = ["disguise"]

_LEET = {"a": "4@", "e": "3", "i": "1", "o": "0", "s": "5$", "t": "7"}


def _leet(word: str, chance: random.Random) -> str:
    return "".join(chance.choice(_LEET[c]) if c in _LEET and chance.random() < 0.6 else c for c in word)


def _spaced(word: str, chance: random.Random) -> str:
    return chance.choice((" ", ".", "-")).join(word)


def _stretched(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    return word[:place] + word[place] * chance.randint(3, 6) + word[place + 1 :]


def _dropped(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word))
    return word[:place] + word[place + 1 :]


def _swapped(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _split(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word))
    return word[:place] + " " + word[place:]


def _starred(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + "*" + word[place + 1 :]


_WAYS = (_leet, _spaced, _stretched, _dropped, _swapped, _split, _starred)


def disguise(text: str, chance: random.Random) -> str:
    """`text` with some of its longer words disguised in one way, or with some of its blanks taken out."""
    if chance.random() < 0.2:
        keep = chance.choice((0.0, 0.4))
        return "".join(c for c in text if c != " " or chance.random() < keep)
    way = chance.choice(_WAYS)
    share = chance.choice((0.3, 0.6, 1.0))
    words = [
        way(word, chance) if len(word) >= 4 and word.isalpha() and chance.random() < share else word
        for word in text.split(" ")
    ]
    return " ".join(words)
