"""Promises broken on purpose, to show that the accounts of killed processes see it. Each changes this process for good.

Each returns what is to be done after an answer was given, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from comity.actions import comments, leases, outbox, receipts
from comity.events import Event
from comity.worker import pump

__all__ = ["answer_before_the_commit", "finish_before_the_reaction", "keep_receipts_later", "tell_later"]

Late = Callable[[], None] | None


def answer_before_the_commit() -> Late:
    """A comment is acknowledged, then committed."""
    open_ones: list[transaction.Atomic] = []

    @contextmanager
    def careless(**_: Any) -> Iterator[None]:
        block = transaction.atomic()
        block.__enter__()
        open_ones.append(block)
        yield

    def commit() -> None:
        while open_ones:
            open_ones.pop().__exit__(None, None, None)

    comments.write_transaction = careless  # type: ignore[assignment]  # the promise that is broken on purpose
    return commit


def tell_later() -> Late:
    """The event is recorded when its change has committed, in a transaction of its own."""
    record = outbox.record

    def careless(event: Event, **named: Any) -> None:
        transaction.on_commit(lambda: record(event, **named))

    outbox.record = careless
    return None


def keep_receipts_later() -> Late:
    """What a repeat is known by is kept when the comment has committed."""
    keep = receipts.write_receipts

    def careless(*given: Any, **named: Any) -> None:
        transaction.on_commit(lambda: keep(*given, **named))

    receipts.write_receipts = careless
    return None


def finish_before_the_reaction() -> Late:
    """Work counts as done when it begins."""
    react = pump.Pump._react

    def careless(self: pump.Pump, work: leases.LeasedWork, now: Any) -> None:
        leases.finish_reaction(work)
        react(self, work, now)

    pump.Pump._react = careless  # type: ignore[method-assign]  # the promise that is broken on purpose
    return None
