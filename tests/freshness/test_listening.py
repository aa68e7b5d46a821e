"""What is told of a write, and that none is passed over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.actions.outbox import record
from comity.actions.sites import change_site, create_site
from comity.actions.stories import save_story
from comity.actions.writing import write_transaction
from comity.events import SiteHeadChanged
from comity.models import EventRecord
from comity.queries.shapes import SiteShape
from comity.stream.freshness.carriers import CarrierAwayError
from comity.stream.freshness.listening import MISSING_SECONDS, Change, Freshness

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Silent:
    """A carrier that never says anything: these tests look by themselves."""

    def wait(self, seconds: float) -> bool:
        raise CarrierAwayError("Silent")

    def close(self) -> None:
        pass


class Ears:
    def __init__(self) -> None:
        self.now = 0.0
        self.heard: list[Change] = []
        self.freshness = Freshness(Silent(), clock=lambda: self.now)
        self.freshness.listen(self.heard.append)
        self.freshness.look()


@pytest.fixture
def site(db: None) -> SiteShape:
    return create_site(key="gazette", name="La Gazette")


def publish(site: SiteShape, key: str) -> int:
    found = save_story(site=site, key=key, title="Une trêve", body_source="Un texte.", now=NOW)
    assert found.id is not None
    return found.id


def test_a_story_that_changed_is_told_once(site: SiteShape) -> None:
    publish(site, "before")
    ears = Ears()
    story_id = publish(site, "treve")
    assert ears.freshness.look()
    assert not ears.freshness.look()
    assert ears.heard == [Change(story_ids=frozenset({story_id}))]


def test_many_writes_are_told_together(site: SiteShape) -> None:
    ears = Ears()
    ids = {publish(site, key) for key in ("a", "b", "c")}
    ears.freshness.look()
    assert [change.story_ids for change in ears.heard] == [ids]


def test_settings_make_all_of_a_site_stale(site: SiteShape) -> None:
    ears = Ears()
    change_site(key="gazette", settings={"page_size": 10})
    ears.freshness.look()
    assert ears.heard == [Change(site_ids=frozenset({site.id}))]


def test_what_no_reader_sees_is_not_told(site: SiteShape) -> None:
    ears = Ears()
    with write_transaction():
        record(SiteHeadChanged(site_id=site.id, version=1))
    assert ears.freshness.look()
    assert ears.heard == []


def test_an_event_that_commits_after_a_later_one_is_heard(site: SiteShape) -> None:
    """As PostgreSQL has it: ids are given when rows are written, rows are seen when they are committed."""
    ears = Ears()
    publish(site, "a")
    newest = EventRecord.objects.latest("id").pk
    EventRecord.objects.create(id=newest + 2, site_id=site.id, kind="vote_cast", subjects={"story_id": 71})
    ears.freshness.look()
    EventRecord.objects.create(id=newest + 1, site_id=site.id, kind="vote_cast", subjects={"story_id": 72})
    ears.now += MISSING_SECONDS - 1
    ears.freshness.look()
    assert [72 in change.story_ids for change in ears.heard] == [False, True]
    EventRecord.objects.create(id=newest + 4, site_id=site.id, kind="vote_cast", subjects={"story_id": 73})
    ears.freshness.look()
    ears.now += MISSING_SECONDS
    EventRecord.objects.create(id=newest + 3, site_id=site.id, kind="vote_cast", subjects={"story_id": 74})
    assert not ears.freshness.look()
