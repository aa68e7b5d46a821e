"""What follows from each event: one table.

A reaction is idempotent and reads the current state through the ids of its event: a crash repeats the one in flight,
and nothing promises an order between events. A kind of event without reactions stands in the table all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.dispatch import Signal

from comity import conf, signals
from comity.actions.learning import learn_from_decisions
from comity.events import (
    AppealDecided,
    AppealDue,
    AppealFiled,
    AppealOverdue,
    AuthorErased,
    AuthorRestricted,
    CommentDecided,
    CommentEdited,
    CommentErased,
    CommentPosted,
    CommentWithdrawn,
    DataForgotten,
    DecisionsForgotten,
    Event,
    EvidenceHandled,
    HouseRulesSaved,
    MarkTakenOff,
    ReasonsStated,
    ReplyAnswered,
    ReplyRequested,
    ReportFiled,
    ReportsDecided,
    RestrictionLifted,
    SiteHeadChanged,
    SiteSaved,
    StoryEvent,
    StoryRecounted,
    StorySaved,
    VoteCast,
)
from comity.notify.purging import purge, shared_caches
from comity.queries.outbox import FIRST_ATTEMPT_WITHIN
from comity.queries.stories import key_of
from comity.web.etags import story_tag

__all__ = ["REACTIONS", "Reaction", "Spread", "announce_to_host", "reactions_in_force"]


@dataclass(frozen=True, slots=True)
class Reaction:
    """Something that follows from an event. Its name is stored with its progress: it never changes."""

    name: str
    run: Callable[[Event, datetime], None]
    """Called with the event and the time; whatever it raises is retried, then parked."""
    is_wanted: Callable[[], bool] = lambda: True
    """Asked when an event is dispatched: where nothing would come of it, no work is written down."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Something that follows from an event at many places: one delivery for each, retried and parked by itself. Its
    name is stored with its progress: it never changes."""

    name: str
    targets: Callable[[Event], Iterable[str]]
    """Where; at most 200 characters each."""
    deliver: Callable[[Event, str, datetime], None]
    """Called with the event, the target and the time; whatever it raises is retried, then parked."""
    delay: timedelta = timedelta(0)
    """Before the first attempt; at most `FIRST_ATTEMPT_WITHIN`."""
    is_wanted: Callable[[], bool] = lambda: True
    """As of a `Reaction`."""

    def __post_init__(self) -> None:
        if self.delay > FIRST_ATTEMPT_WITHIN:
            raise ValueError(f"{self.name}: a longer delay than {FIRST_ATTEMPT_WITHIN} looks like a clock set back")


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


def _shared_caches(event: Event) -> Iterable[str]:  # noqa: ARG001 - the signature of all targets
    return [each.name for each in shared_caches()]


def purge_shared_cache(event: Event, target: str, now: datetime) -> None:  # noqa: ARG001 - the signature of all deliveries
    """Have one shared cache forget what shows the event's story, or everything of its site. One that is no longer
    configured need not be told."""
    cache = next((each for each in shared_caches() if each.name == target), None)
    if cache is None:
        return
    if isinstance(event, StoryEvent):
        key = key_of(event.story_id)
        purge(cache, [f"list-{event.site_id}", *([story_tag(event.site_id, key)] if key is not None else [])])
    else:
        purge(cache, [f"site-{event.site_id}"])


_signals: dict[type[Event], Signal] = {
    StorySaved: signals.story_saved,
    CommentPosted: signals.comment_posted,
    CommentEdited: signals.comment_edited,
    CommentWithdrawn: signals.comment_withdrawn,
    CommentDecided: signals.comment_decided,
}


def _announce(kind: type[Event]) -> Reaction:
    """The announcement of this kind of event, where the host listens: alone, Comity announces to nobody."""
    return Reaction("announce_to_host", announce_to_host, is_wanted=lambda: _signals[kind].has_listeners())


_LEARN = Reaction("learn", learn)

_PURGE = Spread(
    "purge_shared_caches",
    _shared_caches,
    purge_shared_cache,
    # By then every process gives the new version. A cache that is told sooner may fetch the old one and keep it.
    delay=timedelta(seconds=1),
)
_PURGED_AFTER = (
    StorySaved,
    StoryRecounted,
    CommentPosted,
    CommentEdited,
    CommentWithdrawn,
    CommentDecided,
    CommentErased,
    SiteSaved,
    HouseRulesSaved,
)
"""Not after votes: in a heated thread no cache would keep anything. Votes are seen when its time is over."""

REACTIONS: Mapping[type[Event], tuple[Reaction | Spread, ...]] = {
    StorySaved: (_announce(StorySaved),),
    StoryRecounted: (),
    CommentPosted: (_announce(CommentPosted),),
    CommentEdited: (_announce(CommentEdited),),
    CommentWithdrawn: (_announce(CommentWithdrawn),),
    CommentDecided: (_announce(CommentDecided), _LEARN),
    VoteCast: (),
    CommentErased: (),
    MarkTakenOff: (),
    ReasonsStated: (),
    DecisionsForgotten: (),
    DataForgotten: (),
    AuthorErased: (),
    AuthorRestricted: (),
    RestrictionLifted: (),
    AppealDue: (),
    AppealFiled: (),
    AppealOverdue: (),
    AppealDecided: (_LEARN,),
    ReportFiled: (),
    ReportsDecided: (),
    EvidenceHandled: (),
    ReplyRequested: (),
    ReplyAnswered: (),
    SiteSaved: (),
    HouseRulesSaved: (),
    SiteHeadChanged: (),
}


def reactions_in_force() -> Mapping[type[Event], tuple[Reaction | Spread, ...]]:
    """The table, with what the settings add to it."""
    if not conf.current().purge:
        return REACTIONS
    return {kind: (*then, _PURGE) if kind in _PURGED_AFTER else then for kind, then in REACTIONS.items()}
