"""An English-French lexicon and a French language model, both learnt from sentence pairs, and rewriting with them.

There is far more labelled English than French. Each English text is rewritten word by word with the candidates that
the lexicon gives, the sequence chosen so that the neighbouring French words agree. It is not a translation, only
words that a French reader of the same opinion might use: the result is called pseudo-French everywhere.
"""

from __future__ import annotations

import gzip
import math
import random
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from comity.screening.model.marks import marked_words
from comity.screening.model.tokens import tokenise

__all__ = ["Rewriter", "learn_rewriter", "read_pairs"]

_ROUNDS = 4
_LEAST = 0.03
_CANDIDATES = 4
_REMEMBERED = 1 << 20
_DROPPED = frozenset({"do", "does", "did", "to", "!", '"', "'", "<user>"})
_COPULAS = frozenset(
    {
        "est",
        "sont",
        "suis",
        "es",
        "sommes",
        "etait",
        "etaient",
        "ont",
        "ai",
        "a",
        "as",
        "avons",
        "peut",
        "peux",
        "peuvent",
        "doit",
        "doivent",
        "devraient",
        "vont",
        "va",
        "vais",
    }
)
_VOWELS = frozenset("aeiouyh")
_ELIDING = {
    "le": "l'",
    "la": "l'",
    "de": "d'",
    "ne": "n'",
    "je": "j'",
    "que": "qu'",
    "se": "s'",
    "me": "m'",
    "te": "t'",
}

Pair = tuple[tuple[str, ...], tuple[str, ...]]


def read_pairs(path: Path) -> list[Pair]:
    """Tokenised English-French pairs, one a line, separated by a tab."""
    pairs: list[Pair] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, _, french = line.rstrip("\n").partition("\t")
            pairs.append((tuple(marked_words(english).words), tuple(marked_words(french).words)))
    return pairs


def _numbered(sentences: Sequence[tuple[str, ...]]) -> tuple[dict[str, int], list[str]]:
    counts = Counter(word for sentence in sentences for word in sentence)
    names = [word for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if count >= 2]
    return {word: number for number, word in enumerate(names)}, names


def _align(pairs: Sequence[Pair]) -> tuple[list[str], list[str], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """IBM model 1 in both directions: English words, French words, cells (English, French) and their joint score."""
    english, english_names = _numbered([pair[0] for pair in pairs])
    french, french_names = _numbered([pair[1] for pair in pairs])
    left: list[npt.NDArray[np.int64]] = []
    right: list[npt.NDArray[np.int64]] = []
    left_slot: list[npt.NDArray[np.int64]] = []
    right_slot: list[npt.NDArray[np.int64]] = []
    left_slots = right_slots = 0
    for source, target in pairs:
        first = np.array([english[w] for w in source if w in english], dtype=np.int64)
        second = np.array([french[w] for w in target if w in french], dtype=np.int64)
        if not len(first) or not len(second):
            continue
        left.append(first.repeat(len(second)))
        right.append(np.concatenate([second] * len(first)))
        left_slot.append(np.arange(left_slots, left_slots + len(first)).repeat(len(second)))
        right_slot.append(np.concatenate([np.arange(right_slots, right_slots + len(second))] * len(first)))
        left_slots += len(first)
        right_slots += len(second)
    codes = np.concatenate(left) * len(french_names) + np.concatenate(right)
    cells, inverse = np.unique(codes, return_inverse=True)
    by_english, by_french = cells // len(french_names), cells % len(french_names)
    scores: list[npt.NDArray[np.float64]] = []
    for slots, given in ((np.concatenate(right_slot), by_english), (np.concatenate(left_slot), by_french)):
        probability = np.ones(len(cells))
        for _ in range(_ROUNDS):
            weight = probability[inverse]
            weight /= np.bincount(slots, weight)[slots]
            expected = np.bincount(inverse, weight, minlength=len(cells))
            probability = expected / np.bincount(given, expected)[given]
        scores.append(probability)
    return english_names, french_names, cells, np.sqrt(scores[0] * scores[1])


class Rewriter:
    """Rewrites folded English words as pseudo-French."""

    def __init__(
        self, lexicon: dict[str, list[tuple[str, float]]], unigrams: Counter[str], bigrams: Counter[tuple[str, str]]
    ) -> None:
        self.lexicon = lexicon
        self._unigrams = unigrams
        self._bigrams = bigrams
        self._total = sum(unigrams.values())
        self._follows = lru_cache(maxsize=_REMEMBERED)(self._log_probability)

    def _log_probability(self, before: str, word: str) -> float:
        """Log probability of `word` after `before`, smoothed."""
        seen = self._unigrams.get(before, 0)
        share = 0.25 * (self._unigrams.get(word, 0) + 0.05) / self._total
        if seen:
            share += 0.75 * self._bigrams.get((before, word), 0) / seen
        return math.log(share)

    def rewrite(self, words: Sequence[str], chance: random.Random) -> str:
        """Pseudo-French of folded English words; `chance` varies the choice between close candidates."""
        columns: list[list[tuple[str, float]]] = []
        for word in words:
            if word in _DROPPED:
                continue
            if word == "not":
                columns.append([("not", 0.0)])
                continue
            found = self.lexicon.get(word)
            if found is None:
                columns.append([(word, 0.0)])
            else:
                columns.append([(name, score + 0.5 * chance.random()) for name, score in found])
        follows = self._follows
        best: dict[str, tuple[float, tuple[str, ...]]] = {"<s>": (0.0, ())}
        for column in columns:
            following: dict[str, tuple[float, tuple[str, ...]]] = {}
            for name, score in column:
                parts = name.split()
                first = parts[0]
                total, path = max(
                    [(value + 0.6 * follows(last, first), trail) for last, (value, trail) in best.items()]
                )
                total += score
                kept = following.get(parts[-1])
                if kept is None or kept[0] < total:
                    following[parts[-1]] = (total, (*path, *parts))
            best = following
        chosen = list(max(best.values())[1])
        return self._spell(self._deny(self._reorder(chosen)))

    def _reorder(self, words: list[str]) -> list[str]:
        """Swap neighbours where the French order is clearly the other one (adjectives after their noun)."""
        place = 1
        while place + 1 < len(words):
            before, first, second = words[place - 1], words[place], words[place + 1]
            if (first, second) not in self._bigrams and (second, first) in self._bigrams:
                kept = self._follows(before, first) + self._follows(first, second)
                swapped = self._follows(before, second) + self._follows(second, first)
                if swapped > kept + 1.0:
                    words[place], words[place + 1] = second, first
                    place += 1
            place += 1
        return words

    @staticmethod
    def _deny(words: list[str]) -> list[str]:
        """Move "not" and "ne pas" round the word that they deny: "ne ... pas"."""
        out: list[str] = []
        place = 0
        while place < len(words):
            word = words[place]
            if word == "not":
                if out and out[-1] in _COPULAS:
                    out.insert(len(out) - 1, "ne")
                    out.append("pas")
                elif place + 1 < len(words):
                    out.extend(["ne", words[place + 1], "pas"])
                    place += 1
                else:
                    out.append("pas")
            elif word == "ne" and place + 2 < len(words) and words[place + 1] == "pas":
                out.extend(["ne", words[place + 2], "pas"])
                place += 2
            else:
                out.append(word)
            place += 1
        return out

    @staticmethod
    def _spell(words: list[str]) -> str:
        """Join the words, with elision."""
        pieces: list[str] = []
        for place, word in enumerate(words):
            following = words[place + 1] if place + 1 < len(words) else ""
            if word in _ELIDING and following[:1] in _VOWELS:
                pieces.append(_ELIDING[word])
            elif word.endswith("'"):
                pieces.append(word)
            else:
                pieces.append(word + " ")
        return "".join(pieces).strip()


def _own_entries() -> dict[str, list[str]]:
    """Entries that the pairs cannot teach: names of groups, insults, contractions."""
    text = resources.files("comity.screening.training").joinpath("data/english_french.tsv").read_text("utf-8")
    entries: dict[str, list[str]] = {}
    for line in text.splitlines():
        english, _, french = line.partition("\t")
        entries[english] = french.split(" ") if english in _CHOICES else [french]
    return entries


_CHOICES = frozenset({"the", "a", "an", "to", "all", "in", "their", "they", "them", "this", "you", "your"})
"""Own entries whose French words are alternatives; in all others they stand together."""


def learn_rewriter(pairs: Sequence[Pair]) -> Rewriter:
    """Learn the lexicon and the language model from `pairs`; the same pairs give the same rewriter."""
    english, french, cells, scores = _align(pairs)
    kept = np.flatnonzero(scores > _LEAST)
    found: dict[str, list[tuple[str, float]]] = {}
    for cell, score in zip(cells[kept].tolist(), scores[kept].tolist(), strict=True):
        found.setdefault(english[cell // len(french)], []).append((french[cell % len(french)], score))
    lexicon = {
        word: [
            (name, math.log(score)) for name, score in sorted(names, key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        ]
        for word, names in found.items()
    }
    for word, names in _own_entries().items():
        folded = [" ".join(tokenise(name).words).replace("' ", "'") for name in names]
        lexicon[word] = [(name, -0.3) for name in folded]
    unigrams: Counter[str] = Counter()
    bigrams: Counter[tuple[str, str]] = Counter()
    for _, target in pairs:
        unigrams.update(("<s>", *target))
        bigrams.update(zip(("<s>", *target), target, strict=False))
    return Rewriter(lexicon, unigrams, bigrams)
