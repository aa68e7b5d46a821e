"""Counters always equal what `comity recount` counts, whatever happened in whatever order."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.actions.comments import post_comment
from comity.actions.editing import edit_comment, withdraw_comment
from comity.actions.moderation import decide_comment
from comity.actions.recount import recount
from comity.actions.stories import save_story
from comity.actions.votes import cast_vote
from comity.models import Comment, Story
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal
from comity.rules.transitions import Move
from tests.conversation.conftest import Clock, Post

pytestmark = [pytest.mark.database, pytest.mark.django_db]

numbers = itertools.count(1)
steps = st.lists(
    st.tuples(
        st.sampled_from(["post", "reply", "vote", "edit", "withdraw", "publish", "remove", "hold"]),
        st.integers(0, 30),
        st.sampled_from([-1, 0, 1]),
    ),
    min_size=3,
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps)
def test_counters_equal_a_recount(
    site: SiteShape,
    guest: Callable[[], Actor],
    editor: Actor,
    clock: Clock,
    taken: list[tuple[str, int, int]],
) -> None:
    # A story of its own for every example: the database is emptied only after the last.
    key = f"story-{next(numbers)}"
    save_story(site=site, key=key, title="Une histoire", now=clock.now)

    def post(text: str, parent: int | None = None) -> tuple[Actor, int]:
        actor = guest()
        posted = post_comment(
            actor=actor,
            site=site,
            story_key=key,
            story_url="",
            text=text,
            author_name="Anne",
            parent_id=parent,
            now=clock.forward(seconds=1),
        )
        return replace(actor, device_id=posted.device_id, new_device_token=None), posted.own.comment.id

    authors: dict[int, Actor] = {}
    for number, (step, choice, value) in enumerate(taken):
        ids = list(authors)
        chosen = ids[choice % len(ids)] if ids else None
        try:
            if step == "post" or chosen is None:
                actor, comment_id = post(f"Mot {number} {choice}")
                authors[comment_id] = actor
            elif step == "reply":
                actor, comment_id = post(f"Réponse {number} {choice}", parent=chosen)
                authors[comment_id] = actor
            elif step == "vote":
                cast_vote(actor=guest(), site=site, comment_id=chosen, value=value, now=clock.now)
            elif step == "edit":
                edit_comment(
                    actor=authors[chosen], site=site, comment_id=chosen, text=f"Autrement {number}", now=clock.now
                )
            elif step == "withdraw":
                withdraw_comment(actor=authors[chosen], site=site, comment_id=chosen, now=clock.now)
            else:
                decide_comment(
                    actor=editor, site=site, comment_id=chosen, move=Move(step), rule_key="insult", now=clock.now
                )
        except Refusal:
            pass  # what the rules refuse must leave the counters alone too
    assert recount(repair=False) == ()


def test_recount_finds_and_mends(post: Post, site: SiteShape) -> None:
    _, root = post("La racine.")
    post("La réponse.", parent=root.own.comment.id)
    Story.objects.update(published_count=7)
    Comment.objects.filter(pk=root.own.comment.id).update(branch_count=5, up_count=3)
    seen: list[tuple[int, int]] = []
    found = recount(repair=True, progress=lambda done, total: seen.append((done, total)))
    assert {(each.subject, each.counter) for each in found} == {
        ("story", "published_count"),
        ("comment", "branch_count"),
        ("comment", "up_count"),
    }
    assert seen == [(1, 1)]
    assert recount(repair=False) == ()
