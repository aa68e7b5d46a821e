"""What follows from each event: one table.

A reaction is idempotent and reads the current state through the ids of its event: a crash repeats the one in flight,
and nothing promises an order between events. A kind of event without reactions stands in the table all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from django.dispatch import Signal

from comity import signals
from comity.actions.learning import learn_from_decisions
from comity.events import (
    AppealDecided,
    AppealFiled,
    AppealOverdue,
    CommentDecided,
    CommentEdited,
    CommentErased,
    CommentPosted,
    CommentWithdrawn,
    DecisionsForgotten,
    Event,
    HouseRulesSaved,
    MarkTakenOff,
    ReasonsStated,
    ReplyAnswered,
    ReplyRequested,
    ReportFiled,
    ReportsDecided,
    SiteHeadChanged,
    SiteSaved,
    StoryRecounted,
    StorySaved,
    VoteCast,
)

__all__ = ["REACTIONS", "Reaction", "announce_to_host"]


@dataclass(frozen=True, slots=True)
class Reaction:
    """Something that follows from an event. Its name is stored with its progress: it never changes."""

    name: str
    run: Callable[[Event, datetime], None]
    """Called with the event and the time; whatever it raises is retried, then parked."""


def announce_to_host(event: Event, now: datetime) -> None:  # noqa: ARG001 - the signature of all reactions
    """Tell the host project's listeners, by the signals of `comity.signals`.

    Every listener hears it, also when one before it failed; then the first failure is raised, so that the announcement
    is made again. A listener may therefore hear the same thing twice.
    """
    details = {each.name: getattr(event, each.name) for each in fields(event)}
    answers = _signals[type(event)].send_robust(sender=None, **details)
    for _, answer in answers:
        if isinstance(answer, Exception):
            raise answer


def learn(event: Event, now: datetime) -> None:
    """Teach the site's own head what people have decided since it last learnt, this decision among it."""
    learn_from_decisions(site_id=event.site_id, now=now)


_signals: dict[type[Event], Signal] = {
    StorySaved: signals.story_saved,
    CommentPosted: signals.comment_posted,
    CommentEdited: signals.comment_edited,
    CommentWithdrawn: signals.comment_withdrawn,
    CommentDecided: signals.comment_decided,
}

_ANNOUNCE = Reaction("announce_to_host", announce_to_host)
_LEARN = Reaction("learn", learn)

REACTIONS: Mapping[type[Event], tuple[Reaction, ...]] = {
    StorySaved: (_ANNOUNCE,),
    StoryRecounted: (),
    CommentPosted: (_ANNOUNCE,),
    CommentEdited: (_ANNOUNCE,),
    CommentWithdrawn: (_ANNOUNCE,),
    CommentDecided: (_ANNOUNCE, _LEARN),
    VoteCast: (),
    CommentErased: (),
    MarkTakenOff: (),
    ReasonsStated: (),
    DecisionsForgotten: (),
    AppealFiled: (),
    AppealOverdue: (),
    AppealDecided: (_LEARN,),
    ReportFiled: (),
    ReportsDecided: (),
    ReplyRequested: (),
    ReplyAnswered: (),
    SiteSaved: (),
    HouseRulesSaved: (),
    SiteHeadChanged: (),
}
