"""Danger for life or safety (DSA 18): put aside, taken out, told, let go; on record, and out of reach until then."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from comity.actions.editing import edit_comment, withdraw_comment
from comity.actions.erasure import erase_author, erase_comment
from comity.actions.moderation import decide_comment
from comity.actions.preservation import export_case, preserve_case, record_told, release_case
from comity.actions.reports import file_report
from comity.actions.retention import run_retention
from comity.events import EvidenceHandled
from comity.models import (
    Comment,
    CommentRevision,
    DecisionEvidence,
    EventRecord,
    PreservationEntry,
    PreservedRecord,
    Report,
)
from comity.queries.decisions import verify_chain
from comity.queries.preservation import put_aside, read_preservation
from comity.queries.reports import open_cases
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.preservation import document_digest
from comity.rules.refusals import Refusal
from comity.rules.reports import check_notice
from comity.rules.transitions import Move
from tests.conversation.conftest import Clock, Post

pytestmark = pytest.mark.django_db
TEXT = "Un avis inquiétant sur la frontière."
WHY = "Une vie est peut-être en danger."
DANGER = check_notice(
    reason="danger",
    explanation="Quelqu’un annonce vouloir en finir.",
    name="Zoé Témoin",
    email="zoe@example.org",
    good_faith=False,
)


@pytest.fixture
def author(post: Post) -> Actor:
    actor, _ = post(TEXT, author_email="anne@example.org")
    return actor


@pytest.fixture
def case_id(author: Actor, site: SiteShape, guest: Callable[[], Actor], clock: Clock) -> int:
    comment_id = Comment.objects.get(text_source=TEXT).pk
    file_report(actor=guest(), site=site, comment_id=comment_id, notice=DANGER, now=clock.now)
    (case,) = open_cases(site=site)
    return case.id


@pytest.fixture
def aside(case_id: int, site: SiteShape, editor: Actor, clock: Clock) -> int:
    """The case, put aside."""
    preserve_case(actor=editor, site=site, case_id=case_id, why=WHY, now=clock.forward(minutes=1))
    return case_id


@pytest.fixture
def taken_out(aside: int, site: SiteShape, editor: Actor, clock: Clock) -> Callable[..., dict[str, Any]]:
    def export(*, with_reporters: bool = False) -> dict[str, Any]:
        body = export_case(actor=editor, site=site, case_id=aside, with_reporters=with_reporters, now=clock.now)
        found: dict[str, Any] = json.loads(body)
        return found

    return export


def _texts() -> list[str]:
    return [each.document["comment"]["text"] for each in PreservedRecord.objects.order_by("pk")]


def test_danger_comes_first(
    post: Post, site: SiteShape, guest: Callable[[], Actor], clock: Clock, request: pytest.FixtureRequest
) -> None:
    _, other = post("Un autre avis sur la frontière.")
    said = check_notice(reason="insult", explanation="", name="", email="", good_faith=False)
    file_report(actor=guest(), site=site, comment_id=other.own.comment.id, notice=said, now=clock.now)
    request.getfixturevalue("author")
    clock.forward(minutes=1)
    comment_id = Comment.objects.get(text_source=TEXT).pk
    file_report(actor=guest(), site=site, comment_id=comment_id, notice=DANGER, now=clock.now)
    first, second = open_cases(site=site)
    assert (first.is_urgent, first.comment.id, second.is_urgent) == (True, comment_id, False)


def test_every_step_is_kept_with_who_when_and_why(aside: int, site: SiteShape, editor: Actor, clock: Clock) -> None:
    body = export_case(actor=editor, site=site, case_id=aside, with_reporters=False, now=clock.forward(minutes=1))
    told_at = clock.now
    record_told(
        actor=editor,
        site=site,
        case_id=aside,
        authority=" Police,  le 17 ",
        reference="2026-0042",
        told_at=told_at,
        now=clock.forward(minutes=5),
    )
    record_told(actor=editor, site=site, case_id=aside, authority="Pharos", now=clock.forward(minutes=5))
    assert release_case(actor=editor, site=site, case_id=aside, why="La personne est saine et sauve.", now=clock.now)
    found = read_preservation(site=site, case_id=aside, actor=editor)
    assert [each.step.value for each in found.steps] == ["preserved", "exported", "told", "told", "released"]
    assert {each.by for each in found.steps} == {"Claire Rédac"}
    preserved, exported, told, again, released = found.steps
    assert (preserved.why, preserved.digest) == (WHY, PreservedRecord.objects.get().digest)
    assert exported.digest == sha256(body).hexdigest()
    assert (told.authority, told.reference, told.told_at) == ("Police, le 17", "2026-0042", told_at)
    assert (again.authority, again.reference, again.told_at) == ("Pharos", "", clock.now)
    assert (released.why, found.kept) == ("La personne est saine et sauve.", 0)
    recorded = list(EventRecord.objects.filter(kind=EvidenceHandled.kind).order_by("pk"))
    entries = PreservationEntry.objects.order_by("pk").values_list("pk", flat=True)
    assert [each.subjects["entry_id"] for each in recorded] == list(entries)
    assert WHY not in str([each.subjects for each in recorded])


def test_the_file_holds_words_author_decisions_and_times_and_who_reported_only_when_asked(
    taken_out: Callable[..., dict[str, Any]],
) -> None:
    found = taken_out()
    (record,) = found["records"]
    document = record["document"]
    assert document_digest(document) == record["digest"]
    assert document["comment"]["text"] == TEXT
    assert (document["author"]["name"], document["author"]["email"]) == ("Anne", "anne@example.org")
    assert document["author"]["device"]["comments"] == 1
    assert [each["outcome"] for each in document["decisions"]] == ["publish"]
    assert document["reports"][0]["explanation"] == DANGER.explanation
    assert found["case"]["is_urgent"]
    assert (found["exported_by"], [each["step"] for each in found["steps"]]) == ("Claire Rédac", ["preserved"])
    assert "zoe@example.org" not in json.dumps(found)
    named = taken_out(with_reporters=True)
    (reporter,) = named["reporters"]
    assert (reporter["name"], reporter["email"]) == ("Zoé Témoin", "zoe@example.org")
    assert [each.with_reporters for each in PreservationEntry.objects.filter(step="exported").order_by("pk")] == [
        False,
        True,
    ]


def test_neither_edit_nor_withdrawal_reaches_what_is_put_aside(
    aside: int, author: Actor, site: SiteShape, editor: Actor, clock: Clock
) -> None:
    comment_id = Comment.objects.get(text_source=TEXT).pk
    assert read_preservation(site=site, case_id=aside, actor=editor).is_current
    edit_comment(actor=author, site=site, comment_id=comment_id, text="Un avis sur autre chose.", now=clock.now)
    assert not read_preservation(site=site, case_id=aside, actor=editor).is_current
    withdraw_comment(actor=author, site=site, comment_id=comment_id, now=clock.now)
    assert _texts() == [TEXT]
    preserve_case(actor=editor, site=site, case_id=aside, why=WHY, now=clock.now)
    last = PreservedRecord.objects.latest("pk").document["comment"]
    assert (last["text"], last["status"]) == ("Un avis sur autre chose.", "withdrawn")
    assert [each["text"] for each in last["earlier_versions"]] == [TEXT]


def test_an_erasure_puts_aside_what_has_changed_and_takes_the_rest(
    aside: int, author: Actor, site: SiteShape, editor: Actor, clock: Clock
) -> None:
    comment_id = Comment.objects.get(text_source=TEXT).pk
    edit_comment(actor=author, site=site, comment_id=comment_id, text="Un avis sur autre chose.", now=clock.now)
    assert erase_author(site=site, comment_id=comment_id, now=clock.now) == 1
    assert Comment.objects.get(pk=comment_id).text_source == ""
    assert _texts() == [TEXT, "Un avis sur autre chose."]
    assert PreservedRecord.objects.latest("pk").document["author"]["email"] == "anne@example.org"
    steps = read_preservation(site=site, case_id=aside, actor=editor).steps
    assert [(each.step.value, each.by) for each in steps] == [("preserved", "Claire Rédac"), ("preserved", "")]
    assert verify_chain(site_id=site.id).fault == ""


def test_an_erasure_of_what_has_not_changed_puts_nothing_aside_again(aside: int, site: SiteShape, clock: Clock) -> None:
    erase_comment(site=site, comment_id=Comment.objects.get(text_source=TEXT).pk, now=clock.now)
    assert _texts() == [TEXT]


def test_retention_spares_what_is_put_aside_until_it_is_let_go(
    aside: int, author: Actor, site: SiteShape, editor: Actor, moderator: Actor, clock: Clock
) -> None:
    comment_id = Comment.objects.get(text_source=TEXT).pk
    edit_comment(actor=author, site=site, comment_id=comment_id, text="Tu es un imbécile.", now=clock.now)
    decide_comment(actor=moderator, site=site, comment_id=comment_id, move=Move.PUBLISH, now=clock.now)

    def left() -> tuple[int, int, int, int]:
        return (
            DecisionEvidence.objects.exclude(items=[]).count(),
            CommentRevision.objects.exclude(text_source="").count(),
            Comment.objects.exclude(author_email="").count(),
            Report.objects.exclude(reporter_name="").count(),
        )

    before = left()
    assert min(before) == 1
    run_retention(site_id=site.id, note="un an", now=clock.forward(days=800))
    assert left() == before
    assert verify_chain(site_id=site.id).without_details == 0
    release_case(actor=editor, site=site, case_id=aside, why="L’enquête est close.", now=clock.now)
    run_retention(site_id=site.id, note="un an", now=clock.now)
    assert left() == (0, 0, 0, 0)
    assert PreservedRecord.objects.get().document == {}
    assert len(PreservedRecord.objects.get().digest) == 64
    assert verify_chain(site_id=site.id).fault == ""


def test_the_database_lets_nobody_change_what_is_put_aside_or_any_step(
    aside: int, site: SiteShape, editor: Actor, clock: Clock
) -> None:
    for act in (
        lambda: PreservedRecord.objects.update(document={"comment": "autre"}),
        lambda: PreservedRecord.objects.update(document={}),
        lambda: PreservedRecord.objects.update(released_at=clock.now),
        lambda: PreservedRecord.objects.update(document={}, released_at=clock.now, digest="0" * 64),
        lambda: PreservedRecord.objects.all().delete(),
        lambda: PreservationEntry.objects.update(why="autre chose"),
        lambda: PreservationEntry.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    release_case(actor=editor, site=site, case_id=aside, why="L’enquête est close.", now=clock.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        PreservedRecord.objects.update(document={"comment": "autre"}, released_at=clock.now)


def test_what_is_refused(case_id: int, site: SiteShape, other_site: SiteShape, editor: Actor, clock: Clock) -> None:
    call: dict[str, Any] = {"actor": editor, "site": site, "case_id": case_id, "now": clock.now}
    elsewhere = {**call, "site": other_site, "actor": replace(editor, site_id=other_site.id)}
    long = "x" * 600
    for code, act in (
        ("preservation_reason_missing", lambda: preserve_case(**call, why=" Oui ")),
        ("text_too_long", lambda: preserve_case(**call, why=long)),
        ("case_unknown", lambda: preserve_case(**elsewhere, why=WHY)),
        ("preserved_nothing", lambda: export_case(**call, with_reporters=False)),
        ("case_unknown", lambda: export_case(**elsewhere, with_reporters=False)),
        ("preserved_nothing", lambda: release_case(**call, why=WHY)),
        ("preservation_reason_missing", lambda: release_case(**call, why="")),
        ("authority_missing", lambda: record_told(**call, authority=" \n ")),
        ("text_too_long", lambda: record_told(**call, authority=long)),
        ("text_too_long", lambda: record_told(**call, authority="Police", reference=long)),
        (
            "field_invalid",
            lambda: record_told(
                **{**call, "now": clock.now}, authority="Police", told_at=clock.now.replace(year=clock.now.year + 1)
            ),
        ),
        ("case_unknown", lambda: record_told(**elsewhere, authority="Police")),
        ("case_unknown", lambda: preserve_case(**{**call, "case_id": 2**70}, why=WHY)),
    ):
        with pytest.raises(Refusal, match=code):
            act()
    assert PreservationEntry.objects.count() == PreservedRecord.objects.count() == 0


def test_it_takes_a_right_of_its_own(aside: int, site: SiteShape, moderator: Actor, clock: Clock) -> None:
    stranger = Actor(site_id=site.id)
    for actor, code in ((moderator, "permission_denied"), (stranger, "authentication_required")):
        call: dict[str, Any] = {"actor": actor, "site": site, "case_id": aside, "now": clock.now}
        for act in (
            lambda: preserve_case(**call, why=WHY),  # noqa: B023 - called at once
            lambda: export_case(**call, with_reporters=False),  # noqa: B023 - called at once
            lambda: record_told(**call, authority="Police"),  # noqa: B023 - called at once
            lambda: release_case(**call, why=WHY),  # noqa: B023 - called at once
            lambda: read_preservation(site=site, case_id=aside, actor=actor),  # noqa: B023 - called at once
        ):
            with pytest.raises(Refusal, match=code):
                act()
    assert PreservationEntry.objects.count() == 1


def test_an_erasure_waits_while_danger_waits_and_nothing_is_put_aside(
    aside: int, site: SiteShape, editor: Actor, clock: Clock
) -> None:
    comment_id = Comment.objects.get(text_source=TEXT).pk
    release_case(actor=editor, site=site, case_id=aside, why="Mis de côté par erreur.", now=clock.now)
    with pytest.raises(Refusal, match="erasure_barred"):
        erase_comment(site=site, comment_id=comment_id, now=clock.now)


def test_the_doctor_reads_what_waits_and_what_is_put_aside(
    case_id: int, site: SiteShape, editor: Actor, clock: Clock
) -> None:
    (found,) = put_aside()
    assert (found.records, found.oldest, found.waiting) == (0, None, 1)
    preserve_case(actor=editor, site=site, case_id=case_id, why=WHY, now=clock.now)
    (found,) = put_aside()
    assert (found.records, found.oldest, found.waiting, found.spoilt) == (1, clock.now, 0, 0)
