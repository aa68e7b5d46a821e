"""Authors: limited, suspended, banned; each a decision with its reasons, an end, an appeal and a way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from comity.actions.appeals import decide_appeal, file_appeal
from comity.actions.editing import edit_comment
from comity.actions.erasure import erase_author
from comity.actions.moderation import decide_comment
from comity.actions.restrictions import lift_restriction, restrict_author
from comity.events import AuthorRestricted, ReasonsStated, RestrictionLifted
from comity.models import Comment, Decision, EventRecord, Restriction
from comity.queries.comments import own_comment
from comity.queries.decisions import verify_chain
from comity.queries.lessons import lessons_after
from comity.queries.reasons import read_statement, statement_token
from comity.queries.restrictions import author_of
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.appeals import AppealState
from comity.rules.refusals import Refusal
from comity.rules.restrictions import RestrictionKind, check_terms, strongest
from comity.rules.statuses import CommentStatus
from comity.rules.transitions import Move
from tests.conversation.conftest import START, Clock, Post

pytestmark = pytest.mark.django_db
WHY = "Attaques répétées contre d’autres lecteurs."
ANSWER = "Après relecture, la mesure n’était pas fondée."
Restrict = Callable[..., int]


@pytest.fixture
def author(post: Post) -> tuple[Actor, int]:
    who, posted = post("Un avis tranché sur la frontière.")
    return who, posted.own.comment.id


@pytest.fixture
def restrict(author: tuple[Actor, int], site: SiteShape, moderator: Actor, clock: Clock) -> Restrict:
    def act(kind: str, days: int | None = None, reason: str = WHY, rule_key: str = "insult", **more: Actor) -> int:
        return restrict_author(
            actor=more.get("actor", moderator),
            site=site,
            comment_id=author[1],
            kind=kind,
            days=days,
            rule_key=rule_key,
            reason=reason,
            now=clock.now,
        )

    return act


def _decision(outcome: str) -> Decision:
    return Decision.objects.filter(outcome=outcome).latest("pk")


def test_a_suspension_refuses_until_its_end_and_says_where_the_reasons_stand(
    author: tuple[Actor, int], restrict: Restrict, post: Post, site: SiteShape, clock: Clock
) -> None:
    restrict("suspend", days=3)
    with pytest.raises(Refusal, match="author_suspended") as refused:
        post("Encore un avis.", actor=author[0])
    assert refused.value.details["until"] == Restriction.objects.get().until
    page = read_statement(site=site, token=str(refused.value.details["statement_token"]), now=clock.now)
    assert page.on_author
    assert page.may_appeal
    said = str(page.statement)
    assert "suspension" in page.statement.title
    assert WHY in said
    assert "par une personne" in said
    with pytest.raises(Refusal, match="author_suspended"):
        edit_comment(actor=author[0], site=site, comment_id=author[1], text="Revu.", now=clock.now)
    post("Un avis de quelqu’un d’autre.")
    assert Comment.objects.get(pk=author[1]).status == CommentStatus.PUBLISHED
    clock.forward(days=3)
    assert post("Un avis, plus tard.", actor=author[0])[1].own.status is CommentStatus.PUBLISHED
    assert verify_chain(site_id=site.id).fault == ""


def test_a_ban_has_no_end_and_is_lifted_by_a_new_decision(
    author: tuple[Actor, int], restrict: Restrict, post: Post, site: SiteShape, editor: Actor, clock: Clock
) -> None:
    row = restrict("ban", days=5)
    clock.forward(days=4000)
    with pytest.raises(Refusal, match="author_banned"):
        post("Encore un avis.", actor=author[0])
    lift_restriction(actor=editor, site=site, restriction_id=row, now=clock.now)
    assert _decision("lift").reverses == _decision("ban")
    post("Un avis, de nouveau.", actor=author[0])
    with pytest.raises(Refusal, match="restriction_over"):
        lift_restriction(actor=editor, site=site, restriction_id=row, now=clock.now)
    kinds = [AuthorRestricted.kind, RestrictionLifted.kind]
    assert [EventRecord.objects.filter(kind=kind).count() for kind in kinds] == [1, 1]
    assert EventRecord.objects.filter(kind=ReasonsStated.kind).count() == 1  # for the letter; none for the way back


def test_what_an_author_of_limited_visibility_writes_waits_and_says_why(
    author: tuple[Actor, int], restrict: Restrict, post: Post, site: SiteShape, moderator: Actor, clock: Clock
) -> None:
    restrict("limit")
    _, posted = post("Un avis qui attend.", actor=author[0])
    assert posted.own.status is CommentStatus.HELD
    assert posted.own.explanation == "Vos commentaires sont lus par la rédaction avant de paraître."
    page = read_statement(site=site, token=posted.own.statement_token, now=clock.now)
    assert "Vos commentaires sont lus par la rédaction" in str(page.statement)
    edited = edit_comment(actor=author[0], site=site, comment_id=author[1], text="Revu, et attend.", now=clock.now)
    assert edited.own.status is CommentStatus.HELD
    decide_comment(actor=moderator, site=site, comment_id=posted.own.comment.id, move=Move.PUBLISH, now=clock.now)
    assert Comment.objects.get(pk=posted.own.comment.id).status == CommentStatus.PUBLISHED


@pytest.mark.parametrize(("kind", "days"), [("limit", None), ("suspend", 30), ("ban", None)])
def test_every_restriction_can_be_appealed_and_reversed(
    author: tuple[Actor, int],
    restrict: Restrict,
    post: Post,
    site: SiteShape,
    moderator: Actor,
    editor: Actor,
    clock: Clock,
    kind: str,
    days: int | None,
) -> None:
    restrict(kind, days)
    token = statement_token(_decision(kind))
    appeal = file_appeal(site=site, token=token, text="Je n’ai attaqué personne.", now=clock.now)
    with pytest.raises(Refusal, match="appeal_already_filed"):
        file_appeal(site=site, token=token, text="Je n’ai attaqué personne.", now=clock.now)
    with pytest.raises(Refusal, match="appeal_own_decision"):
        decide_appeal(actor=moderator, site=site, appeal_id=appeal, reverse=True, reason=ANSWER, now=clock.now)
    state = decide_appeal(actor=editor, site=site, appeal_id=appeal, reverse=True, reason=ANSWER, now=clock.now)
    assert state is AppealState.REVERSED
    lifted_at = clock.now
    assert post("Un avis, de nouveau.", actor=author[0])[1].own.status is CommentStatus.PUBLISHED
    page = read_statement(site=site, token=token, now=clock.now)
    assert page.appeal is not None
    assert (page.appeal.reason, page.lifted_at) == (ANSWER, lifted_at)
    assert Comment.objects.get(pk=author[1]).status == CommentStatus.PUBLISHED
    assert verify_chain(site_id=site.id).fault == ""


def test_an_appeal_that_fails_leaves_the_restriction(
    author: tuple[Actor, int], restrict: Restrict, post: Post, site: SiteShape, editor: Actor, clock: Clock
) -> None:
    restrict("ban")
    appeal = file_appeal(site=site, token=statement_token(_decision("ban")), text="Non, vraiment pas.", now=clock.now)
    decide_appeal(actor=editor, site=site, appeal_id=appeal, reverse=False, reason=ANSWER, now=clock.now)
    with pytest.raises(Refusal, match="author_banned"):
        post("Encore un avis.", actor=author[0])


def test_what_was_decided_on_an_author_says_nothing_of_the_comment(
    author: tuple[Actor, int], restrict: Restrict, site: SiteShape, moderator: Actor, clock: Clock
) -> None:
    decide_comment(actor=moderator, site=site, comment_id=author[1], move=Move.HOLD, now=clock.now)
    restrict("ban")
    own = own_comment(site=site, comment_id=author[1], actor=author[0], now=clock.now, language="fr")
    assert own.explanation == "Votre commentaire attend une nouvelle lecture de la rédaction."
    decide_comment(actor=moderator, site=site, comment_id=author[1], move=Move.PUBLISH, now=clock.now)
    assert _decision("publish").reverses == _decision("hold")
    lessons = list(lessons_after(site_id=site.id, sequence=0))
    assert [each.decision_id for each in lessons] == [_decision("publish").pk]


def test_what_is_refused(
    author: tuple[Actor, int],
    restrict: Restrict,
    post: Post,
    site: SiteShape,
    other_site: SiteShape,
    moderator: Actor,
    editor: Actor,
    clock: Clock,
) -> None:
    for code, call in {
        "reason_missing": lambda: restrict("ban", reason=" "),
        "field_invalid": lambda: restrict("exile"),
        "restriction_days_missing": lambda: restrict("suspend"),
        "authentication_required": lambda: restrict("ban", actor=author[0]),
        "restriction_unknown": lambda: lift_restriction(actor=editor, site=site, restriction_id=2**70, now=clock.now),
    }.items():
        with pytest.raises(Refusal, match=code):
            call()
    with pytest.raises(Refusal, match="field_invalid"):
        restrict("ban", rule_key="nulle-part")
    row = restrict("ban")
    with pytest.raises(Refusal, match="restriction_unknown"):
        lift_restriction(actor=editor, site=other_site, restriction_id=row, now=clock.now)
    with pytest.raises(Refusal, match="comment_unknown"):
        author_of(site=other_site, comment_id=author[1], now=clock.now)
    _, by_staff = post("Un mot de la rédaction.", actor=editor)
    with pytest.raises(Refusal, match="author_unknown"):
        restrict_author(
            actor=moderator,
            site=site,
            comment_id=by_staff.own.comment.id,
            kind="ban",
            rule_key="insult",
            reason=WHY,
            now=clock.now,
        )
    assert not author_of(site=site, comment_id=by_staff.own.comment.id, now=clock.now).can_be_restricted


def test_an_erased_author_takes_the_reason_along(
    author: tuple[Actor, int], restrict: Restrict, site: SiteShape, clock: Clock
) -> None:
    restrict("ban")
    erase_author(site=site, comment_id=author[1], now=clock.now)
    assert Restriction.objects.get().reason == ""
    assert verify_chain(site_id=site.id).fault == ""


@pytest.mark.parametrize(
    ("kind", "days", "expected"),
    [("limit", None, None), ("limit", 2, 2), ("suspend", 1, 1), ("suspend", 3650, 3650), ("ban", 9, None)],
)
def test_terms(kind: str, days: int | None, expected: int | None) -> None:
    found, until = check_terms(kind, days=days, now=START)
    assert found == kind
    assert (until - START).days == expected if until else expected is None


@pytest.mark.parametrize("days", [None, 0, -1, 3651])
def test_a_suspension_needs_days(days: int | None) -> None:
    with pytest.raises(Refusal, match="restriction_days_missing"):
        check_terms("suspend", days=days, now=START)


def test_the_strongest_is_felt() -> None:
    assert strongest([]) is None
    assert strongest([RestrictionKind.LIMIT, RestrictionKind.BAN, RestrictionKind.SUSPEND]) is RestrictionKind.BAN
