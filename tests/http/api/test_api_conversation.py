"""The conversation over JSON: read, post, reply, vote, edit, withdraw, one's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from comity.actions.moderation import decide_comment
from comity.models import Comment, Site, Story
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import Actor, StaffRole
from comity.rules.transitions import Move
from comity.stream.fragments import render_comment
from tests.http.api.conftest import Program, new_key, page_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_an_unknown_key_is_an_empty_conversation(api: Program) -> None:
    answer = api.call("GET", "api-thread", "inconnue")
    assert answer.status_code == 200
    thread = answer.json()
    assert thread["comments"] == []
    assert thread["story"]["comment_count"] == 0
    assert thread["story"]["state"] == "open"
    assert not Story.objects.exists()


def test_a_comment_is_posted_and_read(api: Program, site: SiteShape, story: StoryShape) -> None:
    posted = api.post("treve", "Une *remarque*.", author_email="anne@example.org")
    assert posted.status_code == 201
    assert posted.headers["Cache-Control"] == "private, no-store"
    made = posted.json()
    assert made["status"] == "published"
    assert made["device_token"] == api.token
    assert made["repeated"] is False
    thread = api.call("GET", "api-thread", "treve").json()
    assert [each["id"] for each in thread["comments"]] == [made["comment"]["id"]]
    comment = thread["comments"][0]
    assert comment["author"] == {"name": "Anne", "kind": "guest", "website": ""}
    assert comment["html"] == made["comment"]["html"]
    assert comment["created_at"].endswith("Z")
    assert "anne@example.org" not in str(thread)
    assert thread["story"]["comment_count"] == 1


def test_the_fragment_is_the_page_s_own(api: Program, site: SiteShape, story: StoryShape) -> None:
    made = api.post("treve").json()
    thread = page_of(site, "treve")
    shape = thread.comments[0]
    assert made["fragment"] == render_comment(shape, site, "fr", carried={"site": "gazette"}, story=thread.story)
    assert f"comment-{shape.id}" in made["fragment"]


def test_the_first_comment_creates_the_story(api: Program) -> None:
    assert api.post("neuve", story_url="https://www.gazette.example/neuve/?utm_source=x#haut").status_code == 201
    assert Story.objects.get().url == "https://www.gazette.example/neuve"


def test_replies_nest_and_stand_flat_at_the_depth_limit(api: Program, site: SiteShape, story: StoryShape) -> None:
    parent = None
    for number in range(site.depth_limit + 2):
        made = api.post("treve", f"Réponse numéro {number}", parent_id=parent)
        assert made.status_code == 201
        parent = made.json()["comment"]["id"]
    assert made.json()["comment"]["depth"] == site.depth_limit
    assert made.json()["comment"]["reply_to"]["name"] == "Anne"


def test_pages_by_cursor_and_by_branch(api: Program, site: SiteShape, story: StoryShape) -> None:
    Site.objects.update(page_size=2)
    ids = [api.post("treve", f"Numéro {number}").json()["comment"]["id"] for number in range(5)]
    reply = api.post("treve", "Une réponse", parent_id=ids[0]).json()["comment"]["id"]
    seen: list[int] = []
    cursor = None
    while True:
        query = {"sort": "oldest", **({"cursor": cursor} if cursor else {})}
        page = api.call("GET", "api-thread", "treve", query=query).json()
        seen += [each["id"] for each in page["comments"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids
    branch = api.call("GET", "api-thread", "treve", query={"filter": f"branch:{ids[0]}"}).json()
    assert branch["branch_id"] == ids[0]
    assert [each["id"] for each in branch["comments"][0]["replies"]] == [reply]


def test_a_held_comment_is_its_author_s_alone(api: Program, site: SiteShape, story: StoryShape) -> None:
    Site.objects.update(pre_moderated=True)
    held = api.post("treve", "Une remarque en attente.")
    assert held.status_code == 202
    assert held.json()["status"] == "held"
    assert held.json()["fragment"] == ""
    assert "Une remarque en attente." in held.json()["comment"]["html"]
    assert api.call("GET", "api-thread", "treve").json()["comments"] == []
    mine = api.call("GET", "api-me", query={"key": "treve"}).json()
    assert [each["text"] for each in mine["comments"]] == ["Une remarque en attente."]
    stranger = Program(site).call("GET", "api-me", query={"key": "treve"}).json()
    assert stranger == {"key": "treve", "known": False, "staff": None, "comments": [], "votes": []}


def test_a_removed_comment_tells_its_author_why(api: Program, site: SiteShape, story: StoryShape) -> None:
    comment_id = api.post("treve").json()["comment"]["id"]
    moderator = Actor(site_id=site.id, staff_role=StaffRole.MODERATOR)
    decide_comment(
        actor=moderator, site=site, comment_id=comment_id, move=Move.REMOVE, rule_key="insult", now=datetime.now(UTC)
    )
    for language in ("fr", "en"):
        own = api.call("GET", "api-me", query={"key": "treve", "lang": language}).json()["comments"][0]
        assert own["status"] == "removed"
        assert own["reason"]["rule"] == "insult"
        assert own["reason"]["title"]
        assert own["editable_until"] is None


def test_edit_and_withdraw_within_the_window(api: Program, site: SiteShape, story: StoryShape) -> None:
    comment_id = api.post("treve", "Un mto.").json()["comment"]["id"]
    edited = api.call("PATCH", "api-comment", comment_id, body={"text": "Un mot."})
    assert edited.status_code == 200
    assert edited.json()["text"] == "Un mot."
    assert edited.json()["comment"]["edited_at"] is not None
    assert edited.json()["device_token"] is None
    withdrawn = api.call("DELETE", "api-comment", comment_id)
    assert withdrawn.status_code == 200
    assert withdrawn.json()["status"] == "withdrawn"
    assert api.call("GET", "api-thread", "treve").json()["comments"] == []
    assert api.call("DELETE", "api-comment", comment_id).json()["code"] == "comment_unknown"


def test_the_window_closes(api: Program, site: SiteShape, story: StoryShape) -> None:
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=UTC), tick=False) as moment:
        comment_id = api.post("treve").json()["comment"]["id"]
        moment.shift(site.edit_window_seconds)
        refused = api.call("PATCH", "api-comment", comment_id, body={"text": "Trop tard."})
    assert (refused.status_code, refused.json()["code"]) == (403, "edit_window_closed")


def test_another_device_changes_nothing(api: Program, site: SiteShape, story: StoryShape) -> None:
    comment_id = api.post("treve").json()["comment"]["id"]
    other = Program(site)
    other.post("treve", "Une autre voix.")
    for method in ("PATCH", "DELETE"):
        for stranger in (other, Program(site)):
            refused = stranger.call(method, "api-comment", comment_id, body={"text": "Pas de moi."})
            assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert Comment.objects.get(pk=comment_id).text_source == "Un commentaire courtois."


def test_votes_are_cast_changed_and_withdrawn(api: Program, site: SiteShape, story: StoryShape) -> None:
    comment_id = api.post("treve").json()["comment"]["id"]
    voter = Program(site)
    first = voter.call("POST", "api-vote", comment_id, body={"value": 1}).json()
    assert (first["up_count"], first["own"]) == (1, 1)
    voter.token = first["device_token"]
    again = voter.call("POST", "api-vote", comment_id, body={"value": -1}).json()
    assert (again["up_count"], again["down_count"], again["own"], again["device_token"]) == (0, 1, -1, None)
    mine = voter.call("GET", "api-me", query={"key": "treve"}).json()
    assert mine["votes"] == [{"comment_id": comment_id, "value": -1}]
    gone = voter.call("POST", "api-vote", comment_id, body={"value": 0}).json()
    assert (gone["up_count"], gone["down_count"], gone["own"]) == (0, 0, 0)


def test_a_preview_stores_nothing(api: Program, story: StoryShape) -> None:
    answer = api.call("POST", "api-preview", "treve", body={"text": "Un **essai**."})
    assert answer.status_code == 200
    assert "essai" in answer.json()["html"]
    assert not Comment.objects.exists()


def test_unknown_members_and_parameters_make_no_difference(api: Program, site: SiteShape, story: StoryShape) -> None:
    assert api.post("treve", colour="blue").status_code == 201
    plain = api.call("GET", "api-thread", "treve")
    more = api.call("GET", "api-thread", "treve", query={"utm_source": "x", "_": "1", "page": "7"})
    assert (plain.content, plain.headers["ETag"]) == (more.content, more.headers["ETag"])


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> bonjour",
        '<img src=x onerror="alert(1)"> bonjour',
        "[lien](javascript:alert(1)) bonjour",
        "bon\u202ejour\u202c \u0000\u0007 bonjour",
        ">" * 4900 + " bonjour",
        "[" * 4900 + " bonjour",
    ],
)
def test_hostile_text_is_accepted_or_refused_but_never_alive(api: Program, story: StoryShape, text: str) -> None:
    answer = api.post("treve", text)
    assert answer.status_code in {201, 202, 422}
    if answer.status_code == 422:
        assert answer.json()["code"] in {"text_too_long", "text_empty"}
        return
    html = answer.json()["comment"]["html"].lower()
    for alive in ("<script", "<img", 'href="javascript', "\u202e", "\u0007"):
        assert alive not in html


def test_a_thread_is_public_and_conditional(api: Program, story: StoryShape) -> None:
    first = api.call("GET", "api-thread", "treve", headers={"Origin": "https://anywhere.example"})
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    assert first.headers["Vary"] == "Accept-Encoding"
    assert not first.cookies
    again = api.call("GET", "api-thread", "treve", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    api.post("treve")
    changed = api.call("GET", "api-thread", "treve", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_head_is_get_without_its_body(api: Program, story: StoryShape) -> None:
    got, head = api.call("GET", "api-thread", "treve"), api.call("HEAD", "api-thread", "treve")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.content))


def test_the_site_is_the_parameter_or_the_host(api: Program, other_site: SiteShape, story: StoryShape) -> None:
    address = reverse("comity:api-thread", args=["treve"])
    by_host = api.client.get(address, headers={"Host": "gazette.example"})
    assert by_host.json()["story"]["title"] == "Une trêve"
    elsewhere = api.client.get(address, headers={"Host": "tribune.example"})
    assert elsewhere.json()["story"]["title"] == ""
    # Never by Origin, Referer or cookie.
    neither = api.client.get(
        address, headers={"Origin": "https://gazette.example", "Referer": "https://gazette.example/treve"}
    )
    assert (neither.status_code, neither.json()["code"]) == (404, "site_unknown")
    assert neither.headers["Access-Control-Allow-Origin"] == "*"


def test_a_site_s_own_key_lets_a_publisher_s_page_post(api: Program, story: StoryShape) -> None:
    posted = api.post("treve", headers={"Origin": "https://www.gazette.example", "Sec-Fetch-Site": "cross-site"})
    assert posted.status_code == 201
    assert posted.headers["Access-Control-Allow-Origin"] == "https://www.gazette.example"
    assert "Access-Control-Allow-Credentials" not in posted.headers
    assert posted.json()["device_token"]
    assert not posted.cookies


def test_comity_s_own_pages_get_a_cookie_and_no_token(api: Program, site: SiteShape, story: StoryShape) -> None:
    own = {"Sec-Fetch-Site": "same-origin"}
    posted = api.call("POST", "api-post", "treve", body={"text": "Bonjour.", "author_name": "Anne"}, headers=own)
    assert posted.json()["device_token"] is None
    cookie = posted.cookies[f"comity_device_{site.id}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 400 * 24 * 3600
    assert cookie["path"] == reverse("comity:home")
    comment_id = posted.json()["comment"]["id"]
    edited = api.call("PATCH", "api-comment", comment_id, body={"text": "Bonsoir."}, headers=own)
    assert edited.status_code == 200


def test_a_repeat_gives_the_first_comment(api: Program, site: SiteShape, story: StoryShape) -> None:
    key = new_key()
    first = api.post("treve", "Une fois.", headers=key)
    again = api.post("treve", "Une fois.", headers=key)
    assert (again.status_code, again.json()["repeated"]) == (201, True)
    assert again.json()["comment"]["id"] == first.json()["comment"]["id"]
    assert Comment.objects.count() == 1
    other = api.post("treve", "Deux fois.", headers=key)
    assert (other.status_code, other.json()["code"], other.json()["field"]) == (
        409,
        "idempotency_key_reused",
        "Idempotency-Key",
    )


def test_a_repeat_whose_first_answer_was_lost_makes_its_sender_the_author(
    api: Program, site: SiteShape, story: StoryShape
) -> None:
    key = new_key()
    Program(site).post("treve", "Une fois.", headers=key)
    again = api.post("treve", "Une fois.", headers=key)
    assert again.json()["repeated"] is True
    assert api.token is not None
    changed = api.call("PATCH", "api-comment", again.json()["comment"]["id"], body={"text": "Corrigé."})
    assert changed.status_code == 200


def test_a_guessable_key_gives_no_token(api: Program, site: SiteShape, story: StoryShape) -> None:
    Program(site).post("treve", "Une fois.", headers={"Idempotency-Key": "1"})
    again = api.post("treve", "Une fois.", headers={"Idempotency-Key": "1"})
    assert again.json()["repeated"] is True
    assert again.json()["device_token"] is None


def test_a_program_may_bring_a_token_of_its_own(api: Program, site: SiteShape, story: StoryShape) -> None:
    api.token = "own-token-".ljust(43, "x")
    first = api.post("treve").json()
    assert first["device_token"] == api.token
    assert api.post("treve", "Encore un mot.").json()["device_token"] is None
    assert api.call("DELETE", "api-comment", first["comment"]["id"]).status_code == 200


def test_staff_speak_under_their_own_name(editor: object, api: Program, site: SiteShape, story: StoryShape) -> None:
    api.client = editor  # type: ignore[assignment]  # a signed-in browser's client
    posted = api.call(
        "POST",
        "api-post",
        "treve",
        body={"text": "La rédaction répond.", "author_name": "Someone"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert posted.json()["comment"]["author"] == {"name": "Claire Rédac", "kind": "staff", "website": ""}
    mine = api.call("GET", "api-me", query={"key": "treve"}).json()
    assert mine["staff"] == {"name": "Claire Rédac", "role": "editor"}
