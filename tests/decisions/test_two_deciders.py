"""Two who decide at once: exactly one decision, and the other is told so. Appeals: `test_appeals.py`."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from comity.actions.editing import edit_comment
from comity.actions.moderation import decide_comment
from comity.actions.preservation import preserve_case, release_case
from comity.actions.reports import decide_case, file_report
from comity.models import Comment, Decision, PreservationEntry, ReportCase
from comity.queries.comments import comment_for_staff
from comity.queries.decisions import verify_chain
from comity.queries.reports import open_cases
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal
from comity.rules.reports import check_notice
from comity.rules.transitions import Move
from tests.conversation.conftest import Clock, Post

pytestmark = pytest.mark.django_db


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each came to: `done`, or the code of its refusal."""
    together, said = Barrier(len(acts)), list[str]()

    def run(act: Callable[[], object]) -> None:
        try:
            together.wait(10)
            act()
            said.append("done")
        except Refusal as refusal:
            said.append(refusal.code.value)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said)


@pytest.fixture
def held(post: Post, site: SiteShape, moderator: Actor, clock: Clock) -> int:
    _, posted = post("Un avis sur la frontière et son histoire.")
    comment_id = posted.own.comment.id
    decide_comment(actor=moderator, site=site, comment_id=comment_id, move=Move.HOLD, now=clock.now)
    return comment_id


def test_a_comment_is_decided_by_one(
    transactional_db: None, held: int, site: SiteShape, editor: Actor, moderator: Actor, clock: Clock
) -> None:
    seen = comment_for_staff(site=site, comment_id=held).seen
    before = Decision.objects.count()

    def decide(actor: Actor, move: Move) -> Callable[[], object]:
        return lambda: decide_comment(
            actor=actor, site=site, comment_id=held, move=move, rule_key="insult", seen=seen, now=clock.now
        )

    assert at_once(decide(editor, Move.PUBLISH), decide(moderator, Move.REMOVE)) == ["decided_meanwhile", "done"]
    last = Decision.objects.latest("pk")
    assert Decision.objects.count() == before + 1
    assert Comment.objects.get(pk=held).status == {"publish": "published", "remove": "removed"}[last.outcome]
    assert verify_chain(site_id=site.id).fault == ""


def test_reports_are_decided_by_one(
    transactional_db: None,
    post: Post,
    site: SiteShape,
    editor: Actor,
    moderator: Actor,
    guest: Callable[[], Actor],
    clock: Clock,
) -> None:
    _, posted = post("Un avis sur la frontière et son histoire.")
    notice = check_notice(reason="insult", explanation="", name="", email="", good_faith=False)
    file_report(actor=guest(), site=site, comment_id=posted.own.comment.id, notice=notice, now=clock.now)
    (case,) = open_cases(site=site)
    before = Decision.objects.count()

    def decide(actor: Actor, *, remove: bool) -> Callable[[], object]:
        return lambda: decide_case(
            actor=actor, site=site, case_id=case.id, remove=remove, rule_key="insult", now=clock.now
        )

    assert at_once(decide(editor, remove=True), decide(moderator, remove=False)) == ["case_already_decided", "done"]
    assert Decision.objects.count() == before + 1
    state = ReportCase.objects.get().state
    assert (Comment.objects.get().status == "removed") == (state == "removed")
    assert verify_chain(site_id=site.id).fault == ""


def test_what_is_put_aside_is_let_go_by_one(
    transactional_db: None, post: Post, site: SiteShape, editor: Actor, guest: Callable[[], Actor], clock: Clock
) -> None:
    _, posted = post("Un avis inquiétant sur la frontière.")
    notice = check_notice(reason="danger", explanation="x" * 30, name="", email="", good_faith=False)
    file_report(actor=guest(), site=site, comment_id=posted.own.comment.id, notice=notice, now=clock.now)
    (case,) = open_cases(site=site)
    preserve_case(actor=editor, site=site, case_id=case.id, why="Une vie est en danger.", now=clock.now)

    def release() -> object:
        return release_case(actor=editor, site=site, case_id=case.id, why="L’enquête est close.", now=clock.now)

    assert at_once(release, release) == ["done", "preserved_nothing"]
    assert PreservationEntry.objects.filter(step="released").count() == 1


def test_who_read_other_words_is_told_so(post: Post, site: SiteShape, moderator: Actor, clock: Clock) -> None:
    author, posted = post("Un avis sur la frontière et son histoire.")
    comment_id = posted.own.comment.id
    seen = comment_for_staff(site=site, comment_id=comment_id).seen
    edit_comment(actor=author, site=site, comment_id=comment_id, text="Un tout autre avis.", now=clock.now)
    with pytest.raises(Refusal, match="decided_meanwhile"):
        decide_comment(actor=moderator, site=site, comment_id=comment_id, move=Move.HOLD, seen=seen, now=clock.now)
    seen = comment_for_staff(site=site, comment_id=comment_id).seen
    decide_comment(actor=moderator, site=site, comment_id=comment_id, move=Move.HOLD, seen=seen, now=clock.now)
