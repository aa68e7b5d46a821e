"""Request counts in a table, through the strategies of the `limits` library."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, SlidingWindowCounterRateLimiter

from comity.actions.limits import TableStorage, prune_counters
from comity.models import LimitCounter

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC).timestamp()


class Seconds:
    """Unix time, moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def storage(clock: Seconds) -> TableStorage:
    made = storage_from_string("comity+table://", clock=clock)  # type: ignore[arg-type]  # ours takes a clock
    assert isinstance(made, TableStorage)
    return made


def test_a_window_fills_and_begins_again(storage: TableStorage, clock: Seconds) -> None:
    limiter, limit = FixedWindowRateLimiter(storage), parse("3/minute")
    assert [limiter.hit(limit, "post", "device-1") for _ in range(4)] == [True, True, True, False]
    assert limiter.hit(limit, "post", "device-2")
    assert limiter.get_window_stats(limit, "post", "device-1").reset_time == NOON + 60
    clock.now += 59.9
    assert not limiter.test(limit, "post", "device-1")
    clock.now += 0.2
    assert limiter.hit(limit, "post", "device-1")


def test_a_sliding_window_forgets_little_by_little(storage: TableStorage, clock: Seconds) -> None:
    limiter, limit = SlidingWindowCounterRateLimiter(storage), parse("4/minute")
    assert [limiter.hit(limit, "a") for _ in range(5)] == [True] * 4 + [False]
    clock.now += 61
    assert limiter.get_window_stats(limit, "a").remaining == 1
    assert limiter.hit(limit, "a")
    assert not limiter.hit(limit, "a")
    clock.now += 29
    assert limiter.hit(limit, "a")
    clock.now += 120
    assert limiter.get_window_stats(limit, "a").remaining == 4


def test_more_than_the_limit_at_once_is_refused_and_not_counted(storage: TableStorage) -> None:
    limiter, limit = SlidingWindowCounterRateLimiter(storage), parse("4/minute")
    assert not limiter.hit(limit, "a", cost=5)
    assert limiter.hit(limit, "a", cost=4)


def test_one_key_or_all_can_be_forgotten(storage: TableStorage) -> None:
    for key in ("a", "b"):
        storage.incr(key, 60)
    storage.acquire_sliding_window_entry("c", 10, 60)
    storage.clear("a")
    storage.clear_sliding_window("c", 60)
    assert (storage.get("a"), storage.get("b"), storage.get_sliding_window("c", 60)[2]) == (0, 1, 0)
    assert storage.get_expiry("a") == NOON
    assert storage.reset() == 1
    assert not LimitCounter.objects.exists()


def test_keys_are_digests_that_change_with_the_day(storage: TableStorage, clock: Seconds) -> None:
    storage.incr("LIMITER/203.0.113.7", 7 * 86400)
    clock.now += 86400
    storage.incr("LIMITER/203.0.113.7", 7 * 86400)
    first, second = LimitCounter.objects.values_list("key", flat=True)
    assert first != second
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in (first, second))


def test_counts_that_are_over_are_pruned(storage: TableStorage, clock: Seconds) -> None:
    storage.incr("a", 60)
    storage.incr("b", 120)
    clock.now += 60
    assert prune_counters(datetime.fromtimestamp(clock.now, UTC)) == 1
    assert (storage.get("a"), storage.get("b")) == (0, 1)


def test_the_storage_knows_whether_its_table_can_be_read(storage: TableStorage) -> None:
    assert storage.check()

    def away(*arguments: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(away):
        assert not storage.check()


def test_a_clock_set_back_locks_nobody_out_and_lifts_no_limit(storage: TableStorage, clock: Seconds) -> None:
    limiter, limit = SlidingWindowCounterRateLimiter(storage), parse("4/minute")
    assert [limiter.hit(limit, "a") for _ in range(5)] == [True] * 4 + [False]
    clock.now -= 3600
    assert [limiter.hit(limit, "a") for _ in range(5)] == [True] * 4 + [False]
    clock.now += 121
    assert limiter.hit(limit, "a")
