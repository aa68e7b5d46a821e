"""Every way a comment's status may change, in one table."""

from __future__ import annotations

from enum import StrEnum

from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus

__all__ = ["TRANSITIONS", "Move", "status_after"]


class Move(StrEnum):
    """What may be done to a comment after it was posted."""

    PUBLISH = "publish"
    HOLD = "hold"
    REMOVE = "remove"
    WITHDRAW = "withdraw"


_S = CommentStatus
TRANSITIONS: dict[tuple[CommentStatus, Move], CommentStatus] = {
    (_S.HELD, Move.PUBLISH): _S.PUBLISHED,
    (_S.REMOVED, Move.PUBLISH): _S.PUBLISHED,
    (_S.PUBLISHED, Move.HOLD): _S.HELD,
    (_S.PUBLISHED, Move.REMOVE): _S.REMOVED,
    (_S.HELD, Move.REMOVE): _S.REMOVED,
    (_S.PUBLISHED, Move.WITHDRAW): _S.WITHDRAWN,
    (_S.HELD, Move.WITHDRAW): _S.WITHDRAWN,
}
"""A withdrawn comment is its author's to withdraw: nothing leads out of it. A removed one can't be withdrawn, so that
its decision stays open to appeal."""


def status_after(status: CommentStatus, move: Move) -> CommentStatus:
    """The status that follows.

    Raises:
        Refusal: `transition_refused` when the table has no such way.
    """
    try:
        return TRANSITIONS[status, move]
    except KeyError:
        raise Refusal(RefusalCode.TRANSITION_REFUSED, status=status.value, move=move.value) from None
