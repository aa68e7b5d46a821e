"""A decision shows the words of the rule's version that it cites, whatever became of the rule since."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.actions.house_rules import save_house_rule
from comity.actions.screener import engine_of
from comity.models import CitedRule, Decision, HouseRule
from comity.queries.house_rules import rules_of
from comity.queries.reasons import read_statement
from comity.queries.shapes import SiteShape
from comity.screening.house_rules import shipped
from tests.conversation.conftest import Clock, Post

pytestmark = [pytest.mark.database, pytest.mark.django_db]

INSULT = "Tu es un imbécile."


def said(site: SiteShape, token: str, clock: Clock) -> str:
    parts = read_statement(site=site, token=token, now=clock.now).statement.parts
    return " ".join(sentence for _, sentences in parts for sentence in sentences)


@pytest.fixture
def reworded(site: SiteShape, clock: Clock) -> Callable[[str], int]:
    """Saves the rule against insults with another title, in force at once."""
    rule = shipped().rule("insult")
    assert rule is not None

    def save(title: str) -> int:
        document = {**rule.to_document(), "title": {"fr": title}}
        return save_house_rule(site=site, document=document, in_force_from=clock.now, now=clock.now)

    return save


def test_a_rule_that_was_deleted(post: Post, site: SiteShape, clock: Clock, reworded: Callable[[str], int]) -> None:
    reworded("Gros mots")
    _, posted = post(INSULT)
    HouseRule.objects.all().delete()
    assert "Gros mots" in said(site, posted.own.statement_token, clock)
    decision = Decision.objects.get(comment_id=posted.own.comment.id)
    assert (decision.rule_key, decision.rule_version) == ("insult", 2)


def test_a_rule_of_the_site_s_own_that_was_deleted_or_switched_off(post: Post, site: SiteShape, clock: Clock) -> None:
    own = {
        "key": "pirates",
        "title": {"fr": "Pirates"},
        "text": {"fr": "Pas de pirates."},
        "ground": {"kind": "terms", "reference": {"fr": "Charte"}},
        "categories": ["values"],
        "thresholds": {"hold": 0.6},
        "words": ["flibustier"],
    }
    save_house_rule(site=site, document=own, in_force_from=clock.now, now=clock.now)
    _, posted = post("Voici un flibustier.")
    save_house_rule(site=site, document={**own, "enabled": False}, in_force_from=clock.now, now=clock.now)
    rule = rules_of(site.id, now=clock.forward(seconds=1)).rule("pirates")
    assert rule is not None
    assert not rule.enabled
    assert "Pas de pirates." in said(site, posted.own.statement_token, clock)
    HouseRule.objects.all().delete()
    assert rules_of(site.id).rule("pirates") is None
    assert "Pas de pirates." in said(site, posted.own.statement_token, clock)


def test_a_version_saved_between_screening_and_writing(
    post: Post, site: SiteShape, clock: Clock, reworded: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decision cites the version by which the comment was screened, and keeps that one's words."""
    reworded("La première")
    engine = type(engine_of(site.id)[0])
    screen = engine.screen
    saved = []

    def screen_while_an_editor_saves(self: object, *given: object) -> object:
        verdict = screen(self, *given)  # type: ignore[arg-type]  # the engine's own arguments
        if not saved:
            saved.append(reworded("La seconde"))
        return verdict

    monkeypatch.setattr(engine, "screen", screen_while_an_editor_saves)
    _, posted = post(INSULT)
    assert saved == [3]
    decision = Decision.objects.get(comment_id=posted.own.comment.id)
    assert decision.rule_version == 2
    assert CitedRule.objects.get(key="insult", version=2).document["title"] == {"fr": "La première"}
    assert "La première" in said(site, posted.own.statement_token, clock)


def test_a_rule_changed_after_it_was_cited(
    post: Post, site: SiteShape, clock: Clock, reworded: Callable[[str], int]
) -> None:
    _, posted = post(INSULT)
    reworded("Tout autre chose")
    clock.forward(seconds=1)
    assert "Injure" in said(site, posted.own.statement_token, clock)
    assert "Tout autre chose" not in said(site, posted.own.statement_token, clock)
