"""Adam for a table of which each step reads few rows: a row is brought level only when it is read again."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["RowAdam"]

_FIRST, _SECOND = 0.9, 0.98
_DRIFT = _FIRST / _SECOND**0.5
"""What a row that a step did not touch still moves, of what it moved at the step before."""
_LEAST = 1e-8


class RowAdam:
    """Holds the table and what Adam remembers of each of its rows.

    Adam goes on moving a row by what it remembers of older slopes, less at each step. Moving all rows at each step
    costs a large part of what the network itself does; the moves that a row missed sum up without being taken one by
    one. Early in a run, while Adam still corrects for having begun with nothing, that sum is close, not exact.
    """

    def __init__(self, table: Tensor) -> None:
        self.table = table
        self._slope = torch.zeros_like(table)
        self._square = torch.zeros_like(table)
        self._level = torch.zeros(len(table), dtype=torch.int64, device=table.device)
        self._steps = 0
        self._rate = 0.0
        self._read: tuple[Tensor, Tensor, Tensor, Tensor] | None = None

    def read(self, rows: Tensor) -> Tensor:
        """These rows as they stand now, as a leaf that slopes gather on. `rows` are all different."""
        missed = (self._steps - self._level[rows]).unsqueeze(-1)
        slope, square, values = (part.index_select(0, rows) for part in (self._slope, self._square, self.table))
        if self._steps:
            values.sub_(self._move(slope, square).mul_((1 - torch.pow(_DRIFT, missed)) * (_DRIFT / (1 - _DRIFT))))
            slope.mul_(torch.pow(_FIRST, missed))
            square.mul_(torch.pow(_SECOND, missed))
        self._read = rows, values, slope, square
        return values.detach().requires_grad_()

    def step(self, gradient: Tensor, rate: float) -> None:
        """Move the rows that were read last."""
        if self._read is None:
            raise RuntimeError("no rows were read since the last step")
        _, values, slope, square = self._read
        self._steps += 1
        self._rate = rate
        slope.mul_(_FIRST).add_(gradient, alpha=1 - _FIRST)
        square.mul_(_SECOND).addcmul_(gradient, gradient, value=1 - _SECOND)
        values.sub_(self._move(slope, square))
        self._write()

    def level(self) -> None:
        """Bring all rows level, so that the table can be read as it is."""
        self.read(torch.arange(len(self.table), device=self.table.device))
        self._write()

    def _move(self, slope: Tensor, square: Tensor) -> Tensor:
        """What Adam moves a row by at the step that was taken last."""
        first, second = 1 - _FIRST**self._steps, 1 - _SECOND**self._steps
        return slope * (self._rate / first) / (square * (1 / second)).sqrt_().add_(_LEAST)

    def _write(self) -> None:
        if self._read is not None:
            rows, *parts = self._read
            for whole, part in zip((self.table, self._slope, self._square), parts, strict=True):
                whole.index_copy_(0, rows, part)
            self._level[rows] = self._steps
            self._read = None
