"""The statuses of a comment and of a story, and what screening makes of a new comment."""

from __future__ import annotations

from enum import StrEnum

from comity.screening.types import Outcome

__all__ = ["AuthorKind", "CommentStatus", "Prominence", "StoryState", "status_after_screening"]


class CommentStatus(StrEnum):
    """Where a comment stands."""

    PUBLISHED = "published"
    HELD = "held"
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"


class StoryState(StrEnum):
    """Whether a story takes comments."""

    OPEN = "open"
    PRE_MODERATED = "pre_moderated"
    CLOSED = "closed"


class AuthorKind(StrEnum):
    """Who wrote a comment, as readers are told."""

    GUEST = "guest"
    READER = "reader"
    STAFF = "staff"


class Prominence:
    """What stands first in every sort: pinned, then picked by the editor, then the rest."""

    NONE = 0
    PICKED = 1
    PINNED = 2


def status_after_screening(outcome: Outcome, state: StoryState, author: AuthorKind) -> CommentStatus:
    """The status of a comment just posted or edited.

    Staff are screened as advice only: their text is published whatever the engine says.
    """
    if author is AuthorKind.STAFF:
        return CommentStatus.PUBLISHED
    if outcome is Outcome.REMOVE:
        return CommentStatus.REMOVED
    if outcome is Outcome.HOLD or state is StoryState.PRE_MODERATED:
        return CommentStatus.HELD
    return CommentStatus.PUBLISHED
