"""What changed in a thread since a version, and how far a story has got."""

from __future__ import annotations

import re
from typing import Any

import pytest

from comity.actions.moderation import decide_comment
from comity.actions.readers import add_staff
from comity.models import Comment, Story
from comity.queries import thread_changes
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import Actor, StaffRole
from comity.rules.transitions import Move
from tests.http.pages.conftest import NOW, PASSWORD, Reader


def version(story: StoryShape) -> int:
    return Story.objects.get(pk=story.id).version


def changes(reader: Reader, since: object) -> Any:
    return reader.read("embed-thread", key="treve", since=since, lang="fr")


def shown(page: Any) -> list[tuple[bool, int]]:
    """Comments of the answer: whether new, and the number."""
    found = re.findall(
        r"<li( data-new)?(?: data-parent=\"\d+\")?><ol>.*?data-comment=\"(\d+)\"", page.content.decode(), re.S
    )
    return [(bool(new), int(number)) for new, number in found]


def gone(page: Any) -> list[int]:
    found = re.search(r"<p data-gone>([\d ]*)</p>", page.content.decode())
    assert found
    return [int(each) for each in found[1].split()]


def test_a_comment_that_came_is_new_once(reader: Reader, other: Reader, story: StoryShape) -> None:
    first = reader.post("treve")
    since = version(story)
    second = other.post("treve", "Un autre commentaire courtois.")
    page = changes(reader, since)
    assert page.status_code == 200
    assert shown(page) == [(True, second)]
    assert f'data-version="{version(story)}"' in page.content.decode()
    assert "2 commentaires" in page.content.decode()
    assert shown(changes(reader, version(story))) == []
    assert shown(changes(reader, 0)) == [(True, first), (True, second)]


def test_what_a_reply_changes_above_it_is_not_new(reader: Reader, other: Reader, story: StoryShape) -> None:
    root = reader.post("treve")
    since = version(story)
    reply = other.reply(root)
    page = changes(reader, since)
    assert sorted(shown(page)) == [(False, root), (True, reply)]
    assert f'data-parent="{root}"' in page.content.decode()


def test_what_was_removed_is_gone_or_a_placeholder(
    reader: Reader, other: Reader, story: StoryShape, site: SiteShape
) -> None:
    staff = add_staff(site=site, username="marc", role=StaffRole.MODERATOR, name="Marc", password=PASSWORD)
    marc = Actor(site_id=site.id, staff_id=staff.id, staff_role=staff.role, staff_name=staff.name)
    alone = reader.post("treve", "Un mot tout à fait particulier.")
    answered = other.post("treve", "Un autre mot bien particulier.")
    reader.reply(answered)
    since = version(story)
    for each in (alone, answered):
        decide_comment(actor=marc, site=site, comment_id=each, move=Move.REMOVE, rule_key="insult", now=NOW)
    page = changes(reader, since)
    assert gone(page) == [alone]
    assert shown(page) == [(False, answered)]
    assert "particulier" not in page.content.decode()


def test_a_held_comment_shows_nothing_of_itself(reader: Reader, story: StoryShape) -> None:
    first = reader.post("treve")
    since = version(story)
    Comment.objects.filter(pk=first).update(status="held", is_shown=False, version=since + 1)
    Story.objects.filter(pk=story.id).update(version=since + 1)
    page = changes(reader, since)
    assert shown(page) == []
    assert "courtois" not in page.content.decode()


def test_too_much_is_loaded_anew(reader: Reader, story: StoryShape, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread_changes, "CHANGES_MOST", 1)
    for text in ("Un premier mot.", "Un deuxième mot."):
        reader.post("treve", text)
    page = changes(reader, 0)
    assert "data-too-many" in page.content.decode()
    assert shown(page) == []


def test_from_a_version_yet_to_come_the_thread_is_loaded_anew(reader: Reader, story: StoryShape) -> None:
    """As after a backup was put back."""
    reader.post("treve")
    assert "data-too-many" in changes(reader, version(story) + 7).content.decode()


@pytest.mark.parametrize("since", ["", "-1", "x", "1.5", "٣", "9" * 30])
def test_what_is_no_version_is_refused(reader: Reader, since: str) -> None:
    page = changes(reader, since)
    assert page.status_code == 422
    assert page.json()["code"] == "field_invalid"
    assert page.json()["field"] == "since"


def test_changes_are_the_same_for_everybody_and_not_sent_twice(reader: Reader, other: Reader) -> None:
    reader.post("treve")
    mine, theirs = changes(reader, 0), changes(other, 0)
    assert mine.content == theirs.content
    assert mine["Cache-Control"].startswith("public")
    again = reader.read("embed-thread", key="treve", since=0, lang="fr", headers={"If-None-Match": mine["ETag"]})
    assert again.status_code == 304


def test_without_a_front_the_newest_event_is_told_and_browsers_ask_again(reader: Reader, story: StoryShape) -> None:
    reader.post("treve")
    page = reader.read("embed-live", key="treve")
    assert page["Content-Type"].startswith("text/event-stream")
    assert page["Cache-Control"] == "no-store"
    assert page.content.decode() == (
        f'retry: 15000\n\nid: {version(story)}\ndata: {{"version":{version(story)},"count":1}}\n\n'
    )
    assert "Comity-Story" not in page


def test_a_story_nobody_has_written_under_is_at_the_beginning(reader: Reader) -> None:
    assert b"id: 0\n" in reader.read("embed-live", key="yet-to-come").content
    assert shown(changes(reader, 0)) == []
    assert reader.read("embed-live", key=" ").json()["code"] == "story_key_invalid"
