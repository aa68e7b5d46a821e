"""Voting: one vote each, changeable, never on one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from comity.actions.votes import cast_vote
from comity.models import Vote
from comity.queries.shapes import SiteShape, StoryShape
from comity.queries.threads import read_thread
from comity.queries.votes import own_votes
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal, RefusalCode
from tests.conversation.conftest import Clock, Post

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_vote_is_changed_and_withdrawn(
    post: Post, site: SiteShape, story: StoryShape, guest: Callable[[], Actor], clock: Clock
) -> None:
    _, posted = post()
    comment_id = posted.own.comment.id
    voter = guest()
    first = cast_vote(actor=voter, site=site, comment_id=comment_id, value=1, now=clock.now)
    assert first.device_token == voter.new_device_token
    voter = replace(voter, device_id=first.device_id, new_device_token=None)
    steps = [(1, 1, 0), (-1, 0, 1), (-1, 0, 1), (0, 0, 0), (0, 0, 0), (1, 1, 0)]
    for value, up, down in steps:
        vote = cast_vote(actor=voter, site=site, comment_id=comment_id, value=value, now=clock.now)
        assert (vote.up_count, vote.down_count, vote.own) == (up, down, value)
    assert own_votes(site=site, key=story.key, actor=voter) == {comment_id: 1}
    assert Vote.objects.count() == 1


def test_never_on_ones_own(post: Post, site: SiteShape, editor: Actor, clock: Clock) -> None:
    anne, posted = post()
    _, official = post("La rédaction.", actor=editor)
    for actor, comment_id in ((anne, posted.own.comment.id), (editor, official.own.comment.id)):
        with pytest.raises(Refusal) as caught:
            cast_vote(actor=actor, site=site, comment_id=comment_id, value=1, now=clock.now)
        assert caught.value.code is RefusalCode.VOTE_OWN_COMMENT


def test_an_office_behind_one_address_votes(
    post: Post, site: SiteShape, guest: Callable[[], Actor], clock: Clock
) -> None:
    _, posted = post()
    for _ in range(5):
        cast_vote(
            actor=replace(guest(), network_digest="one office"),
            site=site,
            comment_id=posted.own.comment.id,
            value=1,
            now=clock.now,
        )
    assert Vote.objects.count() == 5


def test_votes_on_what_is_not_there(
    post: Post, site: SiteShape, other_site: SiteShape, guest: Callable[[], Actor], clock: Clock
) -> None:
    _, posted = post(honeypot="filled")
    cases = [(site, posted.own.comment.id), (site, 10**9), (other_site, posted.own.comment.id), (site, 2**80)]
    for where, comment_id in cases:
        with pytest.raises(Refusal) as caught:
            cast_vote(
                actor=replace(guest(), site_id=where.id), site=where, comment_id=comment_id, value=1, now=clock.now
            )
        assert caught.value.code is RefusalCode.COMMENT_UNKNOWN
    assert not Vote.objects.exists()


def test_the_popular_sort_is_the_bound_not_the_sum(
    post: Post, site: SiteShape, story: StoryShape, guest: Callable[[], Actor], clock: Clock
) -> None:
    _, few = post("Trois sur trois.")
    _, many = post("Douze sur treize.")
    for number in range(13):
        value = -1 if number == 12 else 1
        cast_vote(actor=guest(), site=site, comment_id=many.own.comment.id, value=value, now=clock.now)
    for _ in range(3):
        cast_vote(actor=guest(), site=site, comment_id=few.own.comment.id, value=1, now=clock.now)
    thread = read_thread(site=site, key=story.key, now=clock.now, sort="popular")
    assert [each.id for each in thread.comments] == [many.own.comment.id, few.own.comment.id]
