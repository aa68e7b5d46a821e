"""What happens by the clock rather than by an event: upkeep.

Every process with a pump does it; doing it twice does no harm, so nothing is agreed between them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.actions.appeals import remind_of_appeals
from comity.actions.limits import prune_counters
from comity.actions.outbox import prune_events
from comity.actions.retention import run_due_retention
from comity.actions.upkeep import prune_receipts

__all__ = ["UPKEEP", "Schedule", "Upkeep"]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A task done again and again."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]


UPKEEP: tuple[Upkeep, ...] = (
    Upkeep("prune_receipts", timedelta(hours=1), prune_receipts),
    Upkeep("prune_counters", timedelta(minutes=10), prune_counters),
    Upkeep("remind_of_appeals", timedelta(minutes=10), remind_of_appeals),
    Upkeep("run_retention", timedelta(hours=1), run_due_retention),
    Upkeep("prune_events", timedelta(hours=1), prune_events),
)


class Schedule:
    """When each task is due next in this process. The first time is one interval after the start, not at the start."""

    def __init__(self, tasks: Sequence[Upkeep], started_at: datetime) -> None:
        self._due = {task: started_at + task.every for task in tasks}

    def take_due(self, now: datetime) -> tuple[Upkeep, ...]:
        """The tasks due at `now`, each counted as begun: one that fails waits for its next time. One that is further
        away than its interval is due as well: the clock was set back."""
        due = tuple(task for task, at in self._due.items() if at <= now or at > now + task.every)
        for task in due:
            self._due[task] = now + task.every
        return due

    def next_at(self) -> datetime | None:
        """When the next task is due; None without tasks."""
        return min(self._due.values(), default=None)
