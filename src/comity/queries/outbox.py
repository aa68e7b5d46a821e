"""How the pump stands: what waits, what failed, when there is something to do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from django.db.models import Count, Min, Q

from comity.models import Delivery, EventRecord, ReactionRecord, WorkState

__all__ = ["FIRST_ATTEMPT_WITHIN", "Backlog", "ParkedWork", "backlog", "is_due", "next_work_at"]

FIRST_ATTEMPT_WITHIN = timedelta(minutes=1)
"""The longest delay before a first attempt. What has not been tried and lies further ahead was written before the
clock was set back."""


class ParkedWork(msgspec.Struct, frozen=True, kw_only=True):
    """A reaction or a delivery that failed too often. It names no person: ids and the failure's class alone."""

    id: int
    site_id: int
    event_kind: str
    reaction: str
    is_delivery: bool
    failure: str
    attempts: int
    due_at: datetime


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """What the pump has before it."""

    undispatched: int
    """Events whose reactions have not been written down yet."""
    waiting: int
    """Reactions and deliveries to be done, those in progress included."""
    failing: int
    """Those among them that have failed at least once."""
    parked: int
    oldest: timedelta
    """Age of the oldest event not dispatched or oldest work due; zero when there is none."""
    parked_work: tuple[ParkedWork, ...]
    """The newest of what is parked."""


def backlog(*, now: datetime, limit: int = 50) -> Backlog:
    """How the pump stands; `limit` bounds the parked work that is listed."""
    new = EventRecord.objects.filter(dispatched=False).aggregate(count=Count("id"), oldest=Min("recorded_at"))
    waiting, failing, parked = 0, 0, 0
    oldest = [new["oldest"]]
    listed: list[ParkedWork] = []
    for model in (ReactionRecord, Delivery):
        rows = model.objects.exclude(state=WorkState.DONE).aggregate(
            waiting=Count("id", filter=Q(state=WorkState.WAITING)),
            failing=Count("id", filter=Q(state=WorkState.WAITING) & ~Q(failure="")),
            parked=Count("id", filter=Q(state=WorkState.PARKED)),
            oldest=Min("due_at", filter=Q(state=WorkState.WAITING)),
        )
        waiting += rows["waiting"]
        failing += rows["failing"]
        parked += rows["parked"]
        oldest.append(rows["oldest"])
        listed += [
            ParkedWork(
                id=row.pk,
                site_id=row.event.site_id,
                event_kind=row.event.kind,
                reaction=row.reaction,
                is_delivery=model is Delivery,
                failure=row.failure,
                attempts=row.attempts,
                due_at=row.due_at,
            )
            for row in model.objects.filter(state=WorkState.PARKED).select_related("event").order_by("-id")[:limit]
        ]
    since = min((each for each in oldest if each is not None), default=now)
    return Backlog(
        undispatched=new["count"],
        waiting=waiting,
        failing=failing,
        parked=parked,
        oldest=max(now - since, timedelta(0)),
        parked_work=tuple(listed[:limit]),
    )


def is_due(now: datetime) -> Q:
    """What may be tried at `now`, unless somebody else has it."""
    return Q(due_at__lte=now) | _written_by_a_clock_ahead(now)


def _written_by_a_clock_ahead(now: datetime) -> Q:
    return Q(due_at__gt=now + FIRST_ATTEMPT_WITHIN, attempts=0)


def next_work_at(*, kinds: Collection[str], reactions: Collection[str], now: datetime) -> datetime | None:
    """When the pump next has something to do, as far as is known now: `now` or earlier when there is; None for never.

    A read, so that an idle pump never takes the write lock.
    """
    if EventRecord.objects.filter(dispatched=False, kind__in=kinds).exists():
        return now
    moments: list[datetime] = []
    for model in (ReactionRecord, Delivery):
        waiting = model.objects.filter(state=WorkState.WAITING, reaction__in=reactions)
        free = waiting.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now)).aggregate(at=Min("due_at"))["at"]
        leased = waiting.filter(leased_until__gt=now).aggregate(at=Min("leased_until"))["at"]
        moments += [each for each in (free, leased) if each is not None]
        if free is not None and free > now and waiting.filter(_written_by_a_clock_ahead(now)).exists():
            return now
    return min(moments, default=None)
