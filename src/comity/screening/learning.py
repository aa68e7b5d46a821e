"""What the moderators' decisions teach: a small model of the site's own, in bytes.

One logistic regression a category over hashed words, pairs of words and letters; weights are whole numbers, so that
a lesson can be taken back exactly and a replay in the same order gives the same bytes. Bounded: the number of
categories, of weights, of lessons that can be undone, and the weight of one feature.
"""

from __future__ import annotations

import json
import struct
import zlib
from array import array
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp

from comity.screening.house_rule_documents import CATEGORIES
from comity.screening.normalise import PreparedText, prepare

__all__ = ["Lesson", "SiteHead", "SiteHeadError", "replay"]

_MAGIC = b"COMITYHEAD1\n"
_BITS = 15
_SIZE = 1 << _BITS
_UNIT = 4096
"""Whole numbers to one logit."""
_MOST_WEIGHT = 6 * _UNIT
_RATE = 0.5
_BIAS = -1.5
"""Without lessons a text is more likely innocent."""
_MOST_FEATURES = 600
_MOST_WORDS = 300
_MOST_SPELT = 120
"""Words whose letters are looked at."""
_REMEMBERED = 2048
_LONGEST_REMEMBERED = 40
_UNDOABLE = 200


class SiteHeadError(ValueError):
    """The bytes are not a site head of this format."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One decision of a person: the text, and the categories for which it was refused; none when it was kept."""

    text: str
    categories: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()
    """Categories for which the text had been stopped before a person kept it."""


class SiteHead:
    """The site's own head."""

    def __init__(self, *, stored_as: int | None = None) -> None:
        """`stored_as` is the number under which a store keeps this head; a head that was undone gets a new one."""
        self._stored_as = stored_as
        self.lessons = 0
        """How many lessons it holds."""
        self.refused: dict[str, int] = {}
        """Category -> how many refusals taught it."""
        self.spared: dict[str, int] = {}
        """Category -> how many texts stopped for it were kept by a person."""
        self.kept = 0
        self._weights: dict[str, array[int]] = {}
        self._undo: deque[tuple[Lesson, list[tuple[str, list[int], list[int]]]]] = deque(maxlen=_UNDOABLE)

    @property
    def version(self) -> int:
        """What decisions cite: the number it is stored under, else the number of its lessons."""
        return self.lessons if self._stored_as is None else self._stored_as

    @property
    def taught(self) -> Mapping[str, int]:
        """Category -> human decisions on it: texts refused for it, and texts stopped for it that a person kept."""
        return {
            category: self.refused.get(category, 0) + self.spared.get(category, 0)
            for category in {*self.refused, *self.spared}
        }

    def score(self, text: PreparedText) -> dict[str, float]:
        """Category -> how likely a person would refuse the text for it, 0 to 0.95; little before many lessons."""
        if not self._weights:
            return {}
        features = _features(text)
        scores = {}
        for category, weights in self._weights.items():
            count = self.refused.get(category, 0)
            trust = count / (count + 8.0)
            scores[category] = min(0.95, _chance(weights, features) * (0.5 + 0.5 * trust))
        return scores

    def teach(self, lesson: Lesson) -> None:
        """Learns one decision.

        Raises:
            ValueError: a category is unknown.
        """
        unknown = (lesson.categories | lesson.spared) - set(CATEGORIES)
        if unknown:
            raise ValueError(f"unknown category: {sorted(unknown)[0]}")
        features = _features(prepare(lesson.text))
        for category in sorted(lesson.categories):
            self._weights.setdefault(category, array("i", bytes(4 * _SIZE)))
        changes = []
        for category in sorted(self._weights):
            weights = self._weights[category]
            target = 1.0 if category in lesson.categories else 0.0
            # A text refused for one reason says nothing against the others.
            if target == 0.0 and lesson.categories:
                continue
            step = round(_RATE * (target - _chance(weights, features)) * _UNIT)
            if not step or not features:
                continue
            before = [weights[feature] for feature in features]
            for feature in features:
                weights[feature] = max(-_MOST_WEIGHT, min(_MOST_WEIGHT, weights[feature] + step))
            changes.append((category, features, before))
        for counts, categories in ((self.refused, lesson.categories), (self.spared, lesson.spared)):
            for category in categories:
                counts[category] = counts.get(category, 0) + 1
        self.kept += not lesson.categories
        self.lessons += 1
        self._undo.append((lesson, changes))

    def undo(self) -> None:
        """Takes the last lesson back, to the bit.

        Raises:
            LookupError: no lesson is left to undo; build the head again with `replay`.
        """
        if not self._undo:
            raise LookupError("no lesson to undo")
        lesson, changes = self._undo.pop()
        for category, features, before in reversed(changes):
            weights = self._weights[category]
            for feature, value in zip(features, before, strict=True):
                weights[feature] = value
        for counts, categories in ((self.refused, lesson.categories), (self.spared, lesson.spared)):
            for category in categories:
                counts[category] -= 1
                if not counts[category]:
                    del counts[category]
        for category in lesson.categories - set(self.refused):
            del self._weights[category]
        self.kept -= not lesson.categories
        self.lessons -= 1

    def to_bytes(self) -> bytes:
        """The head for storing; the memory of what can be undone is not kept."""
        header = {"lessons": self.lessons, "refused": self.refused, "spared": self.spared, "kept": self.kept}
        named = json.dumps(header, sort_keys=True).encode()
        body = bytearray(struct.pack("<I", len(named)) + named)
        for category in sorted(self._weights):
            weights = array("i", self._weights[category])
            if struct.pack("=I", 1) != struct.pack("<I", 1):
                weights.byteswap()
            body += weights.tobytes()
        return _MAGIC + zlib.compress(bytes(body), 6)

    @classmethod
    def from_bytes(cls, stored: bytes, *, stored_as: int | None = None) -> SiteHead:
        """The head that `to_bytes` wrote; `stored_as` as for a new one.

        Raises:
            SiteHeadError: the bytes are something else, cut or too large.
        """
        if not stored.startswith(_MAGIC):
            raise SiteHeadError("not a site head")
        limit = 4 * _SIZE * len(CATEGORIES) + 65536
        try:
            body = zlib.decompressobj().decompress(stored[len(_MAGIC) :], limit)
            (size,) = struct.unpack_from("<I", body)
            header = json.loads(body[4 : 4 + size])
            head = cls(stored_as=stored_as)
            head.lessons, head.kept = int(header["lessons"]), int(header["kept"])
            head.refused = {str(category): int(count) for category, count in header["refused"].items()}
            head.spared = {str(category): int(count) for category, count in header["spared"].items()}
        except (zlib.error, struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SiteHeadError("a site head that cannot be read") from error
        if {*head.refused, *head.spared} - set(CATEGORIES) or len(body) != 4 + size + 4 * _SIZE * len(head.refused):
            raise SiteHeadError("a site head that was cut or changed")
        for place, category in enumerate(sorted(head.refused)):
            weights = array("i")
            weights.frombytes(body[4 + size + 4 * _SIZE * place : 4 + size + 4 * _SIZE * (place + 1)])
            if struct.pack("=I", 1) != struct.pack("<I", 1):
                weights.byteswap()
            head._weights[category] = weights
        return head


def replay(lessons: Iterable[Lesson]) -> SiteHead:
    """The head that these lessons make, in their order."""
    head = SiteHead()
    for lesson in lessons:
        head.teach(lesson)
    return head


def _features(text: PreparedText) -> list[int]:
    words = text.words[:_MOST_WORDS]
    hashed = set(map(_hash, words))
    hashed.update([_hash(f"{one} {two}") for one, two in pairwise(words)])
    for word in words[:_MOST_SPELT]:
        hashed.update((_remembered if len(word) <= _LONGEST_REMEMBERED else _letters)(word))
    return sorted(hashed)[:_MOST_FEATURES]


def _hash(name: str) -> int:
    return zlib.crc32(name.encode()) & (_SIZE - 1)


def _letters(word: str) -> tuple[int, ...]:
    """The runs of four letters of a word, its borders among them."""
    padded = f"<{word}>"
    return tuple([_hash(padded[start : start + 4]) for start in range(len(padded) - 3)])


_remembered = lru_cache(maxsize=_REMEMBERED)(_letters)
"""Most words are met again."""


def _chance(weights: array[int], features: list[int]) -> float:
    if not features:
        return 0.0
    total = sum([weights[feature] for feature in features]) / (_UNIT * len(features) ** 0.5) + _BIAS
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))
