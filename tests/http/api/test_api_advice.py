"""Advice before posting, as a program gets it."""

from __future__ import annotations

import pytest

from comity.actions.house_rules import save_house_rule
from comity.models import Comment
from comity.queries.shapes import SiteShape
from tests.http.api.conftest import Program

pytestmark = [pytest.mark.database, pytest.mark.django_db]

RULE = {
    "key": "shouting",
    "title": {"fr": "Ton posé", "en": "Calm tone"},
    "text": {"fr": "On se parle sans crier.", "en": "We talk without shouting."},
    "ground": {"kind": "terms", "reference": {"fr": "Charte de la Gazette"}},
    "categories": ["values"],
    "outcome": "advise",
    "thresholds": {"advise": 0.5},
    "words": ["saperlipopette"],
}


@pytest.mark.usefixtures("story")
def test_a_problem_names_the_rule_and_holds_the_token(api: Program, site: SiteShape) -> None:
    save_house_rule(site=site, document=RULE)
    body = {"text": "Saperlipopette !", "author_name": "Anne"}
    answer = api.call(
        "POST", "api-post", "treve", body=body, query={"lang": "en"}, headers={"Idempotency-Key": "k" * 20}
    )
    assert answer.status_code == 409
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["field"]) == ("advice_given", "text")
    advice = problem["advice"]
    assert (advice["rule"], advice["version"], advice["title"]) == ("shouting", 1, "Calm tone")
    assert advice["text"] == "We talk without shouting."
    assert advice["expires_at"].endswith("Z")
    assert not Comment.objects.exists()
    # The same key may be used: nothing was stored under it.
    sent = {**body, "advice_token": advice["token"]}
    posted = api.call("POST", "api-post", "treve", body=sent, headers={"Idempotency-Key": "k" * 20})
    assert posted.status_code == 201, posted.content
    again = api.call("POST", "api-post", "treve", body=sent, headers={"Idempotency-Key": "k" * 20})
    assert again.json()["repeated"]
    assert Comment.objects.count() == 1


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("token", ["x", "é", "a.b", "x" * 5000])
def test_a_token_that_proves_nothing_brings_the_advice_again(api: Program, site: SiteShape, token: str) -> None:
    save_house_rule(site=site, document=RULE)
    body = {"text": "Saperlipopette !", "author_name": "Anne", "advice_token": token}
    assert api.call("POST", "api-post", "treve", body=body).json()["code"] == "advice_given"


def test_a_token_of_another_type_is_named(api: Program) -> None:
    body = {"text": "Bonjour.", "author_name": "Anne", "advice_token": 7}
    problem = api.call("POST", "api-post", "treve", body=body).json()
    assert (problem["code"], problem["field"]) == ("field_invalid", "advice_token")
