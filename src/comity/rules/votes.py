"""What a vote must be like."""

from __future__ import annotations

from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus

__all__ = ["check_vote"]


def check_vote(
    *, value: int, status: CommentStatus, own_comment: bool, guest: bool, guest_votes: bool, down_votes: bool
) -> None:
    """Let a vote pass.

    Args:
        value: 1 up, -1 down, 0 withdraws.

    Raises:
        Refusal: `vote_invalid`, `vote_not_published`, `vote_own_comment`, `vote_guests_disabled`,
            `vote_down_disabled`.
    """
    if value not in {-1, 0, 1}:
        raise Refusal(RefusalCode.VOTE_INVALID, field="value")
    if status is not CommentStatus.PUBLISHED:
        raise Refusal(RefusalCode.VOTE_NOT_PUBLISHED)
    if own_comment:
        raise Refusal(RefusalCode.VOTE_OWN_COMMENT)
    if guest and not guest_votes:
        raise Refusal(RefusalCode.VOTE_GUESTS_DISABLED)
    if value < 0 and not down_votes:
        raise Refusal(RefusalCode.VOTE_DOWN_DISABLED)
