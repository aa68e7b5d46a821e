"""A program that speaks to the JSON interface, two sites, and a story with its conversation."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from comity.actions.readers import add_staff
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.queries.shapes import SiteShape, StoryShape, ThreadShape
from comity.queries.sites import site_by_id
from comity.queries.threads import read_thread
from comity.rules.actors import StaffRole
from comity.web import throttle

PASSWORD = "une phrase assez longue"


class Program:
    """Calls operations by name; holds a device token once it was given one, and speaks for one site."""

    def __init__(self, site: SiteShape | None) -> None:
        self.client = Client()
        self.site = site
        self.token: str | None = None

    def call(
        self,
        method: str,
        name: str,
        *parts: object,
        body: object = None,
        raw: bytes | None = None,
        query: dict[str, str] | None = None,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> Any:
        """The answer to one request. `body` is sent as JSON, `raw` as it stands."""
        parameters = {"site": self.site.key} if self.site else {}
        sent = {"Authorization": f"Comity-Device {self.token}"} if self.token else {}
        return self.client.generic(
            method,
            reverse(f"comity:{name}", args=parts),
            raw if raw is not None else json.dumps(body).encode() if body is not None else b"",
            content_type=content_type,
            headers={**sent, **(headers or {})},
            QUERY_STRING="&".join(f"{key}={value}" for key, value in {**parameters, **(query or {})}.items()),
        )

    def post(self, key: str, text: str = "Un commentaire courtois.", **more: Any) -> Any:
        """Posts a comment as Anne, keeping the token that comes of it."""
        headers = more.pop("headers", None)
        query = more.pop("query", None)
        body = {"text": text, "author_name": "Anne", **more}
        answer = self.call("POST", "api-post", key, body=body, headers=headers, query=query)
        if answer.status_code < 300 and answer.json()["device_token"]:
            self.token = answer.json()["device_token"]
        return answer


def new_key() -> dict[str, str]:
    """The header of a posting that may be repeated."""
    return {"Idempotency-Key": str(uuid.uuid4())}


def page_of(site: SiteShape, key: str) -> ThreadShape:
    """The first page of a thread as the database has it now."""
    return read_thread(site=site_by_id(site.id), key=key, now=datetime.now(UTC))


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
        key="gazette", name="La Gazette", language="fr", hosts=["gazette.example"], domains=["gazette.example"]
    )


@pytest.fixture
def other_site(site: SiteShape) -> SiteShape:
    return create_site(
        key="tribune", name="The Tribune", language="en", hosts=["tribune.example"], domains=["tribune.example"]
    )


@pytest.fixture
def story(site: SiteShape) -> StoryShape:
    return save_story(
        site=site, key="treve", url="https://gazette.example/treve", title="Une trêve", now=datetime.now(UTC)
    )


@pytest.fixture
def api(site: SiteShape) -> Program:
    return Program(site)


@pytest.fixture
def editor(site: SiteShape) -> Client:
    """A browser in which the editor of the first site is signed in."""
    add_staff(site=site, username="claire", role=StaffRole.EDITOR, name="Claire Rédac", password=PASSWORD)
    client = Client()
    assert client.login(username="claire", password=PASSWORD)
    return client
