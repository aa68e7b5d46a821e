"""A 64-bit fingerprint of a text that changes little when the text changes little."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from comity.screening.normalise import prepare

__all__ = ["distance", "fingerprint", "fingerprint_of"]

_LANE = 16
"""Bits of a counter: enough for 65,535 shingles; longer texts are read up to there."""
_SPREAD = tuple(sum(((byte >> bit) & 1) << (bit * _LANE) for bit in range(8)) for byte in range(256))
_LIMIT = 30_000


def fingerprint(words: Sequence[str]) -> int:
    """The fingerprint of folded words, from the words and their pairs."""
    shingles = [*words[:_LIMIT], *(f"{one} {two}" for one, two in pairwise(words[:_LIMIT]))]
    lanes = [0] * 8
    for shingle in shingles:
        encoded = shingle.encode()
        value = crc32(encoded) | crc32(encoded[::-1]) << 32
        for place in range(8):
            lanes[place] += _SPREAD[value >> (8 * place) & 0xFF]
    half = len(shingles) / 2
    result = 0
    for place, lane in enumerate(lanes):
        for bit in range(8):
            if (lane >> (bit * _LANE) & 0xFFFF) > half:
                result |= 1 << (8 * place + bit)
    return result


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return (one ^ other).bit_count()


@lru_cache(maxsize=2048)
def fingerprint_of(raw: str) -> tuple[int, int]:
    """The fingerprint of a text and its number of words; remembered, since recent texts come back each time."""
    words = prepare(raw).words
    return fingerprint(words), len(words)
