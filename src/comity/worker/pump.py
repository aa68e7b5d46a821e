"""The pump: does what follows from events, in a thread beside the server or in a process of its own."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from django.db import Error as DatabaseFailure
from django.db import connections

from comity import conf
from comity.actions import leases, outbox
from comity.actions.leases import LeasedWork
from comity.events import Event
from comity.queries.outbox import next_work_at
from comity.rules.refusals import Refusal
from comity.rules.retries import next_attempt
from comity.worker.reactions import Reaction, Spread, reactions_in_force
from comity.worker.schedule import UPKEEP, Schedule, Upkeep

__all__ = ["Pump"]

logger = logging.getLogger("comity.pump")

SHORTEST_SLEEP = 0.1
LONGEST_SLEEP = 2.0
GATHER_SECONDS = 0.05
"""Seconds between looks at the table for what other processes wrote; the sleep doubles while there is nothing."""


def _drop_dead_connections() -> None:
    """Close connections past their time or broken; within somebody's transaction they are not the pump's to close."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _deliverer(spread: Spread) -> Callable[[LeasedWork, datetime], None]:
    return lambda work, now: spread.deliver(work.event, work.target, now)


class Pump:
    """Turns events into reactions and runs them.

    Args:
        reactions: what follows from each kind of event; None for the table of `worker.reactions`.
        deliveries: by the name of the reaction that wrote them, what sends one delivery.
        upkeep: tasks done by the clock.
        clock: the time now, in UTC.
        chance: a random number, 0 to 1, that spreads retries.
        batch, lease_seconds, attempts: see `comity.conf`; None for what is configured.
        threads: how many threads `start` begins.
    """

    def __init__(
        self,
        reactions: Mapping[type[Event], Sequence[Reaction | Spread]] | None = None,
        *,
        deliveries: Mapping[str, Callable[[LeasedWork, datetime], None]] | None = None,
        upkeep: Sequence[Upkeep] = UPKEEP,
        clock: Callable[[], datetime] = _utc_now,
        chance: Callable[[], float] = random.random,
        batch: int | None = None,
        lease_seconds: int | None = None,
        attempts: int | None = None,
        threads: int = 1,
    ) -> None:
        settings = conf.current()
        reactions = reactions_in_force() if reactions is None else reactions
        self._reactions = {kind.kind: tuple(then) for kind, then in reactions.items()}
        self._runs = {each.name: each for then in reactions.values() for each in then}
        spreads = {name: each for name, each in self._runs.items() if isinstance(each, Spread)}
        self._deliver = {**{name: _deliverer(each) for name, each in spreads.items()}, **(deliveries or {})}
        self._clock = clock
        self._chance = chance
        self._batch = settings.pump_batch if batch is None else batch
        self._lease_seconds = settings.pump_lease_seconds if lease_seconds is None else lease_seconds
        self._attempts = settings.pump_attempts if attempts is None else attempts
        self._schedule = Schedule(upkeep, clock())
        self._schedule_guard = threading.Lock()
        self._thread_count = threads
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._woken = threading.Event()

    def run_once(self) -> int:
        """Dispatch one batch of events, run one batch of reactions and one of deliveries, and what upkeep is due.

        Returns:
            How much was done; 0 when there was nothing to do.
        """
        now = self._clock()
        done = self._run_upkeep(now)
        due = next_work_at(kinds=self._reactions, reactions=self._runs, now=now)
        if due is None or due > now:
            return done
        done += outbox.dispatch_events(self._wanted(), now, self._batch)
        limits = (self._batch, self._lease_seconds, self._attempts)
        done += self._run_all(
            leases.lease_reactions(self._runs, now, *limits),
            run=self._react,
            finish=leases.finish_reaction,
            fail=leases.fail_reaction,
            release=leases.release_reactions,
        )
        if self._deliver:
            done += self._run_all(
                leases.lease_deliveries(self._deliver, now, *limits),
                run=lambda work, at: self._deliver[work.reaction](work, at),
                finish=leases.finish_delivery,
                fail=leases.fail_delivery,
                release=leases.release_deliveries,
            )
        return done

    def _react(self, work: LeasedWork, now: datetime) -> None:
        reaction = self._runs[work.reaction]
        if isinstance(reaction, Spread):
            outbox.add_deliveries(
                event_id=work.event_id,
                reaction=reaction.name,
                targets=reaction.targets(work.event),
                now=now + reaction.delay,
            )
        else:
            reaction.run(work.event, now)

    def _wanted(self) -> Mapping[str, Sequence[str]]:
        """By kind of event, the names of the reactions that follow now."""
        return {kind: tuple(each.name for each in then if each.is_wanted()) for kind, then in self._reactions.items()}

    def start(self) -> None:
        """Begin working in threads of this process."""
        if self._threads:
            return
        self._stopping.clear()
        outbox.notify_when_recorded(self._woken)
        self._threads = [
            threading.Thread(target=self._work, name=f"comity-pump-{number}", daemon=True)
            for number in range(self._thread_count)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 1.0) -> bool:
        """Stop after the reaction in flight. What was leased and not begun is given back.

        Returns:
            Whether every thread ended within `timeout` seconds; one that did not dies with the process, and its work is
            taken up elsewhere when its lease ends.
        """
        self._stopping.set()
        self._woken.set()
        for thread in self._threads:
            thread.join(timeout / len(self._threads))
        ended = not any(thread.is_alive() for thread in self._threads)
        self._threads = []
        return ended

    def _work(self) -> None:
        sleep = SHORTEST_SLEEP
        try:
            while True:
                self._woken.clear()
                if self._stopping.is_set():  # after clearing, so that a stop is never slept over
                    break
                _drop_dead_connections()
                try:
                    done = self.run_once()
                except (DatabaseFailure, Refusal) as failure:
                    # Locked or away: whatever was leased falls due again, so that waiting is all there is to do.
                    logger.warning("The pump has no database: %s", type(failure).__name__)
                    connections.close_all()
                    done, sleep = 0, LONGEST_SLEEP
                except Exception as failure:  # noqa: BLE001 - the thread outlives whatever it meets
                    logger.critical("The pump met %s", type(failure).__name__)
                    done, sleep = 0, LONGEST_SLEEP
                if done:
                    # Under load, what comes within this time is done in one go: a look at the table for each comment
                    # would cost as much as taking it in.
                    self._stopping.wait(GATHER_SECONDS)
                _drop_dead_connections()  # before the pause too: a pool's connection is not kept through it
                sleep = SHORTEST_SLEEP if done or self._woken.wait(sleep) else min(sleep * 2, LONGEST_SLEEP)
        finally:
            connections.close_all()

    def _run_upkeep(self, now: datetime) -> int:
        with self._schedule_guard:
            due = self._schedule.take_due(now)
        for task in due:
            try:
                task.run(now)
            except Exception as failure:  # noqa: BLE001 - one task's fault must not stop reactions or the other tasks
                logger.warning("Upkeep %s failed: %s", task.name, type(failure).__name__)
                _drop_dead_connections()
        return len(due)

    def _run_all(
        self,
        works: Sequence[LeasedWork],
        *,
        run: Callable[[LeasedWork, datetime], None],
        finish: Callable[[LeasedWork], bool],
        fail: Callable[..., bool],
        release: Callable[[Sequence[LeasedWork]], None],
    ) -> int:
        for position, work in enumerate(works):
            now = self._clock()
            if self._stopping.is_set() or now >= work.leased_until:
                release(works[position:])
                return position
            try:
                run(work, now)
            except Exception as failure:  # noqa: BLE001 - whatever a reaction raises is noted, retried, then parked
                name = type(failure).__name__
                _drop_dead_connections()
                retry_at = next_attempt(
                    attempts=work.attempts, limit=self._attempts, now=self._clock(), jitter=self._chance()
                )
                log = logger.error if retry_at is None else logger.warning
                log("%s %d failed, attempt %d: %s", work.reaction, work.id, work.attempts, name)
                fail(work, failure=name, retry_at=retry_at)
            else:
                finish(work)
        return len(works)
