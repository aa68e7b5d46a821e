"""Texts as the sequence model is trained on them: laid out on a device once, then read batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from comity.screening.model.marks import GROUP, MARK_COUNT
from comity.screening.model.word_rows import word_rows
from comity.screening.training.encoding import Sequences

__all__ = ["Bags", "Batch", "Texts", "cuts"]

_PLACES_AT_ONCE = 14_000
_TEXTS_AT_ONCE = 64
"""Batches grow by so many texts."""
_MOST_TEXTS = 768


@dataclass(slots=True)
class Bags:
    """Rows of each word of a vocabulary."""

    rows: Tensor
    starts: Tensor
    counts: Tensor

    @classmethod
    def of(cls, vocabulary: list[str], device: str) -> Bags:
        """The rows of these words."""
        rows, starts = word_rows(vocabulary)
        counts = np.diff(np.append(starts, len(rows)))
        return cls(*(torch.from_numpy(part).to(device) for part in (rows, starts, counts)))

    def rows_of(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """All rows of these words one after the other, which of the words each is of, and where each word begins."""
        counts = self.counts[words]
        begins = counts.cumsum(0) - counts
        total = int(counts.sum())
        owner = torch.repeat_interleave(counts, output_size=total)
        place = torch.arange(total, device=words.device) + (self.starts[words] - begins)[owner]
        return self.rows[place], owner, begins


@dataclass(slots=True)
class Batch:
    """A few texts of like length (texts x places)."""

    words: Tensor
    """Different words."""
    inverse: Tensor
    """Which of `words` stands at each place."""
    marks: Tensor
    """Which of `Texts.combinations` each place has."""
    real: Tensor
    """One where a text has a word, zero behind its end."""
    group: Tensor
    """Where a group is named."""


class Texts:
    """Texts on a device."""

    def __init__(self, data: Sequences, device: str) -> None:
        combinations, numbers = np.unique(data.marks, return_inverse=True)
        bits = (combinations[:, None] >> np.arange(MARK_COUNT)) & 1
        self.lengths = np.diff(data.bounds)
        """Of each text, in words."""
        self.combinations = torch.from_numpy(bits.astype(np.float32)).to(device)
        """Every sum of marks that occurs, mark by mark."""
        self._grouped = torch.from_numpy((combinations & GROUP) != 0).to(device)
        self._words = torch.from_numpy(data.words.astype(np.int64)).to(device)
        self._marks = torch.from_numpy(numbers.astype(np.int64)).to(device)
        self._starts = torch.from_numpy(data.bounds[:-1]).to(device)
        self._lengths = torch.from_numpy(self.lengths).to(device)

    def batch(self, inside: Tensor, longest: int) -> Batch:
        """These texts, the longest of which has `longest` words."""
        steps = torch.arange(max(longest, 1), device=inside.device)
        real = steps < self._lengths[inside].unsqueeze(-1)
        place = (self._starts[inside].unsqueeze(-1) + steps).clamp_max_(len(self._words) - 1)
        words, inverse = torch.unique(self._words[place], return_inverse=True)
        marks = self._marks[place]
        return Batch(words, inverse, marks, real.float(), self._grouped[marks])


def cuts(
    lengths: npt.NDArray[np.int64], chance: np.random.Generator | None
) -> Iterator[tuple[npt.NDArray[np.int64], int]]:
    """Numbers of texts of like length and the longest length among them, about the same number of places a batch."""
    order = np.argsort(lengths + (chance.random(len(lengths)) if chance is not None else 0), kind="stable")
    bounds: list[tuple[int, int]] = []
    start = 0
    while start < len(order):
        size = _TEXTS_AT_ONCE
        while start + size < len(order) and size < _MOST_TEXTS:
            last = order[min(start + size + _TEXTS_AT_ONCE, len(order)) - 1]
            if (size + _TEXTS_AT_ONCE) * lengths[last] > _PLACES_AT_ONCE:
                break
            size += _TEXTS_AT_ONCE
        bounds.append((start, start + size))
        start += size
    for number in chance.permutation(len(bounds)) if chance is not None else range(len(bounds)):
        first, end = bounds[number]
        inside = order[first:end]
        yield inside, int(lengths[inside].max())
