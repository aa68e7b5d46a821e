"""Leases on the pump's work: reactions, and the deliveries that reactions make.

A piece of work is leased, done, then finished or failed. The moment at which a lease ends is also its proof: whoever
let it lapse can no longer finish or fail the work, because somebody else may have it by now.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, Q

from comity.actions.writing import write_transaction
from comity.events import EVENTS, Event
from comity.models import Delivery, ReactionRecord, WorkState
from comity.queries.outbox import is_due

__all__ = [
    "LeasedWork",
    "fail_delivery",
    "fail_reaction",
    "finish_delivery",
    "finish_reaction",
    "lease_deliveries",
    "lease_reactions",
    "release_deliveries",
    "release_reactions",
    "retry_parked",
]

LEASE_LOST = "LeaseLost"
"""The failure noted for work whose processes died with it as often as it may be tried."""

_kinds = {each.kind: each for each in EVENTS}
_WorkModel = type[ReactionRecord] | type[Delivery]
_Work = TypeVar("_Work", ReactionRecord, Delivery)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedWork:
    """A reaction, or one delivery of it, that is this process's until `leased_until`."""

    id: int
    reaction: str
    event_id: int
    event: Event
    attempts: int
    """This one included."""
    leased_until: datetime
    target: str = ""
    """To whom, for a delivery."""


def lease_reactions(
    reactions: Collection[str], now: datetime, batch: int, lease_seconds: int, attempts_limit: int
) -> tuple[LeasedWork, ...]:
    """Lease up to `batch` of the named reactions that are due, those due longest first.

    An attempt counts when it is leased, so what kills its process is parked after `attempts_limit` like what raises.
    """
    return _lease(ReactionRecord, reactions, now, batch, lease_seconds, attempts_limit)


def lease_deliveries(
    reactions: Collection[str], now: datetime, batch: int, lease_seconds: int, attempts_limit: int
) -> tuple[LeasedWork, ...]:
    """Lease up to `batch` deliveries of the named reactions, as `lease_reactions` does."""
    return _lease(Delivery, reactions, now, batch, lease_seconds, attempts_limit)


def finish_reaction(work: LeasedWork) -> bool:
    """Note that a reaction is done. False when its lease was lost."""
    return _finish(ReactionRecord, work)


def finish_delivery(work: LeasedWork) -> bool:
    """Note that a delivery is done. False when its lease was lost."""
    return _finish(Delivery, work)


def fail_reaction(work: LeasedWork, *, failure: str, retry_at: datetime | None) -> bool:
    """Note the class of a reaction's failure; try again at `retry_at`, or park it. False when its lease was lost."""
    return _fail(ReactionRecord, work, failure, retry_at)


def fail_delivery(work: LeasedWork, *, failure: str, retry_at: datetime | None) -> bool:
    """Note the class of a delivery's failure, as `fail_reaction` does."""
    return _fail(Delivery, work, failure, retry_at)


def release_reactions(works: Sequence[LeasedWork]) -> None:
    """Give back reactions that were leased and not begun, as if they had not been."""
    _release(ReactionRecord, works)


def release_deliveries(works: Sequence[LeasedWork]) -> None:
    """Give back deliveries that were leased and not begun, as if they had not been."""
    _release(Delivery, works)


def retry_parked(now: datetime) -> int:
    """Put everything parked back to work with its attempts forgotten; the operator's move after a repair.

    Returns:
        How many reactions and deliveries that were.
    """
    again = {"state": WorkState.WAITING, "attempts": 0, "due_at": now, "leased_until": None}
    with write_transaction():
        return sum(model.objects.filter(state=WorkState.PARKED).update(**again) for model in (ReactionRecord, Delivery))


def _lease(
    model: type[_Work],
    reactions: Collection[str],
    now: datetime,
    batch: int,
    lease_seconds: int,
    attempts_limit: int,
) -> tuple[LeasedWork, ...]:
    until = now + timedelta(seconds=lease_seconds)
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    with write_transaction(durable=False):
        due = model.objects.filter(free, is_due(now), state=WorkState.WAITING, reaction__in=reactions)
        due.filter(attempts__gte=attempts_limit).update(state=WorkState.PARKED, failure=LEASE_LOST, leased_until=None)
        rows = list(
            due.select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .order_by("due_at", "id")[:batch]
        )
        model.objects.filter(id__in=[row.id for row in rows]).update(leased_until=until, attempts=F("attempts") + 1)
    return tuple(
        LeasedWork(
            id=row.id,
            reaction=row.reaction,
            event_id=row.event_id,
            event=_kinds[row.event.kind](site_id=row.event.site_id, **row.event.subjects),
            attempts=row.attempts + 1,
            leased_until=until,
            target=row.target if isinstance(row, Delivery) else "",
        )
        for row in rows
    )


def _finish(model: _WorkModel, work: LeasedWork) -> bool:
    with write_transaction(durable=False):
        changed = model.objects.filter(id=work.id, state=WorkState.WAITING, leased_until=work.leased_until).update(
            state=WorkState.DONE, leased_until=None, failure=""
        )
    return changed == 1


def _fail(model: _WorkModel, work: LeasedWork, failure: str, retry_at: datetime | None) -> bool:
    with write_transaction(durable=False):
        held = model.objects.filter(id=work.id, state=WorkState.WAITING, leased_until=work.leased_until)
        if retry_at is None:
            changed = held.update(state=WorkState.PARKED, leased_until=None, failure=failure[:100])
        else:
            changed = held.update(due_at=retry_at, leased_until=None, failure=failure[:100])
    return changed == 1


def _release(model: _WorkModel, works: Sequence[LeasedWork]) -> None:
    if not works:
        return
    with write_transaction(durable=False):
        held = model.objects.filter(
            id__in=[work.id for work in works],
            state=WorkState.WAITING,
            leased_until__in={work.leased_until for work in works},
        )
        held.update(leased_until=None, attempts=F("attempts") - 1)
