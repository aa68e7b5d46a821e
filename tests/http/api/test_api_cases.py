"""Reports over JSON for the newsroom: who sees whom, deciding, and evidence put aside for authorities."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comity.actions.readers import add_staff
from comity.models import PreservationEntry
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import StaffRole
from tests.http.api.conftest import PASSWORD, Program

pytestmark = [pytest.mark.database, pytest.mark.django_db]
WHY = "Une vie est peut-être en danger."
DANGER = {
    "reason": "danger",
    "explanation": "Quelqu’un annonce vouloir en finir.",
    "reporter_name": "Zoé Témoin",
    "reporter_email": "zoe@example.org",
}


class Staff:
    """A program of the newsroom's, behind a session, on Comity's own pages."""

    def __init__(self, client: Client, site: SiteShape) -> None:
        self.client, self.site = client, site

    def __call__(self, method: str, name: str, *parts: object, body: object = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            reverse(f"comity:{name}", args=parts),
            json.dumps(body).encode() if body is not None else b"",
            content_type="application/json",
            headers={"Sec-Fetch-Site": "same-origin", **headers},
            QUERY_STRING=f"site={self.site.key}",
        )


@pytest.fixture
def lead(editor: Client, site: SiteShape) -> Staff:
    return Staff(editor, site)


@pytest.fixture
def moderator(site: SiteShape) -> Staff:
    add_staff(site=site, username="marc", role=StaffRole.MODERATOR, name="Marc Relecteur", password=PASSWORD)
    client = Client()
    assert client.login(username="marc", password=PASSWORD)
    return Staff(client, site)


@pytest.fixture
def case(site: SiteShape, story: StoryShape, moderator: Staff) -> int:
    comment_id = Program(site).post(story.key, "Un avis inquiétant sur la frontière.").json()["comment"]["id"]
    assert Program(site).call("POST", "api-report", comment_id, body=DANGER).status_code == 201
    (found,) = moderator("GET", "api-cases").json()["cases"]
    assert (found["comment"]["id"], found["is_urgent"], found["count"]) == (comment_id, True, 1)
    return int(found["id"])


def test_who_reported_is_told_to_staff_with_the_right_alone(case: int, lead: Staff, moderator: Staff) -> None:
    (seen,) = lead("GET", "api-case", case).json()["reports"]
    assert (seen["reporter_name"], seen["reporter_email"]) == ("Zoé Témoin", "zoe@example.org")
    told = moderator("GET", "api-case", case)
    (seen,) = told.json()["reports"]
    assert (seen["reporter_name"], seen["reporter_email"], seen["reason"]) == (None, None, "danger")
    assert told.json()["evidence"] is None
    for page in (told, moderator("GET", "api-cases"), lead("GET", "api-cases")):
        assert "zoe@example.org" not in page.content.decode()
        assert page["Cache-Control"] == "private, no-store"


def test_evidence_from_putting_aside_to_letting_go(case: int, lead: Staff) -> None:
    put = lead("POST", "api-case-preserve", case, body={"why": WHY})
    assert (put.status_code, put.json()["evidence"]["kept"], put.json()["evidence"]["is_current"]) == (201, 1, True)
    file = lead("POST", "api-case-export", case, body={})
    assert file.json()["records"][0]["document"]["comment"]["text"] == "Un avis inquiétant sur la frontière."
    assert "zoe@example.org" not in file.content.decode()
    assert "zoe@example.org" in lead("POST", "api-case-export", case, body={"with_reporters": True}).content.decode()
    told = lead("POST", "api-case-told", case, body={"authority": "Police", "reference": "2026-0042"})
    steps = told.json()["evidence"]["steps"]
    assert [each["step"] for each in steps] == ["preserved", "exported", "exported", "told"]
    assert steps[1]["digest"] == sha256(file.content).hexdigest()
    assert (steps[3]["authority"], steps[3]["reference"], steps[3]["by"]) == ("Police", "2026-0042", "Claire Rédac")
    gone = lead("POST", "api-case-release", case, body={"why": "L’enquête est close."})
    assert (gone.status_code, gone.json()["evidence"]["kept"]) == (200, 0)
    again = lead("POST", "api-case-export", case, body={})
    assert (again.status_code, again.json()["code"]) == (409, "preserved_nothing")


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("api-case-preserve", {"why": "Bref"}, 422, "preservation_reason_missing"),
        ("api-case-preserve", {}, 422, "field_invalid"),
        ("api-case-told", {"authority": " "}, 422, "authority_missing"),
        ("api-case-told", {"authority": "Police", "told_at": "2999-01-01T00:00:00Z"}, 422, "field_invalid"),
        ("api-case-told", {"authority": "Police", "told_at": "demain"}, 422, "field_invalid"),
        ("api-case-release", {"why": WHY}, 409, "preserved_nothing"),
        ("api-case-decision", {"outcome": "explode"}, 422, "field_invalid"),
        ("api-case-decision", {"outcome": "remove", "rule": "nothing"}, 422, "field_invalid"),
    ],
)
def test_what_is_refused(case: int, lead: Staff, name: str, body: object, status: int, code: str) -> None:
    answer = lead("POST", name, case, body=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert lead("POST", name, 10**9, body={"why": WHY, "authority": "Police", "outcome": "keep"}).status_code == 404
    assert PreservationEntry.objects.count() == 0


def test_who_may(case: int, moderator: Staff, lead: Staff, site: SiteShape) -> None:
    body = {"why": WHY, "authority": "Police", "outcome": "keep"}
    for name in ("api-case-preserve", "api-case-export", "api-case-told", "api-case-release"):
        assert moderator("POST", name, case, body=body).json()["code"] == "permission_denied"
    stranger = Program(site)
    for method, name in (("GET", "api-case"), ("POST", "api-case-decision"), ("POST", "api-case-export")):
        answer = stranger.call(method, name, case, body=body if method == "POST" else None)
        assert answer.json()["code"] == "authentication_required"
    foreign = lead("POST", "api-case-export", case, body=body, **{"Sec-Fetch-Site": "cross-site"})
    assert foreign.json()["code"] == "cross_site_post"
    assert PreservationEntry.objects.count() == 0


def test_a_case_is_decided_once(case: int, moderator: Staff, lead: Staff) -> None:
    first = moderator("POST", "api-case-decision", case, body={"outcome": "remove", "rule": "insult"})
    assert (first.status_code, first.json()) == (200, {"state": "removed"})
    again = lead("POST", "api-case-decision", case, body={"outcome": "keep"})
    assert (again.status_code, again.json()["code"]) == (409, "case_already_decided")
    assert moderator("GET", "api-cases").json() == {"cases": []}
