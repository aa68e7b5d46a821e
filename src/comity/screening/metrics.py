"""What each detector costs, in counts that a person can read. They tell, and never change what is decided."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

__all__ = ["BUDGET", "DetectorCost", "Metrics"]

logger = logging.getLogger(__name__)

BUDGET = 0.05
"""Seconds that a detector may take for one text before it counts as an overrun."""


@dataclass(frozen=True, slots=True)
class DetectorCost:
    """What one detector cost since the process began."""

    detector: str
    texts: int
    seconds: float
    overruns: int
    """Texts that took longer than the budget."""
    longest: float
    """Seconds of the slowest text."""


class Metrics:
    """Counts by detector. Safe between threads."""

    def __init__(self, budget: float = BUDGET) -> None:
        """`budget` in seconds for one text."""
        self.budget = budget
        self._lock = Lock()
        self._costs: dict[str, list[float]] = {}

    def add(self, took: Iterable[tuple[str, float, int]]) -> None:
        """Counts what detectors took: name, seconds, number of texts read together."""
        late: list[tuple[str, float, int]] = []
        with self._lock:
            for detector, seconds, texts in took:
                cost = self._costs.get(detector)
                if cost is None:
                    cost = self._costs[detector] = [0, 0.0, 0, 0.0]
                each = seconds / texts
                cost[0] += texts
                cost[1] += seconds
                if each > cost[3]:
                    cost[3] = each
                if each > self.budget:
                    cost[2] += texts
                    late.append((detector, each, int(cost[2])))
        for detector, each, overruns in late:
            if overruns & (overruns - 1) == 0:  # the first, the second, the fourth: a slow machine fills no log
                logger.info("detector %s took %.0f ms; overruns so far: %d", detector, each * 1000, overruns)

    def costs(self) -> tuple[DetectorCost, ...]:
        """What every detector cost, the dearest first."""
        with self._lock:
            found = [
                DetectorCost(detector, int(texts), seconds, int(overruns), longest)
                for detector, (texts, seconds, overruns, longest) in self._costs.items()
            ]
        return tuple(sorted(found, key=lambda cost: (-cost.seconds, cost.detector)))

    @property
    def overruns(self) -> int:
        """Of all detectors together."""
        return sum(cost.overruns for cost in self.costs())
