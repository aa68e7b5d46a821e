"""The pump: every reaction of every event, once if all goes well, again when it does not."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity import signals
from comity.actions import leases, outbox
from comity.actions.leases import LeasedWork
from comity.events import EVENTS, CommentDecided, CommentPosted, Event, StorySaved, VoteCast
from comity.models import Delivery, EventRecord, PostingReceipt, ReactionRecord, WorkState
from comity.queries.outbox import FIRST_ATTEMPT_WITHIN, backlog, next_work_at
from comity.worker.pump import Pump
from comity.worker.reactions import REACTIONS, Reaction, Spread
from comity.worker.schedule import UPKEEP, Schedule, Upkeep
from tests.worker.conftest import Clock

pytestmark = [pytest.mark.database, pytest.mark.django_db]

Happen = Callable[..., int]


class Killed(BaseException):
    """Stands for a process that ends in the middle of something."""


def pump_of(clock: Clock, *runs: Callable[[Event, datetime], None], attempts: int = 3, **more: object) -> Pump:
    reactions = tuple(Reaction(f"reaction_{number}", run) for number, run in enumerate(runs))
    given = {"upkeep": (), "chance": lambda: 0.0, **more}
    return Pump({CommentPosted: reactions}, clock=clock, attempts=attempts, **given)  # type: ignore[arg-type]  # passed through


def until_idle(pump: Pump) -> None:
    for _ in range(100):
        if not pump.run_once():
            return
    raise AssertionError("the pump never came to rest")


def test_every_reaction_of_every_event_runs_once(happen: Happen, clock: Clock) -> None:
    heard: list[tuple[str, int]] = []

    def first(event: Event, now: datetime) -> None:
        assert isinstance(event, CommentPosted)
        heard.append(("first", event.comment_id))

    def second(event: Event, now: datetime) -> None:
        assert isinstance(event, CommentPosted)
        heard.append(("second", event.comment_id))

    for number in range(5):
        happen(comment_id=number)
    until_idle(pump_of(clock, first, second, batch=3))
    assert sorted(heard) == [(name, number) for name in ("first", "second") for number in range(5)]
    assert set(ReactionRecord.objects.values_list("state", flat=True)) == {WorkState.DONE}


def test_a_crash_repeats_the_one_in_flight_and_nothing_else(happen: Happen, clock: Clock) -> None:
    heard: list[int] = []
    crashing = True

    def run(event: Event, now: datetime) -> None:
        assert isinstance(event, CommentPosted)
        heard.append(event.comment_id)
        if crashing and event.comment_id == 1:
            raise Killed

    for number in range(3):
        happen(comment_id=number)
    pump = pump_of(clock, run)
    with pytest.raises(Killed):
        pump.run_once()
    crashing = False
    until_idle(pump)
    assert heard == [0, 1]
    clock.forward(seconds=61)
    until_idle(pump)
    assert heard == [0, 1, 1, 2]


def test_one_failing_reaction_holds_up_no_other_and_comes_back_later_each_time(
    happen: Happen, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[datetime] = []
    heard: list[datetime] = []

    def fail(event: Event, now: datetime) -> None:
        tried.append(now)
        raise ValueError("someone@example.org said something")

    happen()
    pump = pump_of(clock, fail, lambda event, now: heard.append(now), attempts=3)
    start = clock.now
    with caplog.at_level(logging.INFO):
        until_idle(pump)
        for _ in range(40):
            clock.forward(seconds=1)
            until_idle(pump)
    assert len(heard) == 1
    assert [moment - start for moment in tried] == [timedelta(0), timedelta(seconds=5), timedelta(seconds=15)]
    row = ReactionRecord.objects.get(state=WorkState.PARKED)
    assert (row.failure, row.attempts) == ("ValueError", 3)
    assert "ValueError" in caplog.text
    assert "example.org" not in caplog.text


def test_the_backlog_tells_what_waits_and_what_is_parked(happen: Happen, clock: Clock) -> None:
    def fail(event: Event, now: datetime) -> None:
        raise KeyError

    happen()
    pump = pump_of(clock, fail, attempts=2)
    until_idle(pump)
    clock.forward(seconds=2)
    found = backlog(now=clock.now)
    assert (found.undispatched, found.waiting, found.failing, found.parked) == (0, 1, 1, 0)
    clock.forward(seconds=3)
    until_idle(pump)
    happen()
    clock.forward(seconds=9)
    found = backlog(now=clock.now)
    assert (found.undispatched, found.waiting, found.failing, found.parked) == (1, 0, 0, 1)
    assert found.oldest == timedelta(seconds=9)
    (parked,) = found.parked_work
    assert (parked.event_kind, parked.reaction, parked.failure) == ("comment_posted", "reaction_0", "KeyError")
    leases.retry_parked(clock.now)
    assert backlog(now=clock.now).parked == 0


def test_the_next_work_is_known_without_writing(
    happen: Happen, clock: Clock, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    asked = {"kinds": ["comment_posted"], "reactions": ["reaction_0"]}
    assert next_work_at(**asked, now=clock.now) is None
    happen()
    assert next_work_at(**asked, now=clock.now) == clock.now
    outbox.dispatch_events({"comment_posted": ["reaction_0"]}, clock.now, 10)
    (work,) = leases.lease_reactions(["reaction_0"], clock.now, 10, 60, 3)
    assert next_work_at(**asked, now=clock.now) == work.leased_until
    leases.fail_reaction(work, failure="ValueError", retry_at=clock.now + timedelta(seconds=5))
    assert next_work_at(**asked, now=clock.now) == clock.now + timedelta(seconds=5)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(4)), st.lists(st.sampled_from(["run", "crash", "fail", "wait"]), max_size=12))
def test_in_whatever_order_and_through_whatever_faults_all_is_done(
    happen: Happen, clock: Clock, order: list[int], faults: list[str]
) -> None:
    """A reaction that reads the current state ends up with it, whatever came in between."""
    EventRecord.objects.all().delete()
    fault = ""
    done: set[int] = set()

    def run(event: Event, now: datetime) -> None:
        assert isinstance(event, CommentPosted)
        if fault == "crash":
            raise Killed
        if fault == "fail":
            raise OSError
        done.add(event.comment_id)

    pump = pump_of(clock, run, attempts=100, batch=2)
    for number, fault in zip(order, faults + ["run"] * 4, strict=False):
        happen(comment_id=number)
        if fault != "wait":
            try:
                pump.run_once()
            except Killed:
                clock.forward(seconds=61)
    fault = ""
    for _ in range(20):
        clock.forward(hours=2)
        until_idle(pump)
    assert done == set(order)
    assert not ReactionRecord.objects.exclude(state=WorkState.DONE).exists()


def test_deliveries_are_sent_one_by_one(happen: Happen, clock: Clock) -> None:
    sent: list[str] = []
    broken = {"b"}

    def fan_out(event: Event, now: datetime) -> None:
        newest = EventRecord.objects.get()
        outbox.add_deliveries(event_id=newest.pk, reaction="reaction_0", targets="abc", now=now)

    def deliver(work: LeasedWork, now: datetime) -> None:
        if work.target in broken:
            raise ConnectionError
        sent.append(work.target)

    happen()
    pump = pump_of(clock, fan_out, deliveries={"reaction_0": deliver})
    until_idle(pump)
    assert sent == ["a", "c"]
    broken.clear()
    clock.forward(seconds=5)
    until_idle(pump)
    assert sent == ["a", "c", "b"]
    assert not Delivery.objects.exclude(state=WorkState.DONE).exists()


def test_the_table_knows_every_event_and_every_name_once() -> None:
    assert set(REACTIONS) == set(EVENTS)
    names: dict[str, Callable[[Event, datetime], None]] = {}
    for reaction in (each for then in REACTIONS.values() for each in then):
        assert names.setdefault(reaction.name, reaction.run) is reaction.run


@pytest.fixture
def listeners() -> Iterator[list[dict[str, object]]]:
    """What the host heard, by listeners on all five signals."""
    heard: list[dict[str, object]] = []

    def listen(*, signal: object, sender: object, **details: object) -> None:
        heard.append({"sender": sender, **details})

    names = [getattr(signals, name) for name in signals.__all__]
    for each in names:
        each.connect(listen)
    yield heard
    for each in names:
        each.disconnect(listen)


def test_the_host_hears_of_what_happened_by_ids(
    happen: Happen, clock: Clock, site_id: int, listeners: list[dict[str, object]]
) -> None:
    happen(StorySaved(site_id=site_id, story_id=3))
    happen(CommentDecided(site_id=site_id, story_id=3, comment_id=5, decision_id=9))
    happen(VoteCast(site_id=site_id, story_id=3, comment_id=5))
    assert listeners == []
    until_idle(Pump(clock=clock, upkeep=()))
    assert listeners == [
        {"sender": None, "site_id": site_id, "story_id": 3},
        {"sender": None, "site_id": site_id, "story_id": 3, "comment_id": 5, "decision_id": 9},
    ]


def test_a_failing_listener_silences_no_other_and_is_told_again(
    happen: Happen, clock: Clock, listeners: list[dict[str, object]]
) -> None:
    broken = True

    def break_once(**details: object) -> None:
        nonlocal broken
        if broken:
            broken = False
            raise RuntimeError

    signals.comment_posted.connect(break_once)
    try:
        happen()
        pump = Pump(clock=clock, upkeep=(), chance=lambda: 0.0)
        until_idle(pump)
        assert len(listeners) == 1
        clock.forward(seconds=5)
        until_idle(pump)
        assert len(listeners) == 2
    finally:
        signals.comment_posted.disconnect(break_once)


def test_upkeep_runs_on_its_times_and_one_fault_stops_nothing(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    ran: list[tuple[str, datetime]] = []

    def fail(now: datetime) -> None:
        raise OperationalError

    pump = pump_of(
        clock,
        upkeep=(
            Upkeep("broken", timedelta(minutes=1), fail),
            Upkeep("often", timedelta(minutes=1), lambda now: ran.append(("often", now))),
            Upkeep("seldom", timedelta(minutes=2), lambda now: ran.append(("seldom", now))),
        ),
    )
    start = clock.now
    assert pump.run_once() == 0
    for _ in range(2):
        clock.forward(minutes=1)
        pump.run_once()
    assert [(name, moment - start) for name, moment in ran] == [
        ("often", timedelta(minutes=1)),
        ("often", timedelta(minutes=2)),
        ("seldom", timedelta(minutes=2)),
    ]
    assert "broken failed: OperationalError" in caplog.text


def test_the_upkeep_of_the_app_runs(clock: Clock) -> None:
    pump = pump_of(clock, upkeep=UPKEEP)
    clock.forward(days=1)
    assert pump.run_once() == len(UPKEEP)
    assert not PostingReceipt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_thread_hears_at_once_and_stops_within_a_second(happen: Happen, clock: Clock) -> None:
    heard = threading.Event()
    pump = pump_of(clock, lambda event, now: heard.set())
    pump.start()
    try:
        happen()
        assert heard.wait(20)
    finally:
        assert pump.stop()
    heard.clear()
    happen()
    assert EventRecord.objects.filter(dispatched=False).count() == 1
    assert not heard.is_set()


@pytest.mark.django_db(transaction=True)
def test_a_stop_gives_back_what_was_not_begun(happen: Happen, clock: Clock) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def run(event: Event, now: datetime) -> None:
        begun.set()
        assert go_on.wait(20)

    for number in range(3):
        happen(comment_id=number)
    pump = pump_of(clock, run)
    pump.start()
    assert begun.wait(20)
    assert not pump.stop(timeout=0.01)
    (thread,) = [each for each in threading.enumerate() if each.name.startswith("comity-pump")]
    go_on.set()
    thread.join(20)
    assert sorted(ReactionRecord.objects.values_list("state", "attempts", "leased_until")) == [
        ("done", 1, None),
        ("waiting", 0, None),
        ("waiting", 0, None),
    ]


def test_a_clock_set_back_holds_up_nothing_that_was_not_yet_tried(happen: Happen, clock: Clock) -> None:
    heard: list[Event] = []
    pump = pump_of(clock, lambda event, _: heard.append(event))
    happen()
    assert outbox.dispatch_events({"comment_posted": ["reaction_0"]}, clock.now, 10) == 1
    clock.forward(hours=-1)
    assert next_work_at(kinds=["comment_posted"], reactions=["reaction_0"], now=clock.now) == clock.now
    until_idle(pump)
    happen()
    until_idle(pump)
    assert len(heard) == 2
    assert set(ReactionRecord.objects.values_list("state", flat=True)) == {WorkState.DONE}


def test_no_delivery_is_delayed_so_long_that_it_looks_like_a_clock_set_back() -> None:
    Spread("write_letters", lambda _: (), lambda *_: None, delay=FIRST_ATTEMPT_WITHIN)
    with pytest.raises(ValueError, match="write_letters"):
        Spread("write_letters", lambda _: (), lambda *_: None, delay=FIRST_ATTEMPT_WITHIN + timedelta(seconds=1))


def test_a_lease_outlives_a_clock_set_back(happen: Happen, clock: Clock) -> None:
    """Whoever holds it is not overtaken, and may finish."""
    happen()
    outbox.dispatch_events({"comment_posted": ["reaction_0"]}, clock.now, 10)
    (work,) = leases.lease_reactions(["reaction_0"], clock.now, 10, 60, 3)
    clock.forward(hours=-1)
    assert leases.lease_reactions(["reaction_0"], clock.now, 10, 60, 3) == ()
    assert leases.finish_reaction(work)


def test_upkeep_goes_on_after_a_clock_set_back(clock: Clock) -> None:
    done: list[datetime] = []
    schedule = Schedule([Upkeep("tidy", timedelta(minutes=10), done.append)], clock.now)
    clock.forward(hours=-1)
    assert [task.name for task in schedule.take_due(clock.now)] == ["tidy"]
    assert schedule.take_due(clock.now) == ()
    assert len(schedule.take_due(clock.forward(minutes=10))) == 1
