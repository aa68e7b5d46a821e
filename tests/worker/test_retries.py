"""Delays grow, stay within bounds, and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules.retries import FIRST_DELAY, LONGEST_DELAY, next_attempt

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [(1, 0, 5), (2, 0, 10), (3, 0, 20), (1, 1, 6.25), (7, 0, 320), (50, 0, 3600), (5000, 1, 4500)],
)
def test_the_delay_doubles_up_to_an_hour(attempts: int, jitter: float, seconds: float) -> None:
    assert next_attempt(attempts=attempts, limit=10_000, now=NOW, jitter=jitter) == NOW + timedelta(seconds=seconds)


@given(st.integers(1, 100), st.integers(1, 100), st.floats(0, 1))
def test_within_bounds_until_the_limit_and_never_after(attempts: int, limit: int, jitter: float) -> None:
    at = next_attempt(attempts=attempts, limit=limit, now=NOW, jitter=jitter)
    assert (at is None) == (attempts >= limit)
    if at is not None:
        assert FIRST_DELAY <= at - NOW <= LONGEST_DELAY * 1.25
        later = next_attempt(attempts=attempts + 1, limit=limit + 1, now=NOW, jitter=jitter)
        assert later is not None
        assert later >= at
