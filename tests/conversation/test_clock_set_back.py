"""A clock that is set back an hour, as a repaired one may be: order, versions, cursors and repeats stay right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from comity.actions.comments import post_comment
from comity.actions.editing import edit_comment
from comity.models import Comment
from comity.queries.decisions import verify_chain
from comity.queries.shapes import SiteShape, StoryShape
from comity.queries.threads import read_thread
from comity.rules.actors import Actor
from comity.rules.posting import LARGEST_STEP, written_at
from tests.conversation.conftest import START, Clock, Post

pytestmark = [pytest.mark.database, pytest.mark.django_db]

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("behind", "dated"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(seconds=-5), timedelta(0)),
        (timedelta(seconds=5), timedelta(seconds=5)),
        (HOUR, HOUR),
        (LARGEST_STEP, LARGEST_STEP),
        (LARGEST_STEP + timedelta(seconds=1), timedelta(0)),
    ],
)
def test_a_comment_is_never_older_than_the_newest_before_it(behind: timedelta, dated: timedelta) -> None:
    assert written_at(START, newest=START + behind) == START + dated
    assert written_at(START, newest=None) == START


def test_order_and_versions_hold(post: Post, clock: Clock, site: SiteShape) -> None:
    first = post("Un premier avis.")[1].own.comment
    second = post("Un deuxième avis.")[1].own.comment
    clock.now -= HOUR
    third = post("Un troisième avis.")[1].own.comment
    answer = post("Une réponse au deuxième.", parent=second.id)[1].own.comment
    newest = read_thread(site=site, key="treve", now=clock.now, sort="newest")
    assert [each.id for each in newest.comments] == [third.id, second.id, first.id]
    oldest = read_thread(site=site, key="treve", now=clock.now, sort="oldest")
    assert [each.id for each in oldest.comments] == [first.id, second.id, third.id]
    assert answer.created_at >= second.created_at
    versions = list(Comment.objects.order_by("pk").values_list("first_version", flat=True))
    assert versions == sorted(versions)
    assert verify_chain(site_id=site.id).fault == ""
    clock.now += 2 * HOUR
    fourth = post("Un quatrième avis, à l'heure.")[1].own.comment
    assert fourth.created_at == clock.now


def test_pages_neither_repeat_nor_lose_what_came_before_the_step(post: Post, clock: Clock, site: SiteShape) -> None:
    small = msgspec.structs.replace(site, page_size=2)
    before = [post(f"Avis numéro {number}.")[1].own.comment.id for number in range(5)]
    page = read_thread(site=small, key="treve", now=clock.now, sort="newest")
    clock.now -= HOUR
    late = post("Un avis d'après.")[1].own.comment.id
    seen = [each.id for each in page.comments]
    cursor = page.next_cursor
    while cursor is not None:
        page = read_thread(site=small, key="treve", now=clock.now, sort="newest", cursor=cursor)
        seen += [each.id for each in page.comments]
        cursor = page.next_cursor
    assert seen == before[::-1]
    anew = read_thread(site=small, key="treve", now=clock.now, sort="newest")
    assert anew.comments[0].id == late


def test_what_was_sent_before_the_step_is_known_after_it(
    site: SiteShape, story: StoryShape, guest: Callable[[], Actor], clock: Clock
) -> None:
    who = guest()

    def send() -> tuple[int, bool]:
        posted = post_comment(
            actor=who, site=site, story_key=story.key, story_url="", text="Une seule fois.", author_name="Anne",
            idempotency_key="k" * 32, body_digest="d", now=clock.now,
        )  # fmt: skip
        return posted.own.comment.id, posted.repeated

    first, _ = send()
    clock.now -= HOUR
    assert send() == (first, True)
    assert Comment.objects.count() == 1


def test_the_author_may_still_edit(post: Post, clock: Clock, site: SiteShape) -> None:
    author, posted = post("Un avis à relire.")
    clock.now -= HOUR
    edited = edit_comment(
        actor=author, site=site, comment_id=posted.own.comment.id, text="Un avis relu.", now=clock.forward(seconds=1)
    )
    assert edited.own.comment.id == posted.own.comment.id
