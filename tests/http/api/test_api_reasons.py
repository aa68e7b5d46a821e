"""What JSON says of a comment that waits or was removed."""

from __future__ import annotations

import pytest
from django.test import Client

from comity.queries.shapes import SiteShape, StoryShape
from tests.http.api.conftest import Program

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_what_is_removed_is_answered_with_the_address_of_its_reasons(site: SiteShape, story: StoryShape) -> None:
    program = Program(site)
    answer = program.post(story.key, "Tu es un imbécile.")
    assert answer.status_code == 202
    told = answer.json()
    assert told["status"] == "removed"
    assert told["statement_of_reasons"].startswith("http://testserver/")
    assert Client().get(told["statement_of_reasons"]).status_code == 200
    (own,) = program.call("GET", "api-me", query={"key": story.key}).json()["comments"]
    assert own["statement_of_reasons"] == told["statement_of_reasons"]


def test_what_is_published_owes_none(site: SiteShape, story: StoryShape) -> None:
    answer = Program(site).post(story.key, "Cet article éclaire bien la question des frontières.")
    assert answer.status_code == 201
    assert answer.json()["statement_of_reasons"] is None
