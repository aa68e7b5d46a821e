"""The database itself refuses to change or delete a decision, and the chain betrays whoever gets past it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comity.actions.erasure import erase_comment
from comity.actions.moderation import decide_comment
from comity.actions.retention import forget_decision_details
from comity.events import CommentErased, DecisionsForgotten
from comity.models import Comment, Decision, DecisionChain, DecisionEvidence, EventRecord, RetentionPass
from comity.queries.decisions import verify_chain, verify_chains
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.chain import content_digest, link_digest
from comity.rules.refusals import Refusal
from comity.rules.transitions import Move
from tests.conversation.conftest import Clock, Post

pytestmark = pytest.mark.django_db
SPAM = "Gagnez http://a.example http://b.example http://c.example http://d.example http://e.example"


@pytest.fixture
def decided(post: Post, site: SiteShape, editor: Actor, clock: Clock) -> list[int]:
    """Three comments, one of them removed and published again: five decisions."""
    ids = [post(f"Un commentaire courtois, le numéro {number}.")[1].own.comment.id for number in range(3)]
    for move in (Move.REMOVE, Move.PUBLISH):
        decide_comment(
            actor=editor, site=site, comment_id=ids[1], move=move, rule_key="insult", now=clock.forward(minutes=1)
        )
    return ids


@contextmanager
def guard_away() -> Iterator[None]:
    """What somebody with the database's own password could do."""
    guard = import_module("comity.migrations.0003_decisions_never_edited")

    def run(act: object) -> None:
        for statement in act:  # type: ignore[attr-defined]  # a tuple of SQL
            with connection.cursor() as cursor:
                cursor.execute(statement)

    sqlite = connection.vendor == "sqlite"
    run(guard._SQLITE_DROP if sqlite else guard._POSTGRES_DROP)
    yield
    if not connection.needs_rollback:
        run(guard._SQLITE_MAKE if sqlite else guard._POSTGRES_MAKE)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "remove"},
        {"rule_key": "spam"},
        {"decided_at": "2020-01-01 00:00:00+00:00"},
        {"findings": [{"category": "spam"}]},
        {"salt": ""},
        {"digest": "0" * 64},
        {"staff": None},
    ],
)
def test_an_update_is_refused(decided: list[int], change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(**change)
    assert Decision.objects.count() == 5


def test_a_deletion_is_refused(decided: list[int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(reverses__isnull=False).delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM comity_decision WHERE reverses_id IS NOT NULL")
    assert Decision.objects.count() == 5


def test_the_chain_of_what_was_done_holds(decided: list[int], site: SiteShape, other_site: SiteShape) -> None:
    found = verify_chain(site_id=site.id)
    assert (found.decisions, found.broken_at, found.fault, found.without_details) == (5, None, "", 0)
    assert [each.site_key for each in verify_chains()] == ["gazette", "tribune"]
    assert list(Decision.objects.order_by("pk").values_list("sequence", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("tamper", "fault", "at"),
    [
        (lambda rows: rows.filter(sequence=3).update(outcome="hold"), "content", 3),
        (lambda rows: rows.filter(sequence=3).update(findings=[{"category": "spam"}]), "content", 3),
        (lambda rows: rows.filter(sequence=3).update(salt=""), "details", 3),
        (lambda rows: rows.filter(sequence=2).update(content_digest="0" * 64), "link", 2),
        (lambda rows: rows.filter(sequence=1)._raw_delete("default"), "gap", 1),
        (lambda rows: rows.filter(sequence=5)._raw_delete("default"), "head", 5),
        (lambda rows: rows.filter(sequence=4).update(staff=None), "content", 4),
    ],
)
def test_the_chain_names_the_first_link_that_does_not_hold(
    decided: list[int], site: SiteShape, tamper: object, fault: str, at: int
) -> None:
    with transaction.atomic(), guard_away():
        tamper(Decision.objects.all())  # type: ignore[operator]  # a lambda of the table above
        found = verify_chain(site_id=site.id)
        transaction.set_rollback(True)  # the keys that lead to what was deleted are never checked
    assert (found.fault, found.broken_at) == (fault, at)


def test_a_chain_whose_head_is_gone_does_not_hold(decided: list[int], site: SiteShape) -> None:
    DecisionChain.objects.filter(site_id=site.id).delete()
    assert verify_chain(site_id=site.id).fault == "head"


def test_retention_takes_details_and_leaves_the_chain_and_a_record(
    decided: list[int], site: SiteShape, clock: Clock
) -> None:
    before = clock.now
    later = clock.forward(days=200)
    assert forget_decision_details(site=site, before=before, note="Six mois passés", now=later) == 4
    assert list(Decision.objects.filter(salt="").values_list("findings", "citations", "notes").distinct()) == [
        ([], [], [])
    ]
    found = verify_chain(site_id=site.id)
    assert (found.fault, found.decisions, found.without_details) == ("", 5, 4)
    record = RetentionPass.objects.get()
    assert (record.decision_count, record.is_open, record.note) == (4, False, "Six mois passés")
    event = EventRecord.objects.get(kind=DecisionsForgotten.kind)
    assert event.subjects == {"retention_pass_id": record.pk}
    with pytest.raises(IntegrityError), transaction.atomic():  # a closed pass opens nothing, and cannot be opened again
        Decision.objects.update(salt="")
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionPass.objects.update(is_open=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionPass.objects.all().delete()


def test_an_open_pass_still_lets_nothing_through_but_details(decided: list[int], site: SiteShape, clock: Clock) -> None:
    RetentionPass.objects.create(site_id=site.id, before=clock.now, note="-", started_at=clock.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(sequence=1).update(salt="", outcome="remove")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(decided_at__gte=clock.now).update(salt="", findings=[])


@pytest.mark.parametrize(("days", "note"), [(30, "trop tôt"), (200, "  ")])
def test_retention_within_the_time_to_appeal_or_without_a_word_is_refused(
    decided: list[int], site: SiteShape, clock: Clock, days: int, note: str
) -> None:
    with pytest.raises(Refusal, match="field_invalid"):
        forget_decision_details(site=site, before=clock.now, note=note, now=clock.forward(days=days))


def test_erasure_takes_words_and_author_and_leaves_decisions_whole(post: Post, site: SiteShape, clock: Clock) -> None:
    _, parent = post("Une question ?", author_email="anne@example.org")
    parent_id = parent.own.comment.id
    post("Une réponse.", parent=parent_id)
    _, spam = post(SPAM)
    for comment_id in (parent_id, spam.own.comment.id):
        assert erase_comment(site=site, comment_id=comment_id, now=clock.now)
        assert not erase_comment(site=site, comment_id=comment_id, now=clock.now)
    row = Comment.objects.get(pk=parent_id)
    assert (row.text_source, row.text_html, row.author_name, row.author_email, row.device) == ("", "", "", "", None)
    assert (row.status, row.is_shown, row.reply_count) == ("withdrawn", True, 1)  # the branch stays readable
    assert not DecisionEvidence.objects.exclude(items=[]).exists()
    assert verify_chain(site_id=site.id).fault == ""
    assert EventRecord.objects.filter(kind=CommentErased.kind).count() == 2


def test_evidence_is_kept_apart_from_the_decision(post: Post) -> None:
    post(SPAM)
    evidence = DecisionEvidence.objects.get()
    assert len(evidence.items) == len(evidence.decision.findings)
    assert any(evidence.items)
    assert "evidence" not in str(evidence.decision.findings)


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.lists(st.integers())), st.text(max_size=32))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
def test_a_content_has_one_digest_whatever_the_order_of_its_names(content: dict[str, object], salt: str) -> None:
    turned = dict(reversed(list(content.items())))
    assert content_digest(salt, content) == content_digest(salt, turned)
    assert content_digest(salt, content) != content_digest(salt + "x", content)
    assert content_digest(salt, content) != content_digest(salt, {**content, "more": 1, "": 0})


def test_a_link_depends_on_everything_before_it() -> None:
    first = link_digest("", sequence=1, content="a")
    assert len({first, link_digest("", sequence=2, content="a"), link_digest("", sequence=1, content="b")}) == 3
    assert link_digest(first, sequence=2, content="b") != link_digest("", sequence=2, content="b")


def test_decisions_from_before_there_was_a_chain_are_linked(decided: list[int], site: SiteShape) -> None:
    with guard_away():
        Decision.objects.update(salt="", content_digest="", previous_digest="", digest="")
        DecisionChain.objects.all().delete()
        import_module("comity.migrations.0003_decisions_never_edited").link(apps, None)
    found = verify_chain(site_id=site.id)
    assert (found.decisions, found.fault, found.without_details) == (5, "", 0)
