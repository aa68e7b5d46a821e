"""Reports: gathered by comment, limited without shutting anybody out, decided by people, seen by the entitled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from comity.actions.moderation import decide_comment
from comity.actions.replies import answer_reply, request_reply
from comity.actions.reports import decide_case, file_report
from comity.events import ReportFiled, ReportsDecided
from comity.models import Comment, Decision, EventRecord, ReplyRequest, Report, ReportCase
from comity.queries.decisions import verify_chain
from comity.queries.preservation import read_preservation
from comity.queries.reasons import read_statement, statement_token
from comity.queries.replies import read_reply, reply_requests
from comity.queries.reports import ReportReceipt, gathered, open_cases, read_case, read_receipt
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal
from comity.rules.replies import check_reply_draft
from comity.rules.reports import KEPT_REPORTS_MAXIMUM, CaseState, Notice, check_notice
from comity.rules.statuses import CommentStatus
from comity.rules.transitions import Move
from tests.conversation.conftest import Clock, Post

pytestmark = pytest.mark.django_db
ILLEGAL = {"explanation": "Ce passage accuse sans preuve.", "name": "Zoé Témoin", "email": "zoe@example.org"}


def notice(reason: str = "insult", explanation: str = "", name: str = "", email: str = "") -> Notice:
    return check_notice(reason=reason, explanation=explanation, name=name, email=email, good_faith=True)


@pytest.fixture
def comment_id(post: Post) -> int:
    _, posted = post("Un avis sur la frontière et son histoire.")
    assert posted.own.status is CommentStatus.PUBLISHED
    return posted.own.comment.id


@pytest.fixture
def report(site: SiteShape, comment_id: int, guest: Callable[[], Actor], clock: Clock) -> Callable[..., ReportReceipt]:
    def make(said: Notice | None = None, *, actor: Actor | None = None) -> ReportReceipt:
        return file_report(
            actor=actor or guest(), site=site, comment_id=comment_id, notice=said or notice(), now=clock.now
        )

    return make


def _events(kind: str) -> int:
    return EventRecord.objects.filter(kind=kind).count()


def test_reports_of_one_comment_gather_and_the_same_report_is_one(
    report: Callable[..., ReportReceipt], guest: Callable[[], Actor], site: SiteShape
) -> None:
    who = guest()
    first, again = report(actor=who), report(actor=who)
    report(notice("spam"), actor=who)
    report()
    assert (first.repeated, again.repeated, again.token) == (False, True, first.token)
    (case,) = open_cases(site=site)
    assert (case.count, dict(case.reasons)) == (3, {"insult": 2, "spam": 1})
    assert _events(ReportFiled.kind) == 3


def test_a_flood_of_reports_neither_fills_the_tables_nor_shuts_out_a_notice(
    report: Callable[..., ReportReceipt], site: SiteShape, comment_id: int, clock: Clock
) -> None:
    flood = [Actor(site_id=site.id, network_digest=f"network {number}") for number in range(KEPT_REPORTS_MAXIMUM + 50)]
    said = notice("other")
    for number in range(1_000):
        report(said, actor=flood[number % len(flood)])
    assert Report.objects.count() == KEPT_REPORTS_MAXIMUM
    honest = report(notice("illegal", **ILLEGAL))
    assert not honest.repeated
    assert Report.objects.count() == KEPT_REPORTS_MAXIMUM + 1
    assert ReportCase.objects.count() == 1
    assert read_receipt(site=site, token=honest.token, now=clock.now).state is CaseState.OPEN


def test_ten_thousand_reports_of_one_comment_are_counted_and_cost_bounded_rows(
    report: Callable[..., ReportReceipt], site: SiteShape, moderator: Actor, clock: Clock
) -> None:
    said = notice("other")
    tokens = set()
    for number in range(10_000):
        receipt = report(said, actor=Actor(site_id=site.id, network_digest=f"network {number}"))
        assert not receipt.repeated
        tokens.add(receipt.token)
    (case,) = open_cases(site=site)
    assert (case.count, Report.objects.count(), _events(ReportFiled.kind)) == (
        10_000,
        KEPT_REPORTS_MAXIMUM,
        KEPT_REPORTS_MAXIMUM,
    )
    honest = report(notice("illegal", **ILLEGAL))
    assert read_case(site=site, case_id=case.id, actor=moderator).count == 10_001
    assert Report.objects.filter(reporter_name="Zoé Témoin").count() == 1
    decide_case(actor=moderator, site=site, case_id=case.id, remove=True, rule_key="insult", now=clock.now)
    for token in (*tokens, honest.token):
        assert read_receipt(site=site, token=token, now=clock.now).state is CaseState.REMOVED
    with pytest.raises(Refusal, match="comment_unknown"):  # what counts alone looks at the comment as well
        report(said, actor=Actor(site_id=site.id, network_digest="late"))


def test_who_looked_before_the_decision_reports_after_it(
    report: Callable[..., ReportReceipt],
    site: SiteShape,
    comment_id: int,
    moderator: Actor,
    guest: Callable[[], Actor],
    clock: Clock,
) -> None:
    said = notice("other")
    for number in range(KEPT_REPORTS_MAXIMUM):
        report(said, actor=Actor(site_id=site.id, network_digest=f"network {number}"))
    actor = guest()
    known = gathered(actor=actor, site=site, comment_id=comment_id, notice=said)
    assert (known.is_full, known.receipt) == (True, None)
    (case,) = open_cases(site=site)
    decide_case(actor=moderator, site=site, case_id=case.id, remove=False, now=clock.now)
    file_report(actor=actor, site=site, comment_id=comment_id, notice=said, known=known, now=clock.now)
    (fresh,) = open_cases(site=site)
    assert (fresh.count, fresh.id != case.id) == (1, True)


def test_the_receipt_says_what_came_of_it_and_the_author_learns_of_a_report_not_of_whom(
    report: Callable[..., ReportReceipt], site: SiteShape, comment_id: int, moderator: Actor, clock: Clock
) -> None:
    receipt = report(notice("illegal", **ILLEGAL))
    (case,) = open_cases(site=site)
    clock.forward(minutes=5)
    assert (
        decide_case(actor=moderator, site=site, case_id=case.id, remove=True, rule_key="insult", now=clock.now)
        is CaseState.REMOVED
    )
    told = read_receipt(site=site, token=receipt.token, now=clock.now)
    assert (told.state, told.by_machine, told.decided_at) == (CaseState.REMOVED, False, clock.now)
    assert Comment.objects.get(pk=comment_id).status == CommentStatus.REMOVED
    statement = read_statement(site=site, token=statement_token(Decision.objects.latest("pk")), now=clock.now)
    assert "a été signalé" in str(statement.statement)
    assert "Zoé" not in str(statement)
    assert _events(ReportsDecided.kind) == 1
    assert verify_chain(site_id=site.id).fault == ""


def test_a_comment_that_stands_keeps_its_status_and_a_decision_says_so(
    report: Callable[..., ReportReceipt],
    site: SiteShape,
    comment_id: int,
    moderator: Actor,
    editor: Actor,
    clock: Clock,
) -> None:
    receipt = report()
    (case,) = open_cases(site=site)
    decide_case(actor=moderator, site=site, case_id=case.id, remove=False, now=clock.now)
    with pytest.raises(Refusal, match="case_already_decided"):
        decide_case(actor=editor, site=site, case_id=case.id, remove=True, rule_key="insult", now=clock.now)
    last = Decision.objects.latest("pk")
    assert (last.outcome, last.staff_id) == ("publish", moderator.staff_id)
    assert Comment.objects.get(pk=comment_id).status == CommentStatus.PUBLISHED
    assert read_receipt(site=site, token=receipt.token, now=clock.now).state is CaseState.KEPT
    again = report()  # somebody else may still report it: a new case
    assert not again.repeated
    assert ReportCase.objects.filter(state="open").count() == 1


def test_a_decision_taken_elsewhere_answers_the_reports(
    report: Callable[..., ReportReceipt], site: SiteShape, comment_id: int, moderator: Actor, clock: Clock
) -> None:
    receipt = report()
    decide_comment(actor=moderator, site=site, comment_id=comment_id, move=Move.HOLD, now=clock.now)
    assert read_receipt(site=site, token=receipt.token, now=clock.now).state is CaseState.OPEN
    decide_comment(actor=moderator, site=site, comment_id=comment_id, move=Move.PUBLISH, now=clock.now)
    assert read_receipt(site=site, token=receipt.token, now=clock.now).state is CaseState.KEPT


def test_what_cannot_be_reported(
    post: Post,
    site: SiteShape,
    other_site: SiteShape,
    comment_id: int,
    moderator: Actor,
    guest: Callable[[], Actor],
    clock: Clock,
) -> None:
    def refused(code: str, where: SiteShape, number: int) -> None:
        with pytest.raises(Refusal, match=code):
            file_report(actor=guest(), site=where, comment_id=number, notice=notice(), now=clock.now)

    for number in (0, -1, 10**9, 2**70):
        refused("comment_unknown", site, number)
    refused("comment_unknown", other_site, comment_id)
    _, removed = post("Tu es un imbécile.")
    refused("comment_unknown", site, removed.own.comment.id)
    post("Une réponse courtoise à cet avis.", parent=comment_id)
    decide_comment(
        actor=moderator, site=site, comment_id=comment_id, move=Move.REMOVE, rule_key="insult", now=clock.now
    )
    refused("report_not_published", site, comment_id)


def test_who_reported_is_seen_by_editors_alone(
    report: Callable[..., ReportReceipt], site: SiteShape, moderator: Actor, editor: Actor, clock: Clock
) -> None:
    report(notice("illegal", **ILLEGAL))
    (case,) = open_cases(site=site)
    (for_editor,) = read_case(site=site, case_id=case.id, actor=editor).reports
    (for_moderator,) = read_case(site=site, case_id=case.id, actor=moderator).reports
    assert (for_editor.name, for_editor.email) == ("Zoé Témoin", "zoe@example.org")
    assert (for_moderator.name, for_moderator.email, for_moderator.explanation) == ("", "", ILLEGAL["explanation"])
    for act in (
        lambda: read_preservation(site=site, case_id=case.id, actor=moderator),
        lambda: reply_requests(site=site, actor=moderator),
    ):
        with pytest.raises(Refusal, match="permission_denied"):
            act()


def test_cases_of_another_site_are_unknown(
    report: Callable[..., ReportReceipt], site: SiteShape, other_site: SiteShape, editor: Actor, clock: Clock
) -> None:
    receipt = report()
    (case,) = open_cases(site=site)
    assert open_cases(site=other_site) == ()
    with pytest.raises(Refusal, match="case_unknown"):
        read_case(site=other_site, case_id=case.id, actor=replace(editor, site_id=other_site.id))
    with pytest.raises(Refusal, match="case_unknown"):
        decide_case(actor=editor, site=other_site, case_id=case.id, remove=False, now=clock.now)
    with pytest.raises(Refusal, match="link_invalid"):
        read_receipt(site=other_site, token=receipt.token, now=clock.now)
    with pytest.raises(Refusal, match="link_invalid"):  # a receipt opens no statement, nor the other way round
        read_statement(site=site, token=receipt.token, now=clock.now)
    with pytest.raises(Refusal, match="link_expired"):
        read_receipt(site=site, token=receipt.token, now=clock.forward(days=367))


def test_a_right_of_reply_is_asked_once_and_answered_once(
    site: SiteShape, story: StoryShape, editor: Actor, clock: Clock
) -> None:
    draft = check_reply_draft(name="Anne", email="a@b.example", passage="Elle a menti.", reply="Je n’ai pas menti.")
    token = request_reply(site=site, story_key=story.key, draft=draft, now=clock.now)
    assert request_reply(site=site, story_key=story.key, draft=draft, now=clock.now) == token
    (waiting,) = reply_requests(site=site, actor=editor)
    answer_reply(actor=editor, site=site, request_id=waiting.id, answer="Nous la publions demain.", now=clock.now)
    with pytest.raises(Refusal, match="reply_request_answered"):
        answer_reply(actor=editor, site=site, request_id=waiting.id, answer="Nous la publions demain.", now=clock.now)
    assert read_reply(site=site, token=token, now=clock.now).answer == "Nous la publions demain."
    assert reply_requests(site=site, actor=editor) == ()
    with pytest.raises(Refusal, match="story_unknown"):
        request_reply(site=site, story_key="inconnue", draft=draft, now=clock.now)
    assert ReplyRequest.objects.count() == 1
