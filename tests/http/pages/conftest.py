"""A browser without JavaScript, a site, and a story with its conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from comity.actions.readers import add_staff
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import StaffRole
from comity.web import throttle

PASSWORD = "une phrase assez longue"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def address(name: str, *parts: object, **query: object) -> str:
    """The address of a page of the app, wherever it is mounted."""
    path = reverse(f"comity:{name}", args=parts)
    return f"{path}?{urlencode(query)}" if query else path


class Reader:
    """A browser: keeps its cookies, follows what a post answers, says where its posts come from."""

    def __init__(self, site: SiteShape) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.site = site

    def read(self, name: str, *parts: object, headers: dict[str, str] | None = None, **query: object) -> Any:
        """A page."""
        return self.client.get(address(name, *parts, site=self.site.key, **query), headers=headers)

    def send(
        self, name: str, *parts: object, form: dict[str, object], headers: dict[str, str] | None = None, **query: object
    ) -> Any:
        """A plain form; the answer is what follows it."""
        return self.client.post(
            address(name, *parts, site=self.site.key, **query),
            urlencode(form),
            content_type="application/x-www-form-urlencoded",
            headers={"Sec-Fetch-Site": "same-origin", **(headers or {})},
            follow=True,
        )

    def post(self, key: str, text: str = "Un commentaire courtois.", name: str = "Anne", **more: object) -> int:
        """Posts a comment and gives its number."""
        page = self.send("post", key, form={"text": text, "author_name": name, **more})
        assert page.status_code == 200, page.content.decode()
        return posted_id(page)

    def reply(self, parent_id: int, text: str = "Une réponse courtoise.", name: str = "Benoît") -> int:
        """Replies to a comment and gives the reply's number."""
        page = self.send("reply", parent_id, form={"text": text, "author_name": name})
        assert page.status_code == 200, page.content.decode()
        return posted_id(page)


def posted_id(page: Any) -> int:
    """The number of the comment that the page of one's own shows as just written."""
    found = re.search(r"data-comity-posted>.*?data-comment=\"(\d+)\"", page.content.decode(), re.DOTALL)
    assert found, page.content.decode()
    return int(found[1])


@pytest.fixture(autouse=True)
def _own_limits(settings: Settings) -> Iterator[None]:
    """Counts of this test alone, in memory; the limits themselves stay in force."""
    throttle._counts.cache_clear()
    settings.COMITY = {**settings.COMITY, "limit_storage": "memory://", "limits_enabled": True}
    yield
    throttle._counts.cache_clear()


@pytest.fixture
def site(db: None) -> SiteShape:
    return create_site(
        key="gazette",
        name="La Gazette",
        language="fr",
        hosts=["gazette.example"],
        domains=["gazette.example"],
        settings={"page_size": 3},
    )


@pytest.fixture
def story(site: SiteShape) -> StoryShape:
    return save_story(
        site=site,
        key="treve",
        title="Une trêve",
        body_source="Un texte.\n\nUn autre.",
        source_credit="USNEWS",
        section="International",
        authors=["Inès Valmont"],
        published_at=NOW,
        now=NOW,
    )


@pytest.fixture
def reader(story: StoryShape, site: SiteShape) -> Reader:
    return Reader(site)


@pytest.fixture
def other(story: StoryShape, site: SiteShape) -> Reader:
    return Reader(site)


class Desk(Reader):
    """A browser in which a member of staff is signed in; sends Django's token with every form."""

    def sign_in(self, username: str) -> Any:
        """Sign in by the desk's own form."""
        self.read("desk-sign-in")
        return self.send("desk-sign-in", form={"username": username, "password": PASSWORD})

    def send(
        self, name: str, *parts: object, form: dict[str, object], headers: dict[str, str] | None = None, **query: object
    ) -> Any:
        token = self.client.cookies["csrftoken"].value
        return super().send(name, *parts, form={"csrfmiddlewaretoken": token, **form}, headers=headers, **query)


@pytest.fixture
def editor(site: SiteShape, story: StoryShape) -> Desk:
    add_staff(site=site, username="claire", role=StaffRole.EDITOR, name="Claire Rédac", password=PASSWORD)
    desk = Desk(site)
    desk.sign_in("claire")
    return desk


@pytest.fixture
def moderator(site: SiteShape, story: StoryShape) -> Desk:
    add_staff(site=site, username="marc", role=StaffRole.MODERATOR, name="Marc Relecteur", password=PASSWORD)
    desk = Desk(site)
    desk.sign_in("marc")
    return desk
