"""Forks that are killed by SIGKILL at one chosen point of their work.

A victim counts the points it passes: before and after each statement and each commit, before and after the request is
taken, answered, and each reaction run. At the one it was told, it dies; or a timer kills it wherever it happens to be,
in the middle of SQLite's or libpq's own code too. A fork, since its parent has loaded everything: thousands can die.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, connections

from comity.events import Event
from comity.worker.reactions import Reaction, Spread

__all__ = ["KILLED", "TIMER", "Answer", "Ending", "Points", "Victim", "leave_database", "watched"]

TIMER = -signal.SIGALRM
KILLED = -signal.SIGKILL

Answer = dict[str, Any]
Table = Mapping[type[Event], tuple[Reaction | Spread, ...]]


class Points:
    """The points that a victim passes, and the one at which it dies."""

    def __init__(self, telling: int, kill_at: int | None) -> None:
        self._telling = telling
        self._kill_at = kill_at
        self.passed = 0

    def reach(self, place: str) -> None:
        """One more point; the last one, if it is the chosen one."""
        self.passed += 1
        if self.passed == self._kill_at:
            self.tell(at=place)
            os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, **what: Any) -> None:
        """Say something to whoever watches; what is written to a pipe outlives the writer."""
        os.write(self._telling, json.dumps(what).encode() + b"\n")

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Count every statement and every commit of this process's connection."""
        commit = connection._commit

        def watched_commit() -> None:
            self.reach("before a commit")
            commit()
            self.reach("after a commit")

        def statement(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
            where = "in a transaction" if connection.in_atomic_block else "outside"
            self.reach(f"before a statement {where}")
            done = execute(sql, parameters, many, context)
            self.reach(f"after a statement {where}")
            return done

        connection._commit = watched_commit
        with connection.execute_wrapper(statement):
            yield


@dataclass
class Ending:
    """What became of a victim."""

    status: int
    """0, or minus the signal that it died of."""
    place: str = ""
    points: int = 0
    answer: Answer | None = None
    """What it had acknowledged before it died."""


class Victim:
    """A fork that does some work, and may be told where to die.

    Args:
        kill_at: the number of the point at which it dies.
        within: seconds after which it dies, wherever it is; 0 for never.
        late: done after the answer; only who is careless has something to do then.
    """

    def __init__(
        self,
        work: Callable[[Points], Answer],
        *,
        kill_at: int | None = None,
        within: float = 0.0,
        late: Callable[[], None] | None = None,
    ) -> None:
        reading, telling = os.pipe()
        sys.stdout.flush()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(reading)
            self._be(Points(telling, kill_at), work, within, late)
        os.close(telling)
        self._reading = reading

    @staticmethod
    def _be(points: Points, work: Callable[[Points], Answer], within: float, late: Callable[[], None] | None) -> None:
        try:
            if within:
                signal.signal(signal.SIGALRM, signal.SIG_DFL)  # nothing of Python's own runs: as sudden as SIGKILL
                signal.setitimer(signal.ITIMER_REAL, within)
            with points.watch():
                points.reach("before it is taken")
                answer = work(points)
                points.reach("before the answer")
                points.tell(answer=answer)
                points.reach("after the answer")
                if late is not None:
                    late()
                points.tell(points=points.passed)
        except BaseException:  # noqa: BLE001 - a fork never goes back into its parent's code
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def end(self) -> Ending:
        """Wait for it."""
        with os.fdopen(self._reading) as told:
            lines = [json.loads(line) for line in told if line.endswith("\n")]
        ending = Ending(os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1]))
        for line in lines:
            ending.place = line.get("at", ending.place)
            ending.points = line.get("points", ending.points)
            ending.answer = line.get("answer", ending.answer)
        return ending


def watched(table: Table, points: Points) -> Table:
    """The same reactions, with a point before and after each."""

    def around(reaction: Reaction | Spread) -> Reaction | Spread:
        if isinstance(reaction, Spread):
            deliver = reaction.deliver

            def watched_delivery(event: Event, target: str, now: datetime) -> None:
                points.reach(f"before {reaction.name}")
                deliver(event, target, now)
                points.reach(f"after {reaction.name}")

            return Spread(reaction.name, reaction.targets, watched_delivery, reaction.delay, reaction.is_wanted)
        run = reaction.run

        def watched_run(event: Event, now: datetime) -> None:
            points.reach(f"before {reaction.name}")
            run(event, now)
            points.reach(f"after {reaction.name}")

        return Reaction(reaction.name, watched_run, reaction.is_wanted)

    return {kind: tuple(around(each) for each in then) for kind, then in table.items()}


def leave_database() -> None:
    """Close every connection: none may be shared with a fork."""
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()
