"""The ways in which people hide a word from a machine, applied to training texts."""

from __future__ import annotations

import random
import re

__all__ = ["abbreviate", "disguise"]

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


_SHORT = {
    "c'est": ("c", "cest", "c'est"),
    "tu es": ("t", "t'es", "tes"),
    "je suis": ("jsuis", "chuis", "j'suis"),
    "je ne": ("je", "j'"),
    "il y a": ("ya", "y a"),
    "il faut": ("faut",),
    "parce que": ("pcq", "psk", "parce que"),
    "beaucoup": ("bcp",),
    "toujours": ("tjrs", "tjs"),
    "quelqu'un": ("qqn",),
    "quand": ("qd",),
    "quoi": ("koi",),
    "que": ("ke", "q"),
    "qui": ("ki",),
    "pourquoi": ("pk", "pq", "prk"),
    "vraiment": ("vrmt",),
    "pas": ("pa", "pas"),
    "tout": ("tt",),
    "tous": ("ts",),
    "vous": ("vs",),
    "nous": ("ns",),
    "dans": ("ds",),
    "avec": ("avc", "ac"),
    "même": ("mm", "meme"),
    "quelle": ("kel",),
    "putain": ("ptn", "put1"),
    "connard": ("conar", "conard"),
    "ils": ("y", "ils"),
    "cela": ("ca",),
    "ça": ("sa", "ca"),
    "ces": ("c", "ses"),
    "ne sont pas": ("sont pas",),
    "ne sont": ("sont",),
    "n'est pas": ("est pas", "c pas"),
    "les femmes": ("les meufs", "les gonzesses"),
    "les arabes": ("les rebeus",),
    "les noirs": ("les renois",),
    "les juifs": ("les feujs",),
}
_LONG = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE)


def abbreviate(text: str, chance: random.Random) -> str:
    """French `text` as it is typed in a hurry: words shortened, "ne" left out, capitals and accents gone."""
    share = chance.choice((0.4, 0.7, 1.0))
    out = _LONG.sub(lambda m: chance.choice(_SHORT[m[1].lower()]) if chance.random() < share else m[0], text)
    if chance.random() < 0.3:
        out = re.sub(r"[.,;!?]", "", out)
    if chance.random() < 0.2:
        out += chance.choice((" mdr", " lol", " ptdr", " mdrr", " jpp", " xd"))
    return out.lower()
