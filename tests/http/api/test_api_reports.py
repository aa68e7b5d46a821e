"""Reporting over JSON."""

from __future__ import annotations

import pytest
from django.test import Client

from comity.queries.shapes import SiteShape, StoryShape
from tests.http.api.conftest import Program

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_anybody_reports_and_gets_a_receipt(site: SiteShape, story: StoryShape) -> None:
    comment_id = Program(site).post(story.key, "Cet article éclaire bien la question.").json()["comment"]["id"]
    stranger = Program(site)
    first = stranger.call("POST", "api-report", comment_id, body={"reason": "spam"})
    again = stranger.call("POST", "api-report", comment_id, body={"reason": "spam"})
    assert (first.status_code, again.status_code) == (201, 200)
    told = first.json()
    assert (told["decided_by"], told["repeated"], again.json()["repeated"]) == ("person", False, True)
    assert told["receipt"] == again.json()["receipt"]
    assert Client().get(told["receipt"]).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"reason": "nothing"}, 422, "report_reason_missing"),
        ({"reason": "illegal", "explanation": "x" * 30}, 422, "report_good_faith_missing"),
        ({"reason": 3}, 422, "field_invalid"),
    ],
)
def test_a_report_that_is_none(
    site: SiteShape, story: StoryShape, body: dict[str, object], status: int, code: str
) -> None:
    comment_id = Program(site).post(story.key, "Cet article éclaire bien la question.").json()["comment"]["id"]
    answer = Program(site).call("POST", "api-report", comment_id, body=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Program(site).call("POST", "api-report", 10**9, body={"reason": "spam"}).status_code == 404
