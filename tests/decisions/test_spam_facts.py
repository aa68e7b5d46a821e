"""What a site remembers of networks and of hosts, and what the screening makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from comity.actions.editing import edit_comment
from comity.actions.erasure import erase_comment
from comity.actions.moderation import decide_comment
from comity.actions.upkeep import prune_receipts
from comity.models import CommentLink, DecisionEvidence, PostingReceipt
from comity.queries.shapes import SiteShape
from comity.queries.spam import MOST_HOSTS, NetworkHistory, network_history, standings
from comity.rules.actors import Actor
from comity.rules.transitions import Move
from comity.screening.types import LinkStanding
from tests.conversation.conftest import Clock, Post

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def refuse(site: SiteShape, moderator: Actor, clock: Clock) -> Callable[[int], object]:
    def make(comment_id: int) -> object:
        return decide_comment(
            actor=moderator, site=site, comment_id=comment_id, move=Move.REMOVE, rule_key="spam", now=clock.now
        )

    return make


def evidence_of(comment_id: int) -> set[str]:
    """What the first decision on a comment cites; nothing where nothing was found."""
    first = DecisionEvidence.objects.filter(decision__comment_id=comment_id).order_by("decision_id").first()
    return {code for codes in first.items for code in codes} if first is not None else set()


def test_a_host_that_stood_well_is_known_and_one_that_was_removed_weighs(
    post: Post, site: SiteShape, refuse: Callable[[int], object]
) -> None:
    _, first = post("Voyez https://www.bonne.example/un et le reste.")
    assert "link_unknown" in evidence_of(first.own.comment.id)
    _, second = post("Encore https://bonne.example/deux à lire.")
    assert evidence_of(second.own.comment.id).isdisjoint({"link_unknown", "link_removed_before"})
    for number in range(4):
        _, bad = post(f"Regardez https://mauvaise.example/{number} maintenant, le {number}.")
        refuse(bad.own.comment.id)
    _, again = post("Un autre https://mauvaise.example/zut ici.")
    assert "link_removed_before" in evidence_of(again.own.comment.id)
    assert standings(site_id=site.id, hosts=["bonne.example", "mauvaise.example", "nulle.example"]) == {
        "bonne.example": LinkStanding(published=2),
        "mauvaise.example": LinkStanding(published=int(again.own.status == "published"), removed=4),
        "nulle.example": LinkStanding(),
    }


def test_own_hosts_are_no_links_of_others(post: Post) -> None:
    _, posted = post("Lisez https://www.gazette.example/article donc.")
    assert "link_unknown" not in evidence_of(posted.own.comment.id)
    assert not CommentLink.objects.exists()


def test_only_so_many_hosts_are_looked_up(site: SiteShape, django_assert_num_queries: Callable[[int], object]) -> None:
    hosts = [f"h{number}.example" for number in range(10)]
    with django_assert_num_queries(MOST_HOSTS):  # type: ignore[attr-defined]  # pytest-django's context manager
        standings(site_id=site.id, hosts=hosts)


def test_links_follow_the_words_and_go_with_them(post: Post, site: SiteShape, clock: Clock) -> None:
    actor, posted = post("Voyez https://une.example/ et https://deux.example/ donc.")
    identity = posted.own.comment.id
    edit_comment(actor=actor, site=site, comment_id=identity, text="Voyez https://trois.example/ donc.", now=clock.now)
    assert set(CommentLink.objects.values_list("host", flat=True)) == {"trois.example"}
    erase_comment(site=site, comment_id=identity, now=clock.now)
    assert not CommentLink.objects.exists()


def test_a_network_is_known_for_a_day(
    post: Post, site: SiteShape, guest: Callable[[], Actor], refuse: Callable[[int], object], clock: Clock
) -> None:
    def known(digest: str) -> NetworkHistory:
        return network_history(site_id=site.id, network_digest=digest, now=clock.now)

    for number in range(3):
        _, posted = post(f"Un mot, le {number}.", actor=replace(guest(), network_digest="somewhere"))
        refuse(posted.own.comment.id)
    assert known("somewhere") == NetworkHistory(last_hour=3, removed=3)
    assert known("elsewhere") == known("") == NetworkHistory()
    _, later = post("Un mot encore.", actor=replace(guest(), network_digest="somewhere"))
    assert "network_removed_before" in evidence_of(later.own.comment.id)
    clock.forward(hours=2)
    assert known("somewhere") == NetworkHistory(last_hour=0, removed=3)
    prune_receipts(clock.forward(hours=23))
    assert known("somewhere") == NetworkHistory()
    assert not PostingReceipt.objects.exclude(network_digest="").exists()
