"""Events become progress rows; rows are leased, finished, failed, given back, and taken over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from comity.actions import leases, outbox
from comity.events import CommentPosted, VoteCast
from comity.models import Delivery, EventRecord, ReactionRecord, WorkState
from tests.worker.conftest import Clock

pytestmark = [pytest.mark.database, pytest.mark.django_db]

Happen = Callable[..., int]
NAMES = ("first", "second")
TABLE = {"comment_posted": NAMES, "vote_cast": ()}


def lease(clock: Clock, *, batch: int = 10, attempts: int = 3) -> tuple[leases.LeasedWork, ...]:
    return leases.lease_reactions(NAMES, clock.now, batch, 60, attempts)


def test_an_event_is_stored_with_ids_and_comes_back_as_it_was(happen: Happen, site_id: int, clock: Clock) -> None:
    happen(comment_id=11)
    assert EventRecord.objects.get().subjects == {"story_id": 3, "comment_id": 11}
    assert outbox.dispatch_events(TABLE, clock.now, 10) == 1
    works = lease(clock)
    assert {work.reaction for work in works} == set(NAMES)
    assert {work.event for work in works} == {CommentPosted(site_id=site_id, story_id=3, comment_id=11)}


def test_an_event_of_a_rolled_back_change_never_was(happen: Happen) -> None:
    with transaction.atomic():
        happen()
        transaction.set_rollback(True)
    assert not EventRecord.objects.exists()


def test_dispatching_twice_writes_no_row_twice(happen: Happen, clock: Clock) -> None:
    happen()
    outbox.dispatch_events(TABLE, clock.now, 10)
    EventRecord.objects.update(dispatched=False)
    outbox.dispatch_events(TABLE, clock.now, 10)
    assert ReactionRecord.objects.count() == 2


def test_an_event_without_reactions_is_dispatched_and_unknown_ones_are_left(
    happen: Happen, site_id: int, clock: Clock
) -> None:
    known = happen(VoteCast(site_id=site_id, story_id=3, comment_id=1))
    newer = happen()
    EventRecord.objects.filter(pk=newer).update(kind="of_a_newer_release")
    assert outbox.dispatch_events(TABLE, clock.now, 10) == 1
    assert list(EventRecord.objects.filter(dispatched=True).values_list("pk", flat=True)) == [known]


def test_reactions_of_a_newer_release_are_left_to_it(happen: Happen, clock: Clock) -> None:
    happen()
    outbox.dispatch_events({"comment_posted": ("first", "of_a_newer_release")}, clock.now, 10)
    assert [work.reaction for work in lease(clock)] == ["first"]


def test_leased_work_is_nobody_elses_until_the_lease_ends(happen: Happen, clock: Clock) -> None:
    happen()
    outbox.dispatch_events(TABLE, clock.now, 10)
    assert len(lease(clock)) == 2
    assert lease(clock) == ()
    clock.forward(seconds=59)
    assert lease(clock) == ()
    clock.forward(seconds=1)
    assert [work.attempts for work in lease(clock)] == [2, 2]


def test_who_lost_the_lease_can_neither_finish_nor_fail(happen: Happen, clock: Clock) -> None:
    happen()
    outbox.dispatch_events(TABLE, clock.now, 10)
    (slow, _) = lease(clock)
    clock.forward(seconds=61)
    again = {work.id: work for work in lease(clock)}
    assert not leases.finish_reaction(slow)
    assert not leases.fail_reaction(slow, failure="Slow", retry_at=None)
    assert leases.finish_reaction(again[slow.id])
    assert not leases.fail_reaction(again[slow.id], failure="Late", retry_at=None)
    assert ReactionRecord.objects.get(pk=slow.id).state == WorkState.DONE


def test_failing_work_comes_back_when_it_is_due_and_parked_work_never(happen: Happen, clock: Clock) -> None:
    happen()
    outbox.dispatch_events(TABLE, clock.now, 10)
    first, second = lease(clock)
    leases.fail_reaction(first, failure="ValueError", retry_at=clock.now + timedelta(seconds=5))
    leases.fail_reaction(second, failure="ValueError", retry_at=None)
    assert lease(clock) == ()
    clock.forward(seconds=5)
    assert [work.id for work in lease(clock)] == [first.id]
    clock.forward(days=30)
    assert [work.id for work in lease(clock)] == [first.id]


def test_work_that_kills_its_process_is_parked_in_the_end(happen: Happen, clock: Clock) -> None:
    happen()
    outbox.dispatch_events({"comment_posted": ("first",)}, clock.now, 10)
    for attempt in (1, 2, 3):
        assert [work.attempts for work in lease(clock)] == [attempt]
        clock.forward(seconds=61)
    assert lease(clock) == ()
    row = ReactionRecord.objects.get()
    assert (row.state, row.failure) == (WorkState.PARKED, "LeaseLost")
    assert leases.retry_parked(clock.now) == 1
    assert [work.attempts for work in lease(clock)] == [1]


def test_work_given_back_was_never_tried(happen: Happen, clock: Clock) -> None:
    happen()
    outbox.dispatch_events(TABLE, clock.now, 10)
    leases.release_reactions(lease(clock))
    assert [work.attempts for work in lease(clock)] == [1, 1]


def test_deliveries_are_unique_and_leased_alone(happen: Happen, clock: Clock) -> None:
    event_id = happen()
    targets = [f"target-{number}" for number in range(1203)]
    for written in (targets[:700], targets):  # a reaction that died on its way and began again
        outbox.add_deliveries(event_id=event_id, reaction="first", targets=iter(written), now=clock.now)
    assert Delivery.objects.count() == 1203
    (one,) = leases.lease_deliveries(NAMES, clock.now, 1, 60, 3)
    (other,) = leases.lease_deliveries(NAMES, clock.now, 1, 60, 3)
    assert one.target != other.target
    assert leases.fail_delivery(one, failure="Refused", retry_at=clock.now)
    assert leases.finish_delivery(other)
    (again,) = leases.lease_deliveries(NAMES, clock.now, 1, 60, 3)
    assert (again.id, again.attempts) == (one.id, 2)
    leases.release_deliveries([again])
    assert Delivery.objects.get(pk=one.id).attempts == 1


def test_only_what_is_done_and_old_is_pruned(happen: Happen, clock: Clock) -> None:
    done, parked, waiting, undispatched = happen(), happen(), happen(), happen()
    outbox.dispatch_events({"comment_posted": ("first",)}, clock.now, 3)
    for event_id, state in ((done, WorkState.DONE), (parked, WorkState.PARKED), (waiting, WorkState.WAITING)):
        ReactionRecord.objects.filter(event_id=event_id).update(state=state)
    sending = happen()
    outbox.dispatch_events({"comment_posted": ()}, clock.now, 10)
    EventRecord.objects.filter(pk=undispatched).update(dispatched=False)
    outbox.add_deliveries(event_id=sending, reaction="first", targets=["someone"], now=clock.now)
    clock.forward(days=6)
    assert outbox.prune_events(clock.now) == 0
    clock.forward(days=2)
    assert outbox.prune_events(clock.now) == 1
    assert set(EventRecord.objects.values_list("pk", flat=True)) == {parked, waiting, undispatched, sending}
