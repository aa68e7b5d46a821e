"""Moderators decide, the site's own head learns, and what it learnt can be taken back and made again, to the byte."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.actions import learning
from comity.actions.appeals import decide_appeal, file_appeal
from comity.actions.editing import edit_comment
from comity.actions.erasure import erase_comment
from comity.actions.learning import learn_from_decisions, replay_learning, undo_learning
from comity.actions.moderation import decide_comment
from comity.events import SiteHeadChanged
from comity.models import Comment, Decision, EventRecord, SiteHead
from comity.queries.lessons import judged_history, lessons_after
from comity.queries.reasons import statement_token
from comity.queries.shapes import SiteShape
from comity.queries.site_heads import CurrentHead, newest_head, stored_head
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal
from comity.rules.transitions import Move
from comity.screening import learning as heads
from comity.screening.learning import Lesson, SiteHeadError
from comity.worker.pump import Pump
from tests.conversation.conftest import Clock, Post
from tests.learning.conftest import GOSSIP, Decide

pytestmark = pytest.mark.django_db
Removed = Callable[..., None]
NEWS = "Le conseil municipal a voté le budget de la voirie."


def _learn(site: SiteShape, clock: Clock) -> int:
    return learn_from_decisions(site_id=site.id, now=clock.now)


def _content(site: SiteShape, version: int | None = None) -> bytes:
    found = newest_head(site_id=site.id) if version is None else stored_head(site_id=site.id, version=version)
    return found.content or b""


def _lessons(site: SiteShape) -> list[Lesson]:
    return [each.lesson for each in lessons_after(site_id=site.id, sequence=0)]


def test_the_pump_teaches_what_people_decide(gossip_removed: Removed, site: SiteShape) -> None:
    gossip_removed(2)
    pump = Pump()
    while pump.run_once():
        pass
    newest = newest_head(site_id=site.id)
    assert newest.lessons == 2
    assert newest.learnt_to == Decision.objects.latest("sequence").sequence
    assert heads.SiteHead.from_bytes(newest.content or b"").refused == {"values": 2}
    told = EventRecord.objects.filter(kind=SiteHeadChanged.kind).values_list("subjects", flat=True)
    assert [each["version"] for each in told] == list(range(1, newest.version + 1))


def test_what_was_learnt_once_is_not_learnt_again(gossip_removed: Removed, site: SiteShape, clock: Clock) -> None:
    gossip_removed(3)
    assert _learn(site, clock) == 1
    before = _content(site)
    assert _learn(site, clock) == 1
    assert (_content(site), SiteHead.objects.count()) == (before, 1)


def test_one_by_one_and_all_at_once_lead_to_the_same_bytes(
    gossip_removed: Removed, site: SiteShape, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "LESSONS_AT_ONCE", 2)
    gossip_removed(1)
    _learn(site, clock)
    gossip_removed(4, first=1)
    assert _learn(site, clock) == 3  # one, then two and two
    assert _content(site) == heads.replay(_lessons(site)).to_bytes()
    assert [each.text for each in _lessons(site)] == list(GOSSIP[:5])


def test_the_machine_alone_and_holding_teach_nothing(post: Post, decide: Decide, site: SiteShape, clock: Clock) -> None:
    post(GOSSIP[0])
    _, posted = post(NEWS)
    decide(posted.own.comment.id, Move.HOLD)
    assert _learn(site, clock) == 0
    assert _lessons(site) == []


def test_a_text_kept_counts_for_the_rule_that_had_stopped_it(post: Post, decide: Decide, site: SiteShape) -> None:
    _, stopped = post(GOSSIP[0])
    decide(stopped.own.comment.id, Move.PUBLISH)
    _, other = post(NEWS)
    decide(other.own.comment.id, Move.HOLD)
    decide(other.own.comment.id, Move.PUBLISH)
    assert _lessons(site) == [Lesson(GOSSIP[0], spared=frozenset({"values"})), Lesson(NEWS)]


def test_an_appeal_teaches_whichever_way_it_ends(
    post: Post, decide: Decide, site: SiteShape, editor: Actor, clock: Clock
) -> None:
    for text, reverse in ((GOSSIP[0], True), (GOSSIP[1], False)):
        _, posted = post(text)
        decide(posted.own.comment.id, Move.REMOVE)
        token = statement_token(Decision.objects.latest("pk"))
        appeal_id = file_appeal(site=site, token=token, text="C’était une citation.", now=clock.forward(hours=1))
        decide_appeal(
            actor=editor, site=site, appeal_id=appeal_id, reverse=reverse, reason="Nous avons relu votre commentaire.",
            now=clock.forward(hours=1),
        )  # fmt: skip
    values = frozenset({"values"})
    assert _lessons(site) == [
        Lesson(GOSSIP[0], values),
        Lesson(GOSSIP[0], spared=values),
        Lesson(GOSSIP[1], values),
        Lesson(GOSSIP[1], values),
    ]


def test_the_words_decided_on_are_learnt_not_those_of_a_later_edit(
    post: Post, decide: Decide, site: SiteShape, clock: Clock
) -> None:
    author, posted = post(NEWS)
    decide(posted.own.comment.id, Move.HOLD)
    decide(posted.own.comment.id, Move.PUBLISH)
    edit_comment(actor=author, site=site, comment_id=posted.own.comment.id, text=GOSSIP[0], now=clock.now)
    assert [each.text for each in _lessons(site)] == [NEWS]
    (judged,) = judged_history(site_id=site.id, limit=5)
    assert (judged.submission.text, judged.refused) == (NEWS, False)


def test_undoing_gives_the_bytes_of_then_and_stays_undone(
    gossip_removed: Removed, site: SiteShape, clock: Clock
) -> None:
    gossip_removed(2)
    _learn(site, clock)
    wanted = _content(site)
    gossip_removed(2, first=2)
    _learn(site, clock)
    worse = _content(site)
    assert undo_learning(site_id=site.id, to_version=1, now=clock.now) == 3
    assert _content(site) == wanted != worse
    assert undo_learning(site_id=site.id, to_version=3, now=clock.now) == 3
    assert _learn(site, clock) == 3
    assert replay_learning(site_id=site.id, now=clock.now) == (3, True)
    gossip_removed(1, first=4)
    assert _learn(site, clock) == 4
    kept = [each for each in _lessons(site) if each.text not in GOSSIP[2:4]]
    assert _content(site) == heads.replay(kept).to_bytes()
    assert replay_learning(site_id=site.id, now=clock.now) == (4, True)
    assert replay_learning(site_id=site.id, everything=True, now=clock.now) == (5, False)
    assert _content(site) == heads.replay(_lessons(site)).to_bytes()


def test_undoing_everything_and_what_cannot_be_undone(gossip_removed: Removed, site: SiteShape, clock: Clock) -> None:
    gossip_removed(2)
    _learn(site, clock)
    assert undo_learning(site_id=site.id, to_version=0, now=clock.now) == 2
    assert newest_head(site_id=site.id).lessons == 0
    assert _learn(site, clock) == 2
    for unknown in (3, -1, 2**40):
        with pytest.raises(Refusal, match="field_invalid"):
            undo_learning(site_id=site.id, to_version=unknown, now=clock.now)


def test_versions_are_bounded_and_one_without_its_bytes_is_made_again(
    gossip_removed: Removed, site: SiteShape, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "CONTENTS_KEPT", 2)
    monkeypatch.setattr(learning, "VERSIONS_KEPT", 4)
    contents = {}
    for number in range(5):
        gossip_removed(1, first=number)
        version = _learn(site, clock)
        contents[version] = _content(site)
    rows = SiteHead.objects.order_by("version")
    assert [(row.version, row.content is not None) for row in rows] == [(2, False), (3, False), (4, True), (5, True)]
    undo_learning(site_id=site.id, to_version=3, now=clock.now)
    assert _content(site) == contents[3]


def test_what_was_erased_is_forgotten_by_the_next_replay(
    gossip_removed: Removed, site: SiteShape, clock: Clock
) -> None:
    gossip_removed(3)
    _learn(site, clock)
    erase_comment(site=site, comment_id=Comment.objects.get(text_source=GOSSIP[1]).pk, now=clock.now)
    assert replay_learning(site_id=site.id, now=clock.now) == (2, False)
    assert _content(site) == heads.replay([Lesson(each, frozenset({"values"})) for each in GOSSIP[:3:2]]).to_bytes()


def test_another_site_learns_nothing_of_it(
    gossip_removed: Removed, site: SiteShape, other_site: SiteShape, clock: Clock
) -> None:
    gossip_removed(1)
    assert learn_from_decisions(site_id=other_site.id, now=clock.now) == 0


def test_a_process_follows_within_a_second(gossip_removed: Removed, site: SiteShape, clock: Clock) -> None:
    head = CurrentHead(site.id)
    head.look(clock.now)
    assert head() is None
    looked_at = clock.now
    gossip_removed(1)
    _learn(site, clock)
    head.look(looked_at + timedelta(milliseconds=999))
    assert head() is None
    head.look(looked_at + timedelta(seconds=1))
    found = head()
    assert found is not None
    assert found.version == 1
    head.look(looked_at + timedelta(seconds=2))
    assert head() is found  # the same version is not read again
    undo_learning(site_id=site.id, to_version=0, now=clock.now)
    head.look(looked_at - timedelta(hours=1))  # a clock set back does not freeze it
    back = head()
    assert back is not None
    assert (back.version, back.lessons) == (2, 0)


def test_a_head_that_cannot_be_read_holds_every_comment_until_it_is_replayed(
    gossip_removed: Removed, post: Post, site: SiteShape, clock: Clock
) -> None:
    gossip_removed(1)
    _learn(site, clock)
    good = _content(site)
    SiteHead.objects.update(content=b"cut")
    head = CurrentHead(site.id)
    head.look(clock.now)
    with pytest.raises(SiteHeadError):
        head()
    clock.forward(seconds=1)
    post(NEWS)
    decision = Decision.objects.latest("pk")
    assert (decision.outcome, decision.notes) == ("hold", ["detector_failed:site_head"])
    assert replay_learning(site_id=site.id, now=clock.now) == (2, False)
    assert _content(site) == good
    clock.forward(seconds=1)
    post("Le marché de samedi est déplacé sur la place de l’église.")
    assert Decision.objects.latest("pk").outcome == "publish"


def test_decisions_cite_the_head_and_thirty_of_them_let_the_values_rule_remove(
    gossip_removed: Removed, post: Post, site: SiteShape, clock: Clock
) -> None:
    def decided() -> tuple[str, str]:
        clock.forward(seconds=1)
        post(GOSSIP[33])
        decision = Decision.objects.latest("pk")
        return decision.outcome, decision.engine_version.rpartition("+")[2]

    gossip_removed(29)
    _learn(site, clock)
    assert decided() == ("hold", "site.1")
    gossip_removed(1, first=29)
    _learn(site, clock)
    assert decided() == ("remove", "site.2")


def test_the_history_is_the_last_word_on_each_comment(
    post: Post, decide: Decide, site: SiteShape, moderator: Actor, clock: Clock
) -> None:
    _, first = post(GOSSIP[0])
    decide(first.own.comment.id, Move.REMOVE)
    after = Decision.objects.latest("pk").sequence
    _, second = post(NEWS)
    decide_comment(
        actor=moderator, site=site, comment_id=second.own.comment.id, move=Move.REMOVE, rule_key="insult", now=clock.now
    )
    decide(second.own.comment.id, Move.PUBLISH)

    def told(**asked: int) -> list[tuple[str, bool]]:
        found = judged_history(site_id=site.id, **{"limit": 10, **asked})
        return [(each.submission.text, each.refused) for each in found]

    assert told() == [(NEWS, False), (GOSSIP[0], True)]
    assert told(limit=1) == told(after=after) == [(NEWS, False)]


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), max_size=6))
def test_ranges_are_joined_without_losing_a_number(ranges: list[tuple[int, int]]) -> None:
    joined = learning._joined(ranges)
    numbers = {number for first, last in ranges for number in range(first, last + 1)}
    assert {number for first, last in joined for number in range(first, last + 1)} == numbers
    assert all(before[1] + 1 < after[0] for before, after in pairwise(joined))
