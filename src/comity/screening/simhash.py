"""A 64-bit fingerprint of a text that changes little when the text changes little."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

from comity.screening.normalise import prepare

__all__ = ["distance", "fingerprint", "fingerprint_of", "remember"]

_LIMIT = 30_000
"""Words that are read."""
_REMEMBERED = 2048

_known: dict[str, tuple[int, int]] = {}
_guard = threading.Lock()


def fingerprint(words: Sequence[str]) -> int:
    """The fingerprint of folded words, from the words and their pairs."""
    words = words[:_LIMIT]
    shingles = [one.encode() for one in (*words, *map(" ".join, pairwise(words)))]
    # One string of all the shingles' bits: counting every 64th of its digits is one pass in C for each bit.
    bits = "".join([f"{crc32(one) | crc32(one[::-1]) << 32:064b}" for one in shingles])
    half = len(shingles) / 2
    return sum((bits[63 - bit :: 64].count("1") > half) << bit for bit in range(64))


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return (one ^ other).bit_count()


def remember(raw: str, words: Sequence[str]) -> int:
    """The fingerprint of a text whose folded words are at hand, kept for when the text comes back among recent ones."""
    made = fingerprint(words)
    with _guard:
        if len(_known) >= _REMEMBERED:
            del _known[next(iter(_known))]
        _known[raw] = made, len(words)
    return made


def fingerprint_of(raw: str) -> tuple[int, int]:
    """The fingerprint of a text and its number of words; remembered, since recent texts come back each time."""
    known = _known.get(raw)
    if known is None:
        words = prepare(raw).words
        known = remember(raw, words), len(words)
    return known
