"""Stories that a publisher's system sends, signed with a key of its site."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.urls import reverse
from pytest_django import Settings

from comity import conf
from comity.actions.keys import create_site_key, revoke_site_key
from comity.models import Story
from comity.queries.shapes import SiteShape
from comity.rules.signatures import header_value, site_secret
from tests.http.api.conftest import Program

pytestmark = [pytest.mark.database, pytest.mark.django_db]
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
CONTENT = {
    "url": "https://gazette.example/monde/treve",
    "title": "Une trêve",
    "body": "Un *texte*.",
    "source_credit": "USNEWS",
    "section": "Monde",
    "authors": ["Claire Rédac"],
    "published_at": "2016-02-14T09:30:00+01:00",
}


class Publisher:
    """A system that signs with one key."""

    def __init__(self, api: Program, key_id: str, secret: str) -> None:
        self.api, self.key_id, self.secret = api, key_id, secret

    def put(self, key: str = "treve", *, at: datetime = NOW, tampered: bytes | None = None, **content: Any) -> Any:
        body = json.dumps({**CONTENT, **content}).encode()
        address = reverse("comity:api-story", args=[key])
        site = self.api.site
        assert site is not None
        signed = header_value(
            self.secret,
            key_id=self.key_id,
            time=int(at.timestamp()),
            method="PUT",
            path=f"{quote(address, safe='/%')}?site={site.key}",
            body=body,
        )
        return self.api.call("PUT", "api-story", key, raw=tampered or body, headers={"Comity-Signature": signed})


@pytest.fixture(autouse=True)
def _now(db: None) -> Any:
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


@pytest.fixture
def publisher(api: Program, site: SiteShape) -> Publisher:
    return Publisher(api, *create_site_key(site=site, label="CMS", now=NOW))


def test_a_story_is_published_and_replaced(publisher: Publisher, api: Program) -> None:
    made = publisher.put()
    assert made.status_code == 200
    assert made.json()["published_at"] == "2016-02-14T08:30:00Z"
    story = Story.objects.get()
    assert (story.title, story.source_credit, story.section, story.authors) == (
        "Une trêve",
        "USNEWS",
        "Monde",
        ["Claire Rédac"],
    )
    assert "<em>texte</em>" in story.body_html
    assert publisher.put(title="Une trêve fragile").json()["title"] == "Une trêve fragile"
    assert api.call("GET", "api-thread", "treve").json()["story"]["title"] == "Une trêve fragile"


def test_a_key_that_needs_percent_signs(publisher: Publisher) -> None:
    assert publisher.put("été:2016").status_code == 200
    assert Story.objects.get().key == "été:2016"


def test_an_older_call_never_overwrites_a_newer(publisher: Publisher) -> None:
    assert publisher.put(title="Plus récent").status_code == 200
    late = publisher.put(title="Plus ancien", at=NOW.replace(hour=11, minute=58))
    assert (late.status_code, late.json()["code"]) == (409, "story_outdated")
    assert Story.objects.get().title == "Plus récent"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_of_another_time(publisher: Publisher, seconds: int) -> None:
    refused = publisher.put(at=datetime.fromtimestamp(NOW.timestamp() + seconds, UTC))
    assert (refused.status_code, refused.json()["code"]) == (401, "signature_expired")


def test_a_tampered_body(publisher: Publisher) -> None:
    refused = publisher.put(tampered=b'{"title": "Faux"}')
    assert (refused.status_code, refused.json()["code"]) == (401, "signature_invalid")
    assert not Story.objects.exists()


@pytest.mark.parametrize(
    "header", ["x", "key=a, time=1, signature=00", "key=a, time=1", "key=%0a, time=1, signature=" + "0" * 64]
)
def test_a_header_that_is_no_signature(api: Program, header: str) -> None:
    refused = api.call("PUT", "api-story", "treve", body=CONTENT, headers={"Comity-Signature": header})
    assert (refused.status_code, refused.json()["code"]) == (401, "signature_invalid")


def test_a_revoked_and_an_invented_key(publisher: Publisher, site: SiteShape) -> None:
    revoke_site_key(site=site, key_id=publisher.key_id, now=NOW)
    assert publisher.put().json()["code"] == "signature_invalid"
    publisher.key_id = "0123456789abcdef"
    assert publisher.put().json()["code"] == "signature_invalid"


def test_a_key_of_another_site(api: Program, other_site: SiteShape) -> None:
    foreign = Publisher(api, *create_site_key(site=other_site, label="CMS", now=NOW))
    refused = foreign.put()
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert not Story.objects.exists()


def test_a_key_outlives_a_rotation_of_the_server_s_secret(publisher: Publisher, settings: Settings) -> None:
    old = conf.current().signing_secrets()[0]
    settings.COMITY = {**settings.COMITY, "secrets": ("another secret",)}
    assert publisher.put().json()["code"] == "signature_invalid"
    settings.COMITY = {**settings.COMITY, "secrets": ("another secret", old)}
    assert publisher.put().status_code == 200
    assert publisher.secret == site_secret(old, publisher.key_id)


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        ({"url": "https://evil.example/"}, "story_url_refused", "url"),
        ({"body_format": "rtf"}, "field_invalid", "body_format"),
        ({"state": "ajar"}, "field_invalid", "state"),
        ({"published_at": "yesterday"}, "field_invalid", "published_at"),
        ({"published_at": "2016-02-14T09:30:00"}, "field_invalid", "published_at"),
        ({"authors": "Claire"}, "field_invalid", "authors"),
        ({"authors": [1]}, "field_invalid", "authors"),
        ({"title": "t" * 5000}, "field_invalid", "title"),
        ({"language": "x" * 17}, "field_invalid", "language"),
    ],
)
def test_content_that_is_refused(publisher: Publisher, content: dict[str, Any], code: str, field: str) -> None:
    refused = publisher.put(**content)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)
    assert not Story.objects.exists()
