"""Hashes of words and of runs of letters, and the rows that a word is the sum of in the sequence model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt

__all__ = [
    "POWERS",
    "PRIME",
    "ROW_BITS",
    "SALTS",
    "Numbers",
    "Places",
    "follow",
    "hash_words",
    "hashed_words",
    "mix",
    "scattered",
    "word_rows",
]

ROW_BITS = 17
"""The sequence model's words are sums of rows of a table of 2 ** ROW_BITS: half for words, half for n-grams."""

Numbers = npt.NDArray[np.uint32]
"""Hashes: sums and products wrap round."""
Places = npt.NDArray[np.int64]

PRIME = np.uint32(0x01000193)
SALTS = {n: np.uint32(0x9E3779B1 * n & 0xFFFFFFFF) for n in range(1, 12)}
"""So that runs of different kinds and lengths fall apart."""
POWERS = np.array([pow(0x01000193, k, 1 << 32) for k in range(64)], dtype=np.uint32)
_FIFTEEN, _THIRTEEN, _SIXTEEN = np.uint32(15), np.uint32(13), np.uint32(16)
_FIRST_FACTOR, _SECOND_FACTOR = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
_HALF = 1 << (ROW_BITS - 1)


def mix(values: Numbers) -> Numbers:
    """Spread the bits, so that neighbouring sums fall into distant places. Works on the array it is given."""
    values ^= values >> _FIFTEEN
    values *= _FIRST_FACTOR
    values ^= values >> _THIRTEEN
    values *= _SECOND_FACTOR
    values ^= values >> _SIXTEEN
    return values


def follow(before: Numbers, last: Numbers) -> Numbers:
    """Runs one longer: everything so far moves up one power, and `last` comes in at the first."""
    longer = before[:-1] + last
    longer *= PRIME
    return longer


@lru_cache(maxsize=256)
def _steps(length: int) -> Numbers:
    """What each letter of a word of this length is multiplied by, its place in the word among it; nothing for the
    blank before it."""
    steps = np.zeros(length + 1, dtype=np.uint32)
    steps[1:] = POWERS[np.minimum(np.arange(1, length + 1), len(POWERS) - 1)]
    return steps


def scattered(text: str) -> Numbers:
    """The code points of a text, scattered."""
    return mix(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32) * np.uint32(0x9E3779B1))


def _hash_each(codes: Numbers, words: Sequence[str]) -> Numbers:
    """One number a word, by its letters and their order; `codes` are those of the words with a blank before each and
    one at the end."""
    steps = np.concatenate([_steps(len(word)) for word in words])
    starts = list(accumulate([len(word) + 1 for word in words[:-1]], initial=0))
    return mix(np.add.reduceat(codes[:-1] * steps, starts, dtype=np.uint32))


def hash_words(words: Sequence[str]) -> Numbers:
    """One number a word; no word may be empty."""
    return _hash_each(scattered(f" {' '.join(words)} "), words)


def word_rows(words: Sequence[str]) -> tuple[Places, Places]:
    """The sequence model's rows for each word, and where each word's rows start: its own row, then its n-grams.

    A word's own row comes first; the n-grams of three and four characters include the blanks around it: two rows a
    letter in all.
    """
    rows, starts, _ = hashed_words(words)
    return rows, np.array(starts)


def hashed_words(words: Sequence[str]) -> tuple[Places, list[int], Numbers]:
    """What `word_rows` gives, and what `hash_words` gives."""
    codes = scattered(f" {' '.join(words)} ")
    own = _hash_each(codes, words)
    three = follow(follow(codes * PRIME, codes[1:]), codes[2:])
    four = follow(three, codes[3:])
    three ^= SALTS[3]
    four ^= SALTS[4]
    runs = mix(np.concatenate((three, four)))
    threes, fours = runs[: len(three)], runs[len(three) :]
    numbers: list[Numbers] = []
    starts: list[int] = []
    start = place = 0
    for number, word in enumerate(words):
        length = len(word)
        numbers += (own[number : number + 1], threes[start : start + length], fours[start : start + length - 1])
        starts.append(place)
        place += 2 * length
        start += length + 1
    mixed = mix(np.concatenate(numbers))
    mixed &= np.uint32(_HALF - 1)
    rows = mixed.astype(np.int64)
    rows += _HALF
    rows[starts] -= _HALF
    return rows, starts, own
