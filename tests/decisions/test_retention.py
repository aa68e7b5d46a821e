"""Retention and erasure: tombstones in the place of words and names, each pass on record, the chain whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from comity.actions.editing import edit_comment
from comity.actions.erasure import erase_author, erase_comment, erase_email
from comity.actions.moderation import decide_comment
from comity.actions.reports import decide_case, file_report
from comity.actions.retention import run_due_retention, run_retention
from comity.actions.votes import cast_vote
from comity.events import AuthorErased, DataForgotten, DecisionsForgotten
from comity.models import (
    Comment,
    CommentRevision,
    Decision,
    DecisionEvidence,
    Device,
    EventRecord,
    Report,
    RetentionPass,
    Vote,
)
from comity.queries.decisions import verify_chain
from comity.queries.reports import open_cases
from comity.queries.retention import last_runs
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal
from comity.rules.reports import check_notice
from comity.rules.retention import DataClass, cutoffs
from comity.rules.transitions import Move
from tests.conversation.conftest import START, Clock, Post

pytestmark = pytest.mark.django_db
SPAM = "Gagnez http://a.example http://b.example http://c.example http://d.example http://e.example"


def _kinds() -> list[str]:
    kinds = {DecisionsForgotten.kind, DataForgotten.kind, AuthorErased.kind}
    return sorted(EventRecord.objects.filter(kind__in=kinds).values_list("kind", flat=True))


@pytest.fixture
def kept(post: Post, site: SiteShape, moderator: Actor, guest: Callable[[], Actor], clock: Clock) -> Actor:
    """Something of every class of data; gives back an author with an address, an edit and a vote."""
    author, posted = post("Un avis courtois.", author_email="anne@example.org")
    edit_comment(actor=author, site=site, comment_id=posted.own.comment.id, text="Un avis, revu.", now=clock.now)
    post(SPAM)
    signed = check_notice(
        reason="illegal",
        explanation="Ce passage accuse sans preuve.",
        name="Zoé Témoin",
        email="zoe@example.org",
        good_faith=True,
    )
    file_report(actor=guest(), site=site, comment_id=posted.own.comment.id, notice=signed, now=clock.now)
    (case,) = open_cases(site=site)
    decide_case(actor=moderator, site=site, case_id=case.id, remove=False, now=clock.now)
    _, other = post("Le vote est reporté à mardi.")
    cast_vote(actor=author, site=site, comment_id=other.own.comment.id, value=1, now=clock.now)
    return author


def _words() -> tuple[int, int, int, int]:
    """How many revisions, pieces of evidence, addresses and reporters are still there."""
    return (
        CommentRevision.objects.exclude(text_source="").count(),
        DecisionEvidence.objects.exclude(items=[]).count(),
        Comment.objects.exclude(author_email="").count(),
        Report.objects.exclude(reporter_name="", reporter_email="").count(),
    )


def test_what_has_served_its_time_becomes_a_tombstone_and_the_chain_holds(
    kept: Actor, site: SiteShape, clock: Clock
) -> None:
    assert _words() == (1, 1, 1, 1)
    assert not any(run_retention(site_id=site.id, note="trop tôt", now=clock.forward(days=100)).values())
    assert _words() == (1, 1, 1, 1)
    counts = run_retention(site_id=site.id, note="un an", now=clock.forward(days=300))
    assert _words() == (0, 0, 0, 0)
    assert counts == {
        DataClass.DETAILS: Decision.objects.count(),
        DataClass.EVIDENCE: 1,
        DataClass.REVISIONS: 1,
        DataClass.NETWORKS: 0,
        DataClass.REPORTERS: 1,
        DataClass.ADDRESSES: 1,
    }
    assert Comment.objects.get(pk=Comment.objects.earliest("pk").pk).text_source == "Un avis, revu."
    found = verify_chain(site_id=site.id)
    assert (found.fault, found.without_details) == ("", Decision.objects.count())
    first, second = RetentionPass.objects.order_by("pk")
    assert (first.counts, first.is_open, second.note, second.is_open) == ({}, False, "un an", False)
    assert second.counts["details"] == second.decision_count == Decision.objects.count()
    assert _kinds() == [DataForgotten.kind, DecisionsForgotten.kind]


def test_the_schedule_looks_at_each_site_once_a_day(
    kept: Actor, site: SiteShape, other_site: SiteShape, clock: Clock
) -> None:
    now = clock.forward(days=400)
    assert run_due_retention(now) > 0
    assert run_due_retention(clock.forward(hours=23)) == 0
    assert RetentionPass.objects.filter(site_id=site.id).count() == 1
    run_due_retention(clock.forward(hours=2))
    assert RetentionPass.objects.filter(site_id=site.id).count() == 2
    assert [(each.site_key, each.last_run) for each in last_runs()] == [
        ("gazette", clock.now),
        ("tribune", clock.now),
    ]


def test_more_than_one_pass_can_hold_is_let_go_in_several(
    kept: Actor, site: SiteShape, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.actions.retention.ROWS_AT_ONCE", 2)
    counts = run_retention(site_id=site.id, note="un an", now=clock.forward(days=400))
    assert counts[DataClass.DETAILS] == Decision.objects.count()
    assert sum(RetentionPass.objects.values_list("decision_count", flat=True)) == Decision.objects.count()
    assert verify_chain(site_id=site.id).fault == ""


def test_evidence_is_emptied_in_a_pass_and_never_otherwise(kept: Actor, site: SiteShape, clock: Clock) -> None:
    for act in (
        lambda: DecisionEvidence.objects.update(items=[["autre"]]),
        lambda: DecisionEvidence.objects.update(items=[], erased_at=clock.now),
        lambda: DecisionEvidence.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    RetentionPass.objects.create(site_id=site.id, before=None, note="-", started_at=clock.now)
    for change in ({"items": [["autre"]], "erased_at": clock.now}, {"items": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DecisionEvidence.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():  # an erasure opens no decision
        Decision.objects.update(salt="", findings=[], citations=[], notes=[])
    assert DecisionEvidence.objects.exclude(items=[]).count() == 1


@pytest.mark.parametrize(("days", "kept_days"), [(0, None), (30, 184), (184, 184), (365, 365)])
def test_nothing_that_can_be_appealed_has_served_its_time(days: int, kept_days: int | None) -> None:
    found = cutoffs({DataClass.DETAILS: days, DataClass.NETWORKS: days}, now=START)
    assert ((START - found[DataClass.DETAILS]).days if found else None) == kept_days
    assert not found or (START - found[DataClass.NETWORKS]).days == days


def test_an_author_is_erased_with_every_comment_and_comes_back_as_somebody_new(
    kept: Actor, post: Post, site: SiteShape, clock: Clock
) -> None:
    post("Un second avis du même auteur.", actor=kept)
    comment_id = Comment.objects.earliest("pk").pk
    digest = Device.objects.get(pk=kept.device_id).token_digest
    assert erase_author(site=site, comment_id=comment_id, now=clock.now) == 2
    assert not Device.objects.filter(token_digest=digest).exists()
    assert Comment.objects.filter(author_name="", text_source="").count() == 2
    vote = Vote.objects.get()
    assert vote.comment.up_count == 1
    assert EventRecord.objects.get(kind=AuthorErased.kind).subjects == {"device_id": kept.device_id, "reader_id": None}
    assert verify_chain(site_id=site.id).fault == ""
    with pytest.raises(Refusal, match="author_unknown"):
        erase_author(site=site, comment_id=comment_id, now=clock.now)
    for number in (0, 10**9, 2**70):
        with pytest.raises(Refusal, match="author_unknown"):
            erase_author(site=site, device_id=number, now=clock.now)
        with pytest.raises(Refusal, match="comment_unknown"):
            erase_author(site=site, comment_id=number, now=clock.now)


def test_no_author_of_another_site_is_erased(kept: Actor, site: SiteShape, other_site: SiteShape, clock: Clock) -> None:
    with pytest.raises(Refusal, match="author_unknown"):
        erase_author(site=other_site, device_id=kept.device_id, now=clock.now)
    with pytest.raises(Refusal, match="comment_unknown"):
        erase_author(site=other_site, comment_id=Comment.objects.earliest("pk").pk, now=clock.now)
    assert erase_email(site=other_site, email="anne@example.org", now=clock.now) == (0, 0)


def test_everything_under_an_address_is_erased(kept: Actor, site: SiteShape, clock: Clock) -> None:
    assert erase_email(site=site, email=" Anne@Example.org ", now=clock.now) == (1, 0)
    assert erase_email(site=site, email="zoe@example.org", now=clock.now) == (0, 1)
    assert _words()[2:] == (0, 0)
    with pytest.raises(Refusal, match="email_missing"):
        erase_email(site=site, email=" ", now=clock.now)


def test_what_is_said_of_danger_waits_for_its_decision(
    post: Post, site: SiteShape, moderator: Actor, guest: Callable[[], Actor], clock: Clock
) -> None:
    _, posted = post("Un avis inquiétant.", author_email="anne@example.org")
    danger = check_notice(
        reason="danger", explanation="Quelqu’un annonce vouloir en finir.", name="", email="", good_faith=False
    )
    comment_id = posted.own.comment.id
    file_report(
        actor=replace(guest(), network_digest="x"), site=site, comment_id=comment_id, notice=danger, now=clock.now
    )
    with pytest.raises(Refusal, match="erasure_barred"):
        erase_comment(site=site, comment_id=comment_id, now=clock.now)
    run_retention(site_id=site.id, note="un an", now=clock.forward(days=400))
    assert Comment.objects.get(pk=comment_id).author_email == "anne@example.org"
    decide_comment(
        actor=moderator, site=site, comment_id=comment_id, move=Move.REMOVE, rule_key="insult", now=clock.now
    )
    assert erase_comment(site=site, comment_id=comment_id, now=clock.now)
