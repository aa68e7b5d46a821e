"""What follows a posting, without JavaScript: editing, withdrawing, voting."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comity.actions.sites import change_site
from comity.queries.shapes import SiteShape, StoryShape
from tests.http.pages.conftest import Reader

pytestmark = [pytest.mark.database, pytest.mark.django_db]

# afterwards


def test_an_author_edits_and_all_see_that_it_was_edited(reader: Reader, other: Reader) -> None:
    number = reader.post("treve", "Avant.")
    form = reader.read("edit", number).content.decode()
    assert "\nAvant.</textarea>" in form
    page = reader.send("edit", number, form={"text": "Après."})
    assert "Vos modifications sont enregistrées." in page.content.decode()
    text = other.read("thread", "treve").content.decode()
    assert "Après." in text
    assert "Avant." not in text
    assert "modifié" in text


def test_a_refused_edit_keeps_the_new_words(reader: Reader) -> None:
    number = reader.post("treve", "Avant.")
    page = reader.send("edit", number, form={"text": "y" * 5001})
    assert page.status_code == 422
    assert "y" * 5001 in page.content.decode()
    assert 'id="edit-' in page.content.decode()


def test_an_author_withdraws_after_being_asked(reader: Reader, other: Reader) -> None:
    number = reader.post("treve", "À retirer.")
    asked = reader.read("withdraw", number).content.decode()
    assert "À retirer." in asked
    page = reader.send("withdraw", number, form={})
    assert "Votre commentaire est retiré." in page.content.decode()
    assert "À retirer." not in other.read("thread", "treve").content.decode()


def test_a_withdrawn_comment_with_replies_cannot_be_had_by_its_author(reader: Reader, other: Reader) -> None:
    number = reader.post("treve", "Avec une réponse.")
    other.reply(number)
    for name in ("edit", "withdraw"):
        page = reader.read(name, number)
        assert page.status_code == 409
        assert "Quelqu’un a répondu à ce commentaire" in page.content.decode()


def test_nobody_else_edits_or_withdraws(reader: Reader, other: Reader) -> None:
    number = reader.post("treve")
    other.post("treve", "Un autre lecteur.")
    for name in ("edit", "withdraw"):
        assert other.read(name, number).status_code == 403
        assert other.send(name, number, form={"text": "Volé."}).status_code == 403


def test_the_edit_window_ends(reader: Reader, site: SiteShape) -> None:
    with time_machine.travel(timezone.now() - timedelta(seconds=site.edit_window_seconds + 1), tick=False):
        number = reader.post("treve")
    assert reader.read("edit", number).status_code == 403
    assert reader.send("edit", number, form={"text": "Trop tard."}).status_code == 403
    assert "Modifier" not in reader.read("mine", "treve").content.decode()


# votes


def test_a_vote_is_cast_changed_and_taken_back(reader: Reader, other: Reader) -> None:
    number = reader.post("treve")
    page = other.send("vote", number, form={"value": "1"})
    assert page.redirect_chain[0][1] == 303
    assert "Vous avez voté pour ce commentaire." in page.content.decode()
    assert 'data-value="1">1<' in page.content.decode()
    assert "Pour le commentaire" in other.read("mine", "treve").content.decode()
    assert "Vous avez voté contre" in other.send("vote", number, form={"value": "-1"}).content.decode()
    assert "\N{MINUS SIGN}1" in other.read("thread", "treve").content.decode()
    assert "Vous n’avez pas voté" in other.send("vote", number, form={"value": "0"}).content.decode()


@pytest.mark.parametrize(("value", "status"), [("2", 422), ("", 422), ("x", 422), ("1", 403)])
def test_votes_that_are_none_or_on_one_s_own_comment(reader: Reader, value: str, status: int) -> None:
    number = reader.post("treve")
    page = reader.send("vote", number, form={"value": value})
    assert page.status_code == status
    assert 'role="alert"' in page.content.decode()


def test_where_only_votes_for_are_open_there_is_no_button_against(site: SiteShape, story: StoryShape) -> None:
    shown = Reader(change_site(key=site.key, settings={"down_votes": False}))
    shown.post("treve")
    text = shown.read("thread", "treve").content.decode()
    assert "Voter pour" in text
    assert "Voter contre" not in text


def test_where_guests_do_not_vote_the_score_stands_alone(site: SiteShape, story: StoryShape) -> None:
    shown = Reader(change_site(key=site.key, settings={"guest_votes": False}))
    shown.post("treve")
    text = shown.read("thread", "treve").content.decode()
    assert "data-comity-votes" not in text
    assert "Score" in text
