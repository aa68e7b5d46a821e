"""Every event, on one page. An event says that something happened; it carries ids, never text, names or addresses.

What follows from each is one table, `comity.worker.reactions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

__all__ = [
    "EVENTS",
    "CommentDecided",
    "CommentEdited",
    "CommentPosted",
    "CommentWithdrawn",
    "Event",
    "StorySaved",
    "VoteCast",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events."""

    kind: ClassVar[str]
    site_id: int
    story_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySaved(Event):
    """A story was published, changed, opened or closed."""

    kind = "story_saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPosted(Event):
    """A comment was accepted and stored, whatever its status."""

    kind = "comment_posted"
    comment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEdited(Event):
    """Its author changed a comment's text."""

    kind = "comment_edited"
    comment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentWithdrawn(Event):
    """Its author took a comment back."""

    kind = "comment_withdrawn"
    comment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDecided(Event):
    """A member of staff published or removed a comment."""

    kind = "comment_decided"
    comment_id: int
    decision_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCast(Event):
    """A vote was cast, changed or withdrawn."""

    kind = "vote_cast"
    comment_id: int


EVENTS: tuple[type[Event], ...] = (
    StorySaved,
    CommentPosted,
    CommentEdited,
    CommentWithdrawn,
    CommentDecided,
    VoteCast,
)
