"""The Wilson bound orders as the product promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules.popularity import wilson_lower_bound

counts = st.integers(min_value=0, max_value=10_000)


def test_no_votes_is_nothing() -> None:
    assert wilson_lower_bound(0, 0) == 0.0


def test_many_good_votes_stand_before_three_of_three() -> None:
    assert wilson_lower_bound(97, 3) > wilson_lower_bound(3, 0)


@pytest.mark.parametrize(("up", "down", "expected"), [(1, 0, 0.2065), (3, 0, 0.4385), (97, 3, 0.9155), (0, 5, 0.0)])
def test_known_values(up: int, down: int, expected: float) -> None:
    assert wilson_lower_bound(up, down) == pytest.approx(expected, abs=1e-4)


@given(counts, counts)
def test_always_a_share(up: int, down: int) -> None:
    assert 0.0 <= wilson_lower_bound(up, down) < 1.0


@given(counts, counts)
def test_one_more_up_vote_never_hurts(up: int, down: int) -> None:
    assert wilson_lower_bound(up + 1, down) >= wilson_lower_bound(up, down)


@given(counts, counts)
def test_one_more_down_vote_never_helps(up: int, down: int) -> None:
    assert wilson_lower_bound(up, down + 1) <= wilson_lower_bound(up, down) + 1e-12


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError):
        wilson_lower_bound(-1, 0)
