"""Editing, withdrawing, deciding."""

from __future__ import annotations

import pytest

from comity.actions.editing import edit_comment, withdraw_comment
from comity.actions.moderation import decide_comment, set_prominence
from comity.models import Decision
from comity.queries.comments import held_comments, read_comment, revisions
from comity.queries.shapes import SiteShape, StoryShape
from comity.queries.threads import read_thread
from comity.rules.actors import Actor, StaffRole
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus, Prominence
from comity.rules.transitions import Move
from tests.conversation.conftest import Clock, Post

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_an_edit_keeps_the_earlier_words(post: Post, site: SiteShape, clock: Clock) -> None:
    actor, posted = post("Premiere version.")
    comment_id = posted.own.comment.id
    edited = edit_comment(
        actor=actor, site=site, comment_id=comment_id, text="Première version.", now=clock.forward(minutes=5)
    )
    assert edited.own.comment.edited_at == clock.now
    assert "Première" in edited.own.comment.html
    kept = revisions(site=site, comment_id=comment_id)
    assert [(each.number, "Premiere" in each.html) for each in kept] == [(1, True)]
    assert list(Decision.objects.order_by("pk").values_list("revision_number", flat=True)) == [1, 2]


def test_the_same_words_are_no_edit(post: Post, site: SiteShape, clock: Clock) -> None:
    actor, posted = post("Inchangé.")
    edited = edit_comment(actor=actor, site=site, comment_id=posted.own.comment.id, text="Inchangé. ", now=clock.now)
    assert edited.own.comment.edited_at is None
    assert revisions(site=site, comment_id=posted.own.comment.id) == ()


def test_edits_are_refused_after_the_window_after_a_reply_and_to_others(
    post: Post, site: SiteShape, clock: Clock
) -> None:
    anne, first = post("Le premier.")
    bert, second = post("Le second.", name="Bert")
    post("Une réponse.", parent=second.own.comment.id, name="Chloé")

    def code_of(actor: Actor, comment_id: int) -> RefusalCode:
        with pytest.raises(Refusal) as caught:
            edit_comment(actor=actor, site=site, comment_id=comment_id, text="Autre chose.", now=clock.now)
        return caught.value.code

    assert code_of(bert, first.own.comment.id) is RefusalCode.NOT_YOURS
    assert code_of(bert, second.own.comment.id) is RefusalCode.EDIT_AFTER_REPLY
    assert code_of(anne, 10**9) is RefusalCode.COMMENT_UNKNOWN
    clock.forward(minutes=15)
    assert code_of(anne, first.own.comment.id) is RefusalCode.EDIT_WINDOW_CLOSED


def test_a_withdrawn_comment_is_gone(post: Post, site: SiteShape, story: StoryShape, clock: Clock) -> None:
    actor, posted = post()
    comment_id = posted.own.comment.id
    gone = withdraw_comment(actor=actor, site=site, comment_id=comment_id, now=clock.now)
    assert gone.own.status is CommentStatus.WITHDRAWN
    assert gone.own.comment.html == ""
    assert read_thread(site=site, key=story.key, now=clock.now).comments == ()
    with pytest.raises(Refusal) as caught:
        read_comment(site=site, comment_id=comment_id, now=clock.now)
    assert caught.value.code is RefusalCode.COMMENT_UNKNOWN
    with pytest.raises(Refusal):
        withdraw_comment(actor=actor, site=site, comment_id=comment_id, now=clock.now)


def test_removal_leaves_a_placeholder_and_reversal_brings_all_back(
    post: Post, site: SiteShape, story: StoryShape, editor: Actor, clock: Clock
) -> None:
    _, root = post("La racine.", name="Anne")
    _, reply = post("La réponse.", name="Bert", parent=root.own.comment.id)
    before = read_thread(site=site, key=story.key, now=clock.now)
    removed = decide_comment(
        actor=editor, site=site, comment_id=root.own.comment.id, move=Move.REMOVE, rule_key="insult", now=clock.now
    )
    assert removed.status is CommentStatus.REMOVED
    thread = read_thread(site=site, key=story.key, now=clock.now)
    placeholder = thread.comments[0]
    assert (placeholder.html, placeholder.author_name, placeholder.status) == ("", "", CommentStatus.REMOVED)
    assert [each.id for each in placeholder.replies] == [reply.own.comment.id]
    assert thread.story.count == 1
    decide_comment(actor=editor, site=site, comment_id=root.own.comment.id, move=Move.PUBLISH, now=clock.now)
    after = read_thread(site=site, key=story.key, now=clock.now)
    assert after.comments == before.comments
    assert after.story.count == before.story.count
    last = Decision.objects.latest("pk")
    assert last.reverses is not None
    assert last.reverses.outcome == "remove"


def test_a_removed_leaf_leaves_nothing(
    post: Post, site: SiteShape, story: StoryShape, editor: Actor, clock: Clock
) -> None:
    _, posted = post()
    decide_comment(
        actor=editor, site=site, comment_id=posted.own.comment.id, move=Move.REMOVE, rule_key="insult", now=clock.now
    )
    assert read_thread(site=site, key=story.key, now=clock.now).comments == ()


def test_replies_to_what_was_removed_are_refused(post: Post, site: SiteShape, editor: Actor, clock: Clock) -> None:
    _, posted = post()
    decide_comment(
        actor=editor, site=site, comment_id=posted.own.comment.id, move=Move.REMOVE, rule_key="insult", now=clock.now
    )
    with pytest.raises(Refusal) as caught:
        post("Une réponse tardive.", parent=posted.own.comment.id)
    assert caught.value.code is RefusalCode.PARENT_NOT_PUBLISHED


def test_who_may_decide(post: Post, site: SiteShape, other_site: SiteShape, editor: Actor, clock: Clock) -> None:
    anne, posted = post()
    comment_id = posted.own.comment.id
    with pytest.raises(Refusal) as caught:
        decide_comment(actor=anne, site=site, comment_id=comment_id, move=Move.PUBLISH, now=clock.now)
    assert caught.value.code is RefusalCode.AUTHENTICATION_REQUIRED
    stranger = Actor(site_id=other_site.id, staff_id=None, staff_role=StaffRole.EDITOR)
    with pytest.raises(Refusal) as caught:
        decide_comment(actor=stranger, site=other_site, comment_id=comment_id, move=Move.PUBLISH, now=clock.now)
    assert caught.value.code is RefusalCode.COMMENT_UNKNOWN
    with pytest.raises(Refusal) as caught:
        decide_comment(
            actor=editor, site=site, comment_id=comment_id, move=Move.REMOVE, rule_key="no-such-rule", now=clock.now
        )
    assert caught.value.code is RefusalCode.FIELD_INVALID


def test_held_comments_wait_with_their_reason(post: Post, site: SiteShape, clock: Clock) -> None:
    _, posted = post("Voyez https://a.example https://b.example https://c.example https://d.example", honeypot="x")
    if posted.own.status is CommentStatus.HELD:
        waiting = held_comments(site=site, language="fr")
        assert [each.comment.id for each in waiting] == [posted.own.comment.id]
        assert waiting[0].comment.html
    else:
        assert posted.own.explanation
        assert posted.own.rule_title


def test_pinned_and_picked_come_first_in_every_sort(
    post: Post, site: SiteShape, story: StoryShape, editor: Actor, clock: Clock
) -> None:
    ids = [post(f"Le numéro {number}.")[1].own.comment.id for number in range(5)]
    set_prominence(actor=editor, site=site, comment_id=ids[2], prominence=Prominence.PINNED, now=clock.now)
    set_prominence(actor=editor, site=site, comment_id=ids[3], prominence=Prominence.PICKED, now=clock.now)
    expected = {
        "newest": [ids[2], ids[3], ids[4], ids[1], ids[0]],
        "oldest": [ids[2], ids[3], ids[0], ids[1], ids[4]],
        "popular": [ids[2], ids[3], ids[4], ids[1], ids[0]],
    }
    for sort, order in expected.items():
        assert [each.id for each in read_thread(site=site, key=story.key, now=clock.now, sort=sort).comments] == order
    _, reply = post("Une réponse.", parent=ids[0])
    with pytest.raises(Refusal):
        set_prominence(
            actor=editor, site=site, comment_id=reply.own.comment.id, prominence=Prominence.PINNED, now=clock.now
        )
