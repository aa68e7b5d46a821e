"""Reporting over JSON."""

from __future__ import annotations

import pytest
from django.test import Client

from comity.models import ReportCase
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


def test_unknown_foreign_removed_held_and_withdrawn_comments_are_not_reported(
    site: SiteShape, other_site: SiteShape, story: StoryShape
) -> None:
    def post(text: str, *, at: Program | None = None) -> int:
        return int((at or Program(site)).post(story.key, text).json()["comment"]["id"])

    author = Program(site)
    known, removed = post("Cet article éclaire bien la question."), post("Tu es un imbécile.")
    withdrawn = post("Un avis que son auteur retire.", at=author)
    assert author.call("DELETE", "api-comment", withdrawn).status_code == 200
    stranger, foreigner = Program(site), Program(other_site)
    for program, number in (
        (stranger, 0),
        (stranger, 10**9),
        (stranger, 2**62),
        (stranger, 2**70),
        (stranger, removed),
        (stranger, withdrawn),
        (foreigner, known),
    ):
        for reason in ("spam", "danger"):
            body = {"reason": reason, "explanation": "Quelqu’un annonce vouloir en finir."}
            answer = program.call("POST", "api-report", number, body=body)
            assert (answer.status_code, answer.json()["code"]) == (404, "comment_unknown"), number
    assert not ReportCase.objects.exists()
    assert stranger.call("POST", "api-report", known, body={"reason": "spam"}).status_code == 201
    assert ReportCase.objects.get().comment_id == known
