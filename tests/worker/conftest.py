"""A site, its events, and a clock moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from comity.actions.outbox import record
from comity.actions.writing import write_transaction
from comity.events import CommentPosted, Event
from comity.models import EventRecord, Site

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> datetime:
        self.now += timedelta(**amount)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site_id() -> int:
    return Site.objects.create(key="gazette", name="La Gazette").pk


@pytest.fixture
def happen(site_id: int, clock: Clock) -> Callable[..., int]:
    """Records an event, a comment posted unless another is given; gives back its row's id."""

    def make(event: Event | None = None, *, comment_id: int = 7) -> int:
        with write_transaction():
            record(event or CommentPosted(site_id=site_id, story_id=3, comment_id=comment_id), now=clock.now)
        newest = EventRecord.objects.order_by("-id").first()
        assert newest is not None
        return newest.pk

    return make
