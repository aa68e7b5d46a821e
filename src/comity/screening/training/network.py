"""The sequence model as torch trains it; `comity.screening.model.sequence` is the same network in numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from comity.screening.model.marks import MARK_COUNT
from comity.screening.model.word_rows import ROW_BITS

__all__ = ["SequenceNet", "Shape"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the sequence model."""

    row: int = 56
    width: int = 64
    attention_heads: int = 4
    pools: int = 4
    hidden: int = 128
    heads: int = 7


class SequenceNet(nn.Module):  # type: ignore[misc] # torch is not installed where types are checked
    """The network. Its parameters' names are those of the weight file."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        self.rows = nn.Parameter(torch.empty(1 << ROW_BITS, shape.row).normal_(0, 0.08))
        self.inward = nn.Linear(shape.row, width)
        self.marks = nn.Parameter(torch.empty(MARK_COUNT, width).normal_(0, 0.1))
        self.near = nn.Linear(3 * width, width)
        self.far = nn.Linear(3 * width, width)
        self.attend = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.widen = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)
        self.pool = nn.Linear(width, shape.pools)
        self.join = nn.Linear((shape.pools + 1) * width, shape.hidden)
        self.head = nn.Linear(shape.hidden, shape.heads)

    @staticmethod
    def _level(x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5)

    @staticmethod
    def _spread(x: Tensor, distance: int) -> Tensor:
        before = functional.pad(x, (0, 0, distance, 0))[:, : x.shape[1]]
        after = functional.pad(x, (0, 0, 0, distance))[:, distance:]
        return torch.cat((before, x, after), -1)

    def inward_of(self, vectors: Tensor) -> Tensor:
        """Words' vectors brought to the width of the network, the shift left out."""
        return functional.linear(vectors, self.inward.weight)

    def marks_of(self, combinations: Tensor) -> Tensor:
        """What marks add (combinations x width), the shift of the words among it."""
        return combinations @ self.marks + self.inward.bias

    def forward(self, words: Tensor, marks: Tensor, real: Tensor, dropout: float) -> Tensor:
        """Logits (texts x heads) of what `inward_of` and `marks_of` gave, place by place (texts x places x width), and
        which places are real."""
        mask = real.unsqueeze(-1)
        x = (words + marks) * mask
        x = functional.dropout(x, dropout * 0.5, self.training)
        for layer, distance in ((self.near, 1), (self.far, 2)):
            x = (x + functional.relu(layer(self._spread(x, distance)))) * mask
        texts, places, width = x.shape
        heads = self.shape.attention_heads
        q, k, v = self.attend(self._level(x)).view(texts, places, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
        affinity = q @ k.transpose(-1, -2) * (width // heads) ** -0.5
        affinity = affinity.masked_fill(~real[:, None, None, :].bool(), -1e4)
        x = x + self.attended((affinity.softmax(-1) @ v).transpose(1, 2).reshape(texts, places, width))
        x = x + self.narrow(functional.relu(self.widen(self._level(x))))
        x = self._level(x)
        share = self.pool(x).masked_fill(mask == 0, -1e4).softmax(1)
        pooled = (share.transpose(1, 2) @ x).flatten(1)
        highest = x.masked_fill(mask == 0, -1e4).amax(1)
        joined = functional.dropout(torch.cat((pooled, highest), -1), dropout, self.training)
        joined = functional.relu(self.join(joined))
        out: Tensor = self.head(functional.dropout(joined, dropout, self.training))
        return out

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Parameters by name."""
        return {name: value.detach().numpy().copy() for name, value in self.named_parameters()}
