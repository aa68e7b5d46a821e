"""The circle from removal to reason to appeal to reversal, on the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, connections

from comity.actions.appeals import decide_appeal, file_appeal, remind_of_appeals
from comity.actions.decisions import append_decision
from comity.actions.house_rules import save_house_rule
from comity.actions.moderation import decide_comment
from comity.actions.recount import recount
from comity.actions.stories import save_story
from comity.actions.votes import cast_vote
from comity.events import AppealDecided, AppealDue, AppealFiled, AppealOverdue, ReasonsStated
from comity.models import Appeal, Comment, Decision, EventRecord, HouseRule, Staff
from comity.queries.appeals import open_appeals, read_appeal
from comity.queries.comments import own_comment
from comity.queries.decisions import verify_chain
from comity.queries.reasons import StatementShape, read_statement, statement_token
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import Actor
from comity.rules.appeals import AppealState
from comity.rules.refusals import Refusal
from comity.rules.statuses import CommentStatus, StoryState
from comity.rules.transitions import Move
from tests.conversation.conftest import Clock, Post

pytestmark = pytest.mark.django_db
REMOVED = "Tu es un imbécile."
WHY = "C’était une citation de la pièce."
ANSWER = "Vous avez raison, c’est une citation."


@pytest.fixture
def removed(post: Post) -> tuple[Actor, int]:
    """A comment that the shipped rules remove d'office, and its author."""
    author, posted = post(REMOVED)
    assert posted.own.status is CommentStatus.REMOVED
    return author, posted.own.comment.id


@pytest.fixture
def token(removed: tuple[Actor, int]) -> str:
    return statement_token(Decision.objects.get(comment_id=removed[1]))


@pytest.fixture
def statement(site: SiteShape, token: str, clock: Clock) -> Callable[[], StatementShape]:
    return lambda: read_statement(site=site, token=token, now=clock.now)


@pytest.fixture
def filed(site: SiteShape, token: str, clock: Clock) -> int:
    return file_appeal(site=site, token=token, text=WHY, now=clock.forward(hours=1))


def _events(kind: str) -> int:
    return EventRecord.objects.filter(kind=kind).count()


def test_the_author_reads_which_rule_and_why(
    removed: tuple[Actor, int], token: str, site: SiteShape, statement: Callable[[], StatementShape], clock: Clock
) -> None:
    author, comment_id = removed
    own = own_comment(site=site, comment_id=comment_id, actor=author, now=clock.now, language="fr")
    assert (own.rule_key, own.rule_title, own.statement_token) == ("insult", "Injure", token)
    assert "moyen automatique" in own.explanation
    found = statement()
    assert (found.language, found.direction, found.may_appeal, found.appeal) == ("fr", "ltr", True, None)
    assert found.comment_status is CommentStatus.REMOVED
    assert "imbécile" in found.comment_html
    assert "1er novembre 2026" in str(found.statement) or "1 novembre 2026" in str(found.statement)
    assert _events(ReasonsStated.kind) == 1


def test_a_reversal_restores_the_comment_with_its_place_votes_and_count(
    post: Post,
    site: SiteShape,
    story: StoryShape,
    editor: Actor,
    moderator: Actor,
    guest: Callable[[], Actor],
    clock: Clock,
) -> None:
    _, posted = post("Un avis argumenté.")
    comment_id = posted.own.comment.id
    post("Une réponse courtoise à cet avis.", parent=comment_id)
    for _ in range(3):
        cast_vote(actor=guest(), site=site, comment_id=comment_id, value=1, now=clock.now)
    before = Comment.objects.filter(pk=comment_id).values(
        "parent_id", "up_count", "popularity", "reply_count", "branch_count", "status", "is_shown"
    )
    kept = before.get()
    decide_comment(
        actor=moderator, site=site, comment_id=comment_id, move=Move.REMOVE, rule_key="insult", now=clock.now
    )
    assert Comment.objects.get(pk=comment_id).status == CommentStatus.REMOVED
    token = statement_token(Decision.objects.latest("pk"))
    appeal_id = file_appeal(site=site, token=token, text=WHY, now=clock.forward(hours=1))
    state = decide_appeal(
        actor=editor, site=site, appeal_id=appeal_id, reverse=True, reason=ANSWER, now=clock.forward(hours=1)
    )
    assert state is AppealState.REVERSED
    assert before.get() == kept
    assert not recount(repair=False)
    last = Decision.objects.latest("pk")
    assert (last.outcome, last.reverses_id, last.staff_id) == ("publish", last.pk - 1, editor.staff_id)
    assert verify_chain(site_id=site.id).fault == ""
    found = read_statement(site=site, token=token, now=clock.now)
    assert found.appeal is not None
    assert (found.appeal.state, found.appeal.reason, found.appeal.same_decider) == ("reversed", ANSWER, False)
    assert (_events(AppealFiled.kind), _events(AppealDecided.kind)) == (1, 1)


def test_a_decision_that_stands_is_a_new_decision_and_says_why(
    filed: int, site: SiteShape, moderator: Actor, statement: Callable[[], StatementShape], clock: Clock
) -> None:
    decide_appeal(actor=moderator, site=site, appeal_id=filed, reverse=False, reason=ANSWER, now=clock.now)
    found = statement()
    assert found.appeal is not None
    assert (found.appeal.state, found.comment_status) == (AppealState.UPHELD, CommentStatus.REMOVED)
    last = Decision.objects.latest("pk")
    assert (last.outcome, last.rule_key, last.staff_id) == ("remove", "insult", moderator.staff_id)
    with pytest.raises(Refusal, match="appeal_not_possible"):  # the answer itself is not appealed again
        file_appeal(site=site, token=statement_token(last), text=WHY, now=clock.now)
    assert _events(ReasonsStated.kind) == 1


def test_an_appeal_is_filed_once_and_decided_once(
    filed: int, token: str, site: SiteShape, moderator: Actor, editor: Actor, clock: Clock
) -> None:
    with pytest.raises(Refusal, match="appeal_already_filed"):
        file_appeal(site=site, token=token, text=WHY, now=clock.now)
    decide_appeal(actor=moderator, site=site, appeal_id=filed, reverse=True, reason=ANSWER, now=clock.now)
    with pytest.raises(Refusal, match="appeal_already_decided"):
        decide_appeal(actor=editor, site=site, appeal_id=filed, reverse=False, reason=ANSWER, now=clock.now)
    assert Appeal.objects.get().state == "reversed"
    with pytest.raises(Refusal, match="appeal_already_filed"):
        file_appeal(site=site, token=token, text=WHY, now=clock.now)


def test_who_took_the_decision_does_not_decide_the_appeal_while_others_can(
    post: Post, site: SiteShape, editor: Actor, moderator: Actor, clock: Clock
) -> None:
    _, posted = post()
    decide_comment(
        actor=moderator,
        site=site,
        comment_id=posted.own.comment.id,
        move=Move.REMOVE,
        rule_key="spam",
        now=clock.now,
    )
    appeal_id = file_appeal(
        site=site, token=statement_token(Decision.objects.latest("pk")), text=WHY, now=clock.forward(minutes=1)
    )
    late = clock.forward(days=3)
    with pytest.raises(Refusal, match="appeal_own_decision"):
        decide_appeal(actor=moderator, site=site, appeal_id=appeal_id, reverse=False, reason=ANSWER, now=late)
    shown = {"site": site, "appeal_id": appeal_id, "now": late, "language": "fr"}
    assert read_appeal(**shown, actor=moderator).waits == timedelta(0)
    assert read_appeal(**shown, actor=editor).waits is None
    assert read_appeal(**shown, actor=editor).decided_by == "Paul Rédac"


def test_where_nobody_else_is_the_same_person_decides_after_a_day_and_the_record_says_so(
    post: Post, site: SiteShape, moderator: Actor, clock: Clock
) -> None:
    _, posted = post()
    decide_comment(
        actor=moderator,
        site=site,
        comment_id=posted.own.comment.id,
        move=Move.REMOVE,
        rule_key="spam",
        now=clock.now,
    )
    token = statement_token(Decision.objects.latest("pk"))
    appeal_id = file_appeal(site=site, token=token, text=WHY, now=clock.forward(minutes=1))
    with pytest.raises(Refusal, match="appeal_own_decision") as refused:
        decide_appeal(
            actor=moderator, site=site, appeal_id=appeal_id, reverse=True, reason=ANSWER, now=clock.forward(hours=23)
        )
    assert refused.value.retry_after == 3600
    decide_appeal(
        actor=moderator, site=site, appeal_id=appeal_id, reverse=True, reason=ANSWER, now=clock.forward(hours=1)
    )
    found = read_statement(site=site, token=token, now=clock.now)
    assert found.appeal is not None
    assert found.appeal.same_decider
    assert Appeal.objects.get().same_decider


def test_an_inactive_colleague_is_nobody(post: Post, site: SiteShape, editor: Actor, moderator: Actor) -> None:
    from comity.queries.appeals import may_others_decide

    assert may_others_decide(site=site, staff_id=moderator.staff_id)
    Staff.objects.filter(pk=editor.staff_id).update(active=False)
    assert not may_others_decide(site=site, staff_id=moderator.staff_id)


@pytest.mark.parametrize(("days", "code"), [(183, None), (185, "appeal_too_late"), (740, "link_expired")])
def test_six_months(token: str, site: SiteShape, clock: Clock, days: int, code: str | None) -> None:
    now = clock.forward(days=days)
    if code is None:
        assert file_appeal(site=site, token=token, text=WHY, now=now)
    else:
        with pytest.raises(Refusal, match=code):
            file_appeal(site=site, token=token, text=WHY, now=now)


def test_tokens_forged_cut_or_swapped_open_nothing(
    token: str, site: SiteShape, other_site: SiteShape, clock: Clock
) -> None:
    head, _, tail = token.partition(".")
    changed = ("A" if head[-1] != "A" else "B").join([head[:-1], ""])
    for wrong in ("", "x", token[:-1], f"{changed}.{tail}", f"{head}.{head}", token + "x", "é.é", "." + tail):
        with pytest.raises(Refusal, match="link_invalid"):
            read_statement(site=site, token=wrong, now=clock.now)
        with pytest.raises(Refusal, match="link_invalid"):
            file_appeal(site=site, token=wrong, text=WHY, now=clock.now)
    with pytest.raises(Refusal, match="link_invalid"):
        read_statement(site=other_site, token=token, now=clock.now)


def test_an_author_does_not_bury_the_newsroom(post: Post, site: SiteShape, clock: Clock) -> None:
    author: Actor | None = None
    for number in range(6):
        author, posted = post(f"{REMOVED} {'!' * number}", actor=author)
        assert posted.own.status is CommentStatus.REMOVED
        token = statement_token(Decision.objects.get(comment_id=posted.own.comment.id))
        if number < 5:
            file_appeal(site=site, token=token, text=WHY, now=clock.now)
        else:
            with pytest.raises(Refusal, match="appeals_too_many"):
                file_appeal(site=site, token=token, text=WHY, now=clock.now)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_too_short"),
        (" \u200b\n", "text_too_short"),
        ("Trop.", "text_too_short"),
        ("x" * 5001, "text_too_long"),
    ],
)
def test_an_appeal_has_words(token: str, site: SiteShape, clock: Clock, text: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        file_appeal(site=site, token=token, text=text, now=clock.now)


def test_an_answer_has_a_reason_and_comes_from_staff_of_the_site(
    filed: int, site: SiteShape, other_site: SiteShape, moderator: Actor, removed: tuple[Actor, int], clock: Clock
) -> None:
    answer = {"appeal_id": filed, "reverse": True, "now": clock.now}
    with pytest.raises(Refusal, match="reason_missing"):
        decide_appeal(**answer, actor=moderator, site=site, reason=" Bref ")
    with pytest.raises(Refusal, match="text_too_long"):
        decide_appeal(**answer, actor=moderator, site=site, reason="x" * 6000)
    with pytest.raises(Refusal, match="authentication_required"):
        decide_appeal(**answer, actor=removed[0], site=site, reason=ANSWER)
    with pytest.raises(Refusal, match="appeal_unknown"):
        decide_appeal(**answer, actor=moderator, site=other_site, reason=ANSWER)
    with pytest.raises(Refusal, match="appeal_unknown"):
        decide_appeal(**{**answer, "appeal_id": 2**70}, actor=moderator, site=site, reason=ANSWER)
    assert Appeal.objects.get().state == "open"


def test_who_publishes_the_comment_meanwhile_grants_its_appeal(
    filed: int,
    removed: tuple[Actor, int],
    site: SiteShape,
    moderator: Actor,
    editor: Actor,
    story: StoryShape,
    clock: Clock,
) -> None:
    decide_comment(actor=moderator, site=site, comment_id=removed[1], move=Move.PUBLISH, now=clock.now)
    appeal = Appeal.objects.get(pk=filed)
    assert (appeal.state, appeal.decided_by_id, appeal.result) == (
        "reversed",
        moderator.staff_id,
        Decision.objects.latest("pk"),
    )
    with pytest.raises(Refusal, match="appeal_already_decided"):
        decide_appeal(actor=editor, site=site, appeal_id=filed, reverse=True, reason=ANSWER, now=clock.now)
    assert Comment.objects.get(pk=removed[1]).status == CommentStatus.PUBLISHED
    assert _events(AppealDecided.kind) == 1
    assert not recount(repair=False)


def test_a_reversal_undoes_no_later_decision(
    filed: int, removed: tuple[Actor, int], site: SiteShape, moderator: Actor, editor: Actor, clock: Clock
) -> None:
    """The comment was decided anew past the desk, as an importer may: what stands last is another decision."""
    comment = Comment.objects.get(pk=removed[1])
    append_decision(comment, outcome="remove", staff_id=moderator.staff_id, rule_key="insult", decided_at=clock.now)
    with pytest.raises(Refusal, match="transition_refused"):
        decide_appeal(actor=editor, site=site, appeal_id=filed, reverse=True, reason=ANSWER, now=clock.now)
    assert Comment.objects.get(pk=removed[1]).status == CommentStatus.REMOVED
    assert Appeal.objects.get().state == "open"
    decide_appeal(actor=editor, site=site, appeal_id=filed, reverse=False, reason=ANSWER, now=clock.now)
    assert Appeal.objects.get().state == "upheld"


def test_reminders_come_before_an_appeal_is_due_when_it_is_and_each_week(
    filed: int, site: SiteShape, moderator: Actor, editor: Actor, clock: Clock
) -> None:
    seen = []
    for _ in range(40):
        assert remind_of_appeals(clock.now) in {0, 1}
        assert remind_of_appeals(clock.now) == 0
        seen.append((_events(AppealDue.kind), _events(AppealOverdue.kind)))
        late = clock.forward(hours=12)
    days = [index / 2 for index in range(1, 40) if seen[index] != seen[index - 1]]
    assert days == [5, 7, 14]
    assert seen[-1] == (1, 2)
    (waiting,) = open_appeals(site=site, actor=moderator, now=late, language="fr")
    assert (waiting.id, waiting.overdue, waiting.rule_title, waiting.decided_by) == (filed, True, "Injure", "")
    decide_appeal(actor=editor, site=site, appeal_id=filed, reverse=False, reason=ANSWER, now=late)
    assert remind_of_appeals(clock.forward(days=60)) == 0


def test_a_rule_changed_or_gone_since_reads_as_it_was_cited(
    removed: tuple[Actor, int], site: SiteShape, statement: Callable[[], StatementShape]
) -> None:
    from comity.screening.house_rules import shipped

    rule = shipped().rule("insult")
    assert rule is not None
    save_house_rule(site=site, document={**rule.to_document(), "title": {"fr": "Autre titre"}, "enabled": False})
    assert "Injure" in str(statement().statement)
    assert "Autre titre" not in str(statement().statement)
    HouseRule.objects.all().delete()
    assert "Injure" in str(statement().statement)


def test_what_waits_can_be_appealed_and_a_reversal_publishes_it(
    post: Post, site: SiteShape, story: StoryShape, editor: Actor, clock: Clock
) -> None:
    save_story(
        site=site,
        key=story.key,
        title="Une trêve",
        body_source="Un texte.",
        state=StoryState.PRE_MODERATED,
        now=clock.now,
    )
    _, posted = post("Un avis courtois et simple.")
    assert posted.own.status is CommentStatus.HELD
    assert "avant de paraître" in posted.own.explanation
    found = read_statement(site=site, token=posted.own.statement_token, now=clock.now)
    assert found.may_appeal
    assert "Vous n’avez rien à faire" in str(found.statement)
    appeal_id = file_appeal(site=site, token=posted.own.statement_token, text=WHY, now=clock.now)
    decide_appeal(actor=editor, site=site, appeal_id=appeal_id, reverse=True, reason=ANSWER, now=clock.now)
    assert Comment.objects.get().status == CommentStatus.PUBLISHED
    assert not recount(repair=False)
    assert verify_chain(site_id=site.id).fault == ""


def test_bulk_spam_goes_without_a_statement(post: Post, site: SiteShape, clock: Clock) -> None:
    _, posted = post("Gagnez http://a.example http://b.example http://c.example", honeypot="http://a.example")
    if posted.own.status is CommentStatus.REMOVED:
        assert posted.own.statement_token == ""
        with pytest.raises(Refusal, match="appeal_not_possible"):
            file_appeal(site=site, token=statement_token(Decision.objects.get()), text=WHY, now=clock.now)
    assert posted.own.status is CommentStatus.REMOVED


def test_two_deciders_at_once_make_one_answer(
    transactional_db: None, post: Post, site: SiteShape, editor: Actor, moderator: Actor, clock: Clock
) -> None:
    from threading import Barrier, Thread

    _, posted = post(REMOVED)
    token = statement_token(Decision.objects.get(comment_id=posted.own.comment.id))
    appeal_id = file_appeal(site=site, token=token, text=WHY, now=clock.now)
    together, said = Barrier(2), []

    def decide(actor: Actor, reverse: bool) -> None:
        try:
            together.wait(10)
            said.append(
                decide_appeal(
                    actor=actor, site=site, appeal_id=appeal_id, reverse=reverse, reason=ANSWER, now=clock.now
                ).value
            )
        except Refusal as refusal:
            said.append(refusal.code.value)
        finally:
            connections.close_all()

    threads = [Thread(target=decide, args=(editor, True)), Thread(target=decide, args=(moderator, False))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said)[0] == "appeal_already_decided"
    assert len(said) == 2
    appeal = Appeal.objects.get()
    assert appeal.state == next(each for each in said if each != "appeal_already_decided")
    assert (Comment.objects.get().status == "published") == (appeal.state == "reversed")
    assert verify_chain(site_id=site.id).fault == ""
    assert connection.vendor in {"sqlite", "postgresql"}


def test_actors_of_one_device_keep_their_own(removed: tuple[Actor, int], site: SiteShape, clock: Clock) -> None:
    stranger = replace(removed[0], device_id=None, new_device_token=None)
    with pytest.raises(Refusal, match="comment_unknown"):
        own_comment(site=site, comment_id=removed[1], actor=stranger, now=clock.now, language="fr")
