"""What a vote must be like."""

from __future__ import annotations

import pytest

from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus
from comity.rules.votes import check_vote

FACTS: dict[str, object] = {
    "value": 1,
    "status": CommentStatus.PUBLISHED,
    "own_comment": False,
    "guest": True,
    "guest_votes": True,
    "down_votes": True,
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"value": 0}, None),
        ({"value": -1}, None),
        ({"value": 2}, RefusalCode.VOTE_INVALID),
        ({"status": CommentStatus.REMOVED}, RefusalCode.VOTE_NOT_PUBLISHED),
        ({"own_comment": True}, RefusalCode.VOTE_OWN_COMMENT),
        ({"guest_votes": False}, RefusalCode.VOTE_GUESTS_DISABLED),
        ({"guest_votes": False, "guest": False}, None),
        ({"down_votes": False, "value": -1}, RefusalCode.VOTE_DOWN_DISABLED),
        ({"down_votes": False, "value": 1}, None),
    ],
)
def test_votes(changes: dict[str, object], code: RefusalCode | None) -> None:
    facts = FACTS | changes
    if code is None:
        check_vote(**facts)  # type: ignore[arg-type]  # the table's values are of the right types
    else:
        with pytest.raises(Refusal) as caught:
            check_vote(**facts)  # type: ignore[arg-type]  # as above
        assert caught.value.code is code
