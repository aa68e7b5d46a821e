"""Replies never hang deeper than the limit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.rules.placement import Place, place_reply


def test_below_the_limit_a_reply_hangs_below_its_target() -> None:
    place = place_reply(target_id=7, target_parent_id=None, target_root_id=None, target_depth=0, depth_limit=4)
    assert place == Place(parent_id=7, root_id=7, depth=1)


def test_at_the_limit_it_stands_beside_its_target() -> None:
    place = place_reply(target_id=9, target_parent_id=8, target_root_id=1, target_depth=4, depth_limit=4)
    assert place == Place(parent_id=8, root_id=1, depth=4)


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=60), st.integers(1, 8))
def test_any_chain_of_replies_stays_within_the_limit(choices: list[int], limit: int) -> None:
    rows: list[tuple[int, int | None, int | None, int]] = [(1, None, None, 0)]
    for number, choice in enumerate(choices, start=2):
        target = rows[choice % len(rows)]
        place = place_reply(
            target_id=target[0],
            target_parent_id=target[1],
            target_root_id=target[2],
            target_depth=target[3],
            depth_limit=limit,
        )
        parent = next(row for row in rows if row[0] == place.parent_id)
        assert place.depth == parent[3] + 1 <= limit
        assert place.root_id == 1
        rows.append((number, place.parent_id, place.root_id, place.depth))
