"""Posting: what becomes of a comment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from comity.actions.comments import post_comment
from comity.actions.sites import change_site
from comity.actions.stories import save_story
from comity.models import Comment, Decision, Device, EventRecord, Story
from comity.queries.comments import own_comment, own_comments
from comity.queries.shapes import SiteShape, StoryShape
from comity.queries.stories import counts, find_story
from comity.queries.threads import read_thread
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import AuthorKind, CommentStatus, StoryState
from tests.conversation.conftest import Clock, Post

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_guest_posts(post: Post, site: SiteShape, story: StoryShape, clock: Clock) -> None:
    _, posted = post("Bonjour **à tous**.")
    shown = posted.own.comment
    assert posted.own.status is CommentStatus.PUBLISHED
    assert shown.author_kind is AuthorKind.GUEST
    assert "<strong>à tous</strong>" in shown.html
    assert counts(site=site, keys=[story.key, "unknown"]) == {story.key: (story.id, 1), "unknown": (None, 0)}
    thread = read_thread(site=site, key=story.key, now=clock.now)
    assert [each.id for each in thread.comments] == [shown.id]


def test_every_comment_has_a_decision_and_an_event(post: Post) -> None:
    _, posted = post()
    decision = Decision.objects.get(comment_id=posted.own.comment.id)
    assert (decision.outcome, decision.actor_kind) == ("publish", "machine")
    assert decision.engine_version
    event = EventRecord.objects.filter(kind="comment_posted").get()
    assert event.subjects["comment_id"] == posted.own.comment.id
    assert "text" not in event.subjects


def test_a_device_is_made_once_and_its_token_kept_as_a_digest(post: Post) -> None:
    actor, first = post("Un premier mot.")
    token = first.device_token
    assert token is not None
    _, second = post("Un second mot.", actor=actor)
    assert second.device_token is None
    device = Device.objects.get()
    assert token not in device.token_digest


def test_an_unknown_key_is_an_empty_conversation_and_writes_nothing(site: SiteShape, clock: Clock) -> None:
    thread = read_thread(site=site, key="nobody-came", now=clock.now)
    assert (thread.story.id, thread.story.count, thread.comments) == (None, 0, ())
    assert not Story.objects.exists()


def post_under(key: str, url: str, *, site: SiteShape, actor: Actor, clock: Clock, text: str = "Premier mot.") -> None:
    post_comment(actor=actor, site=site, story_key=key, story_url=url, text=text, author_name="Anne", now=clock.now)


def test_the_first_comment_creates_the_story(site: SiteShape, guest: Callable[[], Actor], clock: Clock) -> None:
    post_under("neuf", "https://www.gazette.example/neuf/?utm_source=x#top", site=site, actor=guest(), clock=clock)
    found = find_story(site=site, key="neuf", now=clock.now)
    assert (found.url, found.count) == ("https://www.gazette.example/neuf", 1)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", RefusalCode.STORY_URL_MISSING),
        ("https://elsewhere.example/a", RefusalCode.STORY_URL_REFUSED),
        ("http://gazette.example/a", RefusalCode.STORY_URL_REFUSED),
        ("https://gazette.example.evil.example/a", RefusalCode.STORY_URL_REFUSED),
        ("javascript:alert(1)", RefusalCode.STORY_URL_REFUSED),
        ("not an address", RefusalCode.STORY_URL_REFUSED),
    ],
)
def test_addresses_of_new_stories(
    url: str, code: RefusalCode, site: SiteShape, guest: Callable[[], Actor], clock: Clock
) -> None:
    with pytest.raises(Refusal) as caught:
        post_under("neuf", url, site=site, actor=guest(), clock=clock)
    assert caught.value.code is code
    assert not Story.objects.exists()
    assert not Device.objects.exists()


def test_a_closed_story_takes_nothing(post: Post, site: SiteShape, story: StoryShape, clock: Clock) -> None:
    save_story(site=site, key=story.key, title="Une trêve", state=StoryState.CLOSED, now=clock.now)
    with pytest.raises(Refusal) as caught:
        post()
    assert caught.value.code is RefusalCode.STORY_CLOSED


def test_a_pre_moderated_story_holds(post: Post, site: SiteShape, story: StoryShape, clock: Clock) -> None:
    save_story(site=site, key=story.key, title="Une trêve", state=StoryState.PRE_MODERATED, now=clock.now)
    actor, posted = post()
    assert posted.own.status is CommentStatus.HELD
    assert read_thread(site=site, key=story.key, now=clock.now).comments == ()
    assert counts(site=site, keys=[story.key]) == {story.key: (story.id, 0)}
    mine = own_comments(site=site, key=story.key, actor=actor, now=clock.now, language="fr")
    assert [each.status for each in mine] == [CommentStatus.HELD]


def test_the_same_words_again_are_refused(post: Post) -> None:
    actor, _ = post("Je me répète.")
    with pytest.raises(Refusal) as caught:
        post("Je me répète.", actor=actor, idempotency_key="another-key")
    assert caught.value.code is RefusalCode.COMMENT_DUPLICATE
    post("Je dis autre chose.", actor=actor)
    post("Je me répète.", actor=actor, idempotency_key="a-third-key")


def test_a_form_sent_twice_is_one_comment(post: Post, guest: Callable[[], Actor], clock: Clock) -> None:
    first_actor = guest()
    _, first = post("Un double clic.", actor=first_actor)
    again = replace(guest(), network_digest=first_actor.network_digest)
    _, second = post("Un double clic.", actor=again, author_email="")
    assert second.repeated
    assert second.own.comment.id == first.own.comment.id
    # Not proven to be the same device: nothing that only the author may have.
    assert (second.device_token, second.own.email, second.own.editable_until) == (None, "", None)
    assert Comment.objects.count() == 1


def test_the_same_form_later_or_from_elsewhere_is_another_comment(
    post: Post, guest: Callable[[], Actor], clock: Clock
) -> None:
    first_actor = guest()
    post("Bravo.", actor=first_actor)
    post("Bravo.")
    clock.forward(minutes=2)
    post("Bravo.", actor=replace(guest(), network_digest=first_actor.network_digest))
    assert Comment.objects.count() == 3


def test_the_same_key_and_body_give_the_first_comment(post: Post, guest: Callable[[], Actor], clock: Clock) -> None:
    actor = guest()
    _, first = post("Une seule fois.", actor=actor, idempotency_key="key-1", body_digest="body")
    clock.forward(hours=23)
    _, second = post("Une seule fois.", actor=actor, idempotency_key="key-1", body_digest="body")
    assert second.repeated
    assert second.own.comment.id == first.own.comment.id
    assert second.device_token == first.device_token
    with pytest.raises(Refusal) as caught:
        post("Autre chose.", actor=actor, idempotency_key="key-1", body_digest="other body")
    assert caught.value.code is RefusalCode.IDEMPOTENCY_KEY_REUSED


@pytest.mark.parametrize(
    "name", ["La Gazette", "la gazette", "LÁ GAZETTE", "Claire Rédac", "Сlaire Redac", "claire  redac"]
)
def test_reserved_names(name: str, post: Post, editor: Actor) -> None:
    with pytest.raises(Refusal) as caught:
        post(name=name)
    assert (caught.value.code, caught.value.field) == (RefusalCode.NAME_RESERVED, "author_name")


def test_authors_of_the_story_are_reserved(post: Post, site: SiteShape, story: StoryShape, clock: Clock) -> None:
    save_story(site=site, key=story.key, title="Une trêve", authors=["Paul Dépêche"], now=clock.now)
    with pytest.raises(Refusal):
        post(name="paul depeche")


def test_staff_write_under_their_own_name(post: Post, editor: Actor) -> None:
    _, posted = post("La rédaction répond.", actor=editor, name="Someone else")
    assert posted.own.comment.author_name == "Claire Rédac"
    assert posted.own.comment.author_kind is AuthorKind.STAFF


WORDS = (
    "La carte manque.",
    "Quelle carte cherchez-vous ?",
    "Celle des zones concernées par l’accord.",
    "Elle sera publiée demain matin.",
    "J’attends de voir.",
    "Nous aussi, à vrai dire.",
    "Le calendrier reste flou.",
    "On le précisera bientôt.",
)


def test_replies_nest_to_the_limit_and_then_stand_flat(
    post: Post, site: SiteShape, story: StoryShape, clock: Clock
) -> None:
    parent: int | None = None
    ids = []
    for number in range(8):
        _, posted = post(WORDS[number], parent=parent, name=f"Personne {number}")
        parent = posted.own.comment.id
        ids.append(parent)
    depths = list(Comment.objects.order_by("pk").values_list("depth", flat=True))
    assert depths == [0, 1, 2, 3, 4, 4, 4, 4]
    thread = read_thread(site=site, key=story.key, now=clock.now)
    node = thread.comments[0]
    for _ in range(3):
        node = node.replies[0]
    flat = node.replies
    assert [each.id for each in flat] == ids[4:]
    assert [each.reply_to_name for each in flat] == ["", "Personne 4", "Personne 5", "Personne 6"]


def test_parents_elsewhere_are_unknown(
    post: Post, site: SiteShape, other_site: SiteShape, guest: Callable[[], Actor], clock: Clock
) -> None:
    _, posted = post()
    save_story(site=site, key="autre", title="Autre", now=clock.now)
    save_story(site=other_site, key="treve", title="A truce", now=clock.now)
    for where, key in ((site, "autre"), (other_site, "treve")):
        with pytest.raises(Refusal) as caught:
            post_comment(
                actor=replace(guest(), site_id=where.id),
                site=where,
                story_key=key,
                story_url="",
                text="Une réponse.",
                author_name="Anne",
                parent_id=posted.own.comment.id,
                now=clock.now,
            )
        assert caught.value.code is RefusalCode.PARENT_UNKNOWN
    for impossible in (0, -1, 999_999, 2**70):
        with pytest.raises(Refusal):
            post("Une réponse.", parent=impossible)


def test_own_comments_are_nobody_elses(post: Post, site: SiteShape, story: StoryShape, clock: Clock) -> None:
    anne, posted = post(author_email="anne@example.org")
    bert, _ = post("Un autre mot.", name="Bert")
    comment_id = posted.own.comment.id
    mine = own_comment(site=site, comment_id=comment_id, actor=anne, now=clock.now, language="fr")
    assert mine.email == "anne@example.org"
    with pytest.raises(Refusal) as caught:
        own_comment(site=site, comment_id=comment_id, actor=bert, now=clock.now, language="fr")
    assert caught.value.code is RefusalCode.NOT_YOURS
    assert own_comments(site=site, key=story.key, actor=Actor(site_id=site.id), now=clock.now, language="fr") == ()


def test_a_filled_honeypot_is_never_published(post: Post) -> None:
    _, posted = post(honeypot="https://spam.example")
    assert posted.own.status in {CommentStatus.HELD, CommentStatus.REMOVED}


def test_a_story_closes_after_its_days(post: Post, site: SiteShape, clock: Clock) -> None:
    post()
    patient = change_site(key=site.key, settings={"close_after_days": 3})
    start = clock.now - timedelta(seconds=1)
    assert find_story(site=patient, key="treve", now=start + timedelta(days=2.9)).state is StoryState.OPEN
    assert find_story(site=patient, key="treve", now=start + timedelta(days=3)).state is StoryState.CLOSED
