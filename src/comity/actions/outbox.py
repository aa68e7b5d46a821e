"""The outbox: events recorded with the change they tell of, and the work that follows from them.

`record` is what every action calls. The rest is the pump's: it turns events into one row per reaction, and a reaction
with much to send turns itself into one row per target. How rows are leased and finished is `comity.actions.leases`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from weakref import WeakSet

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from comity.actions.rows import insert_row
from comity.actions.writing import database_alias, write_transaction
from comity.events import Event
from comity.models import Delivery, EventRecord, ReactionRecord, WorkState

__all__ = [
    "add_deliveries",
    "dispatch_events",
    "notify_when_recorded",
    "prune_events",
    "record",
    "tell_when_recorded",
]

ROWS_AT_ONCE = 500
"""Rows written or deleted in one transaction, so that no writer waits long for another."""


class Listener(Protocol):
    """What is told of a commit: a `threading.Event`, or a bell that other processes hear."""

    def set(self) -> None:
        """Something was recorded. Returns at once and raises nothing."""


_listeners: WeakSet[Listener] = WeakSet()
_hearers: list[Callable[[Event], None]] = []


def record(event: Event, *, now: datetime | None = None) -> None:
    """Record `event` in the caller's transaction, and wake this process's pump once that has committed."""
    insert_row(
        EventRecord(
            site_id=event.site_id,
            kind=event.kind,
            subjects={each.name: getattr(event, each.name) for each in fields(event) if each.name != "site_id"},
            recorded_at=now or timezone.now(),
        )
    )
    transaction.on_commit(_wake, using=database_alias(), robust=True)
    for hearer in _hearers:
        transaction.on_commit(partial(hearer, event), using=database_alias(), robust=True)


def notify_when_recorded(listener: Listener) -> None:
    """Have `listener` set whenever this process has committed an event. It is forgotten when nobody else keeps it."""
    _listeners.add(listener)


def tell_when_recorded(hearer: Callable[[Event], None]) -> None:
    """Have `hearer` called with each event that this process has committed, in the thread that wrote it. It returns at
    once and raises nothing."""
    _hearers.append(hearer)


def _wake() -> None:
    for listener in list(_listeners):
        listener.set()


def dispatch_events(reactions: Mapping[str, Collection[str]], now: datetime, batch: int) -> int:
    """Write the progress rows of up to `batch` new events; `reactions` maps each known kind to its reactions' names.

    Events of unknown kinds are left for a process that knows them: during an upgrade, old and new ones run together.

    Returns:
        How many events were dispatched.
    """
    with write_transaction(durable=False):
        events = (
            EventRecord.objects.select_for_update(skip_locked=True)
            .filter(dispatched=False, kind__in=reactions)
            .order_by("id")
            .values_list("id", "kind")[:batch]
        )
        found = list(events)
        ReactionRecord.objects.bulk_create(
            (
                ReactionRecord(event_id=event_id, reaction=name, due_at=now)
                for event_id, kind in found
                for name in reactions[kind]
            ),
            ignore_conflicts=True,
            batch_size=ROWS_AT_ONCE,
        )
        EventRecord.objects.filter(id__in=[event_id for event_id, _ in found]).update(dispatched=True)
    return len(found)


def add_deliveries(*, event_id: int, reaction: str, targets: Iterable[str], now: datetime) -> None:
    """Write one delivery row per target, in batches of their own; rows that are there already stay as they are.

    So a reaction that dies half-way through a long list starts again and nobody is written to twice.
    """
    batch: list[Delivery] = []
    for target in targets:
        batch.append(Delivery(event_id=event_id, reaction=reaction, target=target, due_at=now))
        if len(batch) == ROWS_AT_ONCE:
            _write_deliveries(batch)
            batch = []
    _write_deliveries(batch)


def _write_deliveries(batch: list[Delivery]) -> None:
    if batch:
        with write_transaction(durable=False):
            Delivery.objects.bulk_create(batch, ignore_conflicts=True)
    _wake()


def prune_events(now: datetime, *, keep: timedelta = timedelta(days=7)) -> int:
    """Delete events older than `keep` of which all work is done; what is parked stays until somebody looks at it.

    Returns:
        How many events were deleted.
    """
    total = 0
    old = EventRecord.objects.filter(
        ~Exists(ReactionRecord.objects.filter(event=OuterRef("pk")).exclude(state=WorkState.DONE)),
        ~Exists(Delivery.objects.filter(event=OuterRef("pk")).exclude(state=WorkState.DONE)),
        dispatched=True,
        recorded_at__lt=now - keep,
    ).order_by("id")
    while True:
        with write_transaction(durable=False):
            ids = list(old.values_list("id", flat=True)[:ROWS_AT_ONCE])
            EventRecord.objects.filter(id__in=ids).delete()
        total += len(ids)
        if len(ids) < ROWS_AT_ONCE:
            return total
