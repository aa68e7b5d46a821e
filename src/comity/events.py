"""Every event, on one page. An event says that something happened; it carries ids, never text, names or addresses.

What follows from each is one table, `comity.worker.reactions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

__all__ = [
    "EVENTS",
    "AppealDecided",
    "AppealDue",
    "AppealFiled",
    "AppealOverdue",
    "AuthorErased",
    "AuthorRestricted",
    "CommentDecided",
    "CommentEdited",
    "CommentErased",
    "CommentEvent",
    "CommentPosted",
    "CommentWithdrawn",
    "DataForgotten",
    "DecisionsForgotten",
    "Event",
    "EvidenceHandled",
    "HouseRulesSaved",
    "MarkTakenOff",
    "ReasonsStated",
    "ReplyAnswered",
    "ReplyRequested",
    "ReportFiled",
    "ReportsDecided",
    "RestrictionLifted",
    "SiteHeadChanged",
    "SiteSaved",
    "StoryEvent",
    "StoryRecounted",
    "StorySaved",
    "VoteCast",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events."""

    kind: ClassVar[str]
    site_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEvent(Event):
    """Something that happened to one story or its conversation."""

    story_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEvent(StoryEvent):
    """Something that happened to one comment."""

    comment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySaved(StoryEvent):
    """A story was published, changed, opened or closed."""

    kind = "story_saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecounted(StoryEvent):
    """A story's counters were found wrong and mended, or comments were taken in from elsewhere."""

    kind = "story_recounted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPosted(CommentEvent):
    """A comment was accepted and stored, whatever its status."""

    kind = "comment_posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEdited(CommentEvent):
    """Its author changed a comment's text."""

    kind = "comment_edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentWithdrawn(CommentEvent):
    """Its author took a comment back."""

    kind = "comment_withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDecided(CommentEvent):
    """A member of staff published or removed a comment."""

    kind = "comment_decided"
    decision_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteCast(CommentEvent):
    """A vote was cast, changed or withdrawn."""

    kind = "vote_cast"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentErased(CommentEvent):
    """A comment's words and author were erased; a tombstone stands in their place."""

    kind = "comment_erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkTakenOff(CommentEvent):
    """A member of staff looked at a comment that a house rule had marked, and let it stand."""

    kind = "mark_taken_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsStated(CommentEvent):
    """A decision restricts a comment, and its author is owed the statement of reasons."""

    kind = "reasons_stated"
    decision_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsForgotten(Event):
    """Retention took the details out of decisions that had served their time."""

    kind = "decisions_forgotten"
    retention_pass_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataForgotten(Event):
    """Retention replaced data that had served its time by tombstones: evidence, earlier wordings, addresses, names."""

    kind = "data_forgotten"
    retention_pass_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorErased(Event):
    """An author was erased: every comment of a device or a reader, and what they were known by."""

    kind = "author_erased"
    device_id: int | None
    reader_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFiled(CommentEvent):
    """An author appealed a decision."""

    kind = "appeal_filed"
    appeal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorRestricted(CommentEvent):
    """The author of a comment was limited in visibility, suspended or banned."""

    kind = "author_restricted"
    decision_id: int
    restriction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionLifted(CommentEvent):
    """A restriction of an author was taken back."""

    kind = "restriction_lifted"
    decision_id: int
    restriction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDue(CommentEvent):
    """An appeal is to be answered within two days."""

    kind = "appeal_due"
    appeal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealOverdue(CommentEvent):
    """An appeal was not answered in its time; again each week."""

    kind = "appeal_overdue"
    appeal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided(CommentEvent):
    """A member of staff decided an appeal; its author is owed the outcome."""

    kind = "appeal_decided"
    appeal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiled(CommentEvent):
    """Somebody reported a comment."""

    kind = "report_filed"
    case_id: int
    report_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsDecided(CommentEvent):
    """The reports of a comment were decided; who reported is owed the outcome."""

    kind = "reports_decided"
    case_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceHandled(CommentEvent):
    """Evidence was put aside for authorities, taken out or let go, or it was recorded that one was told."""

    kind = "evidence_handled"
    case_id: int
    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRequested(StoryEvent):
    """Somebody asked the editor for a right of reply."""

    kind = "reply_requested"
    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAnswered(StoryEvent):
    """The editor answered a request for a right of reply."""

    kind = "reply_answered"
    request_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSaved(Event):
    """A site was made, or its settings, hosts or domains were changed."""

    kind = "site_saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRulesSaved(Event):
    """House rules of a site were saved in a new version."""

    kind = "house_rules_saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHeadChanged(Event):
    """What decisions taught a site's own head was learnt, undone or replayed."""

    kind = "site_head_changed"
    version: int


EVENTS: tuple[type[Event], ...] = tuple(
    each
    for each in list(globals().values())
    if isinstance(each, type) and issubclass(each, Event) and "kind" in vars(each)
)
"""All of them, as they stand above: each class that has a kind."""
