"""A newsroom that decides, and its site's own head."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.actions.house_rules import save_house_rule
from comity.actions.moderation import decide_comment
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.transitions import Move
from comity.screening.house_rules import parse, values_template
from tests.conversation.conftest import Clock, Post
from tests.decisions.conftest import clock, editor, guest, moderator, other_site, post, site, story

__all__ = ["GOSSIP", "clock", "editor", "guest", "moderator", "other_site", "post", "site", "story"]

_WHO = ("la boulangère", "le notaire", "ma voisine", "le pharmacien", "la coiffeuse", "le facteur", "son gendre")
_WHAT = (
    "a quitté son foyer en pleine nuit",
    "reçoit des visites quand les volets sont clos",
    "doit de l’argent à toute la rue",
    "ne dort plus chez lui depuis Noël",
    "aurait un second ménage en Bretagne",
)
GOSSIP = tuple(f"On raconte que {who} {what}" for who in _WHO for what in _WHAT)
"""Mild, and all different; the site's own words hold each of them."""

Decide = Callable[[int, Move], None]


@pytest.fixture
def values(site: SiteShape) -> None:
    """The site has a rule of its own values, which may remove once thirty decisions taught it."""
    (rule,) = parse(values_template()).rules
    document = rule.to_document() | {
        "outcome": "remove",
        "needs": ["learned"],
        "thresholds": {"hold": 0.6, "remove": 0.65},
        "words": ["on raconte que"],
    }
    save_house_rule(site=site, document=document)


@pytest.fixture
def decide(site: SiteShape, moderator: Actor, values: None, clock: Clock) -> Decide:
    """A person publishes a comment, or removes it for the site's values."""

    def make(comment_id: int, move: Move) -> None:
        decide_comment(
            actor=moderator,
            site=site,
            comment_id=comment_id,
            move=move,
            rule_key="values",
            now=clock.forward(seconds=1),
        )

    return make


@pytest.fixture
def gossip_removed(post: Post, decide: Decide) -> Callable[..., None]:
    """So many pieces of gossip are posted, held by the rule's own words, and removed by a person."""

    def make(count: int, *, first: int = 0) -> None:
        for text in GOSSIP[first : first + count]:
            _, posted = post(text)
            decide(posted.own.comment.id, Move.REMOVE)

    return make
