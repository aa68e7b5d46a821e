"""A site, a story and people, for tests of the conversation."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from comity.actions.comments import post_comment
from comity.actions.readers import add_staff
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.queries.shapes import PostedComment, SiteShape, StoryShape
from comity.rules.actors import Actor, StaffRole

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def forward(self, **amount: float) -> datetime:
        self.now += timedelta(**amount)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(db: None) -> SiteShape:
    return create_site(
        key="gazette", name="La Gazette", language="fr", hosts=["gazette.example"], domains=["gazette.example"]
    )


@pytest.fixture
def other_site(db: None) -> SiteShape:
    return create_site(
        key="tribune", name="The Tribune", language="en", hosts=["tribune.example"], domains=["tribune.example"]
    )


@pytest.fixture
def story(site: SiteShape, clock: Clock) -> StoryShape:
    return save_story(site=site, key="treve", title="Une trêve", body_source="Un texte.", now=clock.now)


@pytest.fixture
def guest(site: SiteShape) -> Callable[[], Actor]:
    """Makes a guest on a device of their own."""
    numbers = itertools.count(1)

    def make() -> Actor:
        number = next(numbers)
        return Actor(
            site_id=site.id, new_device_token=f"token-{number}".ljust(43, "x"), network_digest=f"network-{number}"
        )

    return make


@pytest.fixture
def editor(site: SiteShape) -> Actor:
    staff = add_staff(
        site=site, username="claire", role=StaffRole.EDITOR, name="Claire Rédac", password="une phrase assez longue"
    )
    return Actor(site_id=site.id, staff_id=staff.id, staff_role=staff.role, staff_name=staff.name)


Post = Callable[..., tuple[Actor, PostedComment]]


@pytest.fixture
def post(site: SiteShape, story: StoryShape, guest: Callable[[], Actor], clock: Clock) -> Post:
    """Posts a comment, as a new guest unless `actor` is given; gives back the actor as the device it became."""

    def make(
        text: str = "Un commentaire courtois.",
        *,
        actor: Actor | None = None,
        parent: int | None = None,
        name: str = "Anne",
        **more: object,
    ) -> tuple[Actor, PostedComment]:
        who = actor or guest()
        posted = post_comment(
            actor=who,
            site=site,
            story_key=story.key,
            story_url="",
            text=text,
            author_name=name,
            parent_id=parent,
            now=clock.forward(seconds=1),
            **more,  # type: ignore[arg-type]  # passed through by the tests' own keyword arguments
        )
        if posted.device_id is not None:
            who = replace(who, device_id=posted.device_id, new_device_token=None)
        return who, posted

    return make
