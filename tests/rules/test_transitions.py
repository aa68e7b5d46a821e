"""Every way a status may change is in the table, and no other."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.rules.statuses import AuthorKind, CommentStatus, StoryState, status_after_screening
from comity.rules.transitions import TRANSITIONS, Move, status_after
from comity.screening.types import Outcome

ALLOWED = {
    ("held", "publish"): "published",
    ("removed", "publish"): "published",
    ("published", "hold"): "held",
    ("published", "remove"): "removed",
    ("held", "remove"): "removed",
    ("published", "withdraw"): "withdrawn",
    ("held", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(("status", "move"), list(itertools.product(CommentStatus, Move)))
def test_each_pair(status: CommentStatus, move: Move) -> None:
    expected = ALLOWED.get((status.value, move.value))
    if expected is None:
        with pytest.raises(Refusal) as caught:
            status_after(status, move)
        assert caught.value.code is RefusalCode.TRANSITION_REFUSED
    else:
        assert status_after(status, move).value == expected


@given(st.lists(st.sampled_from(list(Move)), max_size=20))
def test_nothing_leads_out_of_withdrawn(moves: list[Move]) -> None:
    status = CommentStatus.PUBLISHED
    withdrawn = False
    for move in moves:
        if (status, move) in TRANSITIONS:
            status = status_after(status, move)
        withdrawn = withdrawn or status is CommentStatus.WITHDRAWN
        assert not withdrawn or status is CommentStatus.WITHDRAWN


@pytest.mark.parametrize(
    ("outcome", "state", "author", "status"),
    [
        (Outcome.PUBLISH, StoryState.OPEN, AuthorKind.GUEST, CommentStatus.PUBLISHED),
        (Outcome.PUBLISH, StoryState.PRE_MODERATED, AuthorKind.GUEST, CommentStatus.HELD),
        (Outcome.HOLD, StoryState.OPEN, AuthorKind.READER, CommentStatus.HELD),
        (Outcome.REMOVE, StoryState.PRE_MODERATED, AuthorKind.GUEST, CommentStatus.REMOVED),
        (Outcome.REMOVE, StoryState.OPEN, AuthorKind.STAFF, CommentStatus.PUBLISHED),
        (Outcome.PUBLISH, StoryState.PRE_MODERATED, AuthorKind.STAFF, CommentStatus.PUBLISHED),
    ],
)
def test_status_after_screening(outcome: Outcome, state: StoryState, author: AuthorKind, status: CommentStatus) -> None:
    assert status_after_screening(outcome, state, author) is status


def test_every_refusal_has_an_http_status() -> None:
    assert set(HTTP_STATUS) == set(RefusalCode)
    assert all(400 <= status < 600 for status in HTTP_STATUS.values())
