"""The plain desk: signing in, deciding on what waits, publishing a story."""

from __future__ import annotations

import pytest

from comity.queries.shapes import SiteShape, StoryShape
from tests.http.pages.conftest import PASSWORD, Desk, Reader, address
from tests.http.pages.test_pages_writing import WAITING

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_the_desk_asks_who_comes(reader: Reader) -> None:
    page = reader.read("desk")
    assert page.status_code == 303
    assert page["Location"].startswith(address("desk-sign-in"))


def test_a_wrong_password_is_said_in_words(editor: Desk, site: SiteShape) -> None:
    desk = Desk(site)
    desk.read("desk-sign-in")
    page = desk.send("desk-sign-in", form={"username": "claire", "password": "autre chose, tout autre"})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


def test_signing_out_ends_the_session(editor: Desk) -> None:
    assert editor.read("desk").status_code == 200
    editor.send("desk-sign-out", form={})
    assert editor.read("desk").status_code == 303


def test_tries_at_passwords_are_counted(editor: Desk, site: SiteShape) -> None:
    desk = Desk(site)
    desk.read("desk-sign-in")
    answers = {
        desk.send("desk-sign-in", form={"username": "claire", "password": f"essai {number}"}).status_code
        for number in range(25)
    }
    assert answers == {200, 429}


def test_a_user_who_is_no_staff_of_the_site_stays_out(site: SiteShape, story: StoryShape) -> None:
    from django.contrib.auth import get_user_model

    model = get_user_model()
    user = model(**{model.USERNAME_FIELD: "passante"})
    user.set_password(PASSWORD)
    user.save()
    desk = Desk(site)
    assert desk.sign_in("passante").status_code == 403


def test_what_waits_is_published(moderator: Desk, reader: Reader, other: Reader) -> None:
    number = reader.post("treve", WAITING)
    text = moderator.read("desk").content.decode()
    assert "site3.example" in text
    page = moderator.send("desk-decide", number, form={"move": "publish"})
    assert "Rien à relire." in page.content.decode()
    assert "site3.example" in other.read("thread", "treve").content.decode()


def test_what_is_removed_tells_its_author_the_rule(moderator: Desk, reader: Reader, other: Reader) -> None:
    number = reader.post("treve", WAITING)
    moderator.send("desk-decide", number, form={"move": "remove", "rule_key": "spam"})
    text = reader.read("mine", "treve").content.decode()
    assert "Retiré, visible par vous seul" in text
    assert "Publicité et indésirables" in text
    assert "site3.example" not in other.read("thread", "treve").content.decode()


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"move": "remove", "rule_key": "no-such-rule"}, 422),
        ({"move": "remove"}, 422),
        ({"move": "explode"}, 422),
        ({"move": "withdraw"}, 422),
        ({}, 422),
    ],
)
def test_decisions_that_are_none(moderator: Desk, reader: Reader, form: dict[str, object], status: int) -> None:
    number = reader.post("treve", WAITING)
    assert moderator.send("desk-decide", number, form=form).status_code == status


def test_a_published_comment_is_found_by_number_and_removed(moderator: Desk, reader: Reader) -> None:
    number = reader.post("treve", "Publié d’abord.")
    reader.send("edit", number, form={"text": "Publié ensuite."})
    page = moderator.client.get(address("desk", site="gazette", comment=number), follow=True)
    text = page.content.decode()
    assert "Publié ensuite." in text
    assert "Publié d’abord." in text
    moderator.send("desk-decide", number, form={"move": "remove", "rule_key": "insult"})
    assert "Publié" not in reader.read("thread", "treve").content.decode()


def test_where_nothing_is_cited_the_desk_asks_for_a_rule(moderator: Desk, reader: Reader) -> None:
    waits = reader.post("treve", WAITING)
    assert "Choisir une règle" not in moderator.read("desk").content.decode()
    moderator.send("desk-decide", waits, form={"move": "publish"})
    text = moderator.read("desk-comment", waits).content.decode()
    assert '<option value="">Choisir une règle</option>' in text
    assert "required" in text.partition('name="rule_key"')[2].partition(">")[0]


def test_a_form_without_django_s_token_is_refused(moderator: Desk, reader: Reader) -> None:
    number = reader.post("treve", WAITING)
    page = Reader.send(moderator, "desk-decide", number, form={"move": "publish"})
    assert page.status_code == 403
    assert "0 commentaire<" in reader.read("thread", "treve").content.decode()


def test_a_form_of_another_site_is_refused(moderator: Desk, reader: Reader) -> None:
    number = reader.post("treve", WAITING)
    page = moderator.send("desk-decide", number, form={"move": "publish"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403


STORY = {
    "key": "musee",
    "title": "Le musée rouvre",
    "body_source": "Il *rouvre* samedi.",
    "body_format": "markdown",
    "source_credit": "USNEWS",
    "section": "Culture",
    "authors": "Inès Valmont, Paul Roy",
    "language": "fr",
    "published_at": "2026-05-02T09:30",
    "closes_at": "",
    "state": "open",
    "url": "",
}


def test_an_editor_publishes_a_story_and_changes_it(editor: Desk, reader: Reader) -> None:
    page = editor.send("desk-story-new", form=STORY)
    assert "<em>rouvre</em>" in page.content.decode()
    text = reader.read("story", "musee").content.decode()
    for expected in ("Le musée rouvre", "Inès Valmont", "Paul Roy", "2 mai 2026", "USNEWS", "Culture"):
        assert expected in text
    form = editor.read("desk-story", "musee").content.decode()
    assert 'value="2026-05-02T09:30"' in form
    assert "Il *rouvre* samedi.</textarea>" in form
    editor.send("desk-story", "musee", form={**STORY, "title": "Le musée a rouvert"})
    assert "Le musée a rouvert" in reader.read("home").content.decode()


def test_a_preview_publishes_nothing(editor: Desk, reader: Reader) -> None:
    page = editor.send("desk-story-new", form={**STORY, "preview": "1"})
    assert "<em>rouvre</em>" in page.content.decode()
    assert reader.read("story", "musee").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": "avec/barre"}, "key"),
        ({"title": ""}, "title"),
        ({"published_at": "hier"}, "published_at"),
        ({"state": "ajar"}, "state"),
        ({"url": "https://elsewhere.example/x"}, "url"),
        ({"body_format": "word"}, "body_format"),
    ],
)
def test_a_refused_story_keeps_what_was_typed(editor: Desk, change: dict[str, str], field: str) -> None:
    page = editor.send("desk-story-new", form={**STORY, **change})
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert "Il *rouvre* samedi.</textarea>" in page.content.decode()


def test_a_moderator_publishes_no_story(moderator: Desk) -> None:
    assert moderator.read("desk-stories").status_code == 200
    assert moderator.read("desk-story-new").status_code == 403
    assert moderator.send("desk-story-new", form=STORY).status_code == 403


def test_scripts_in_a_story_s_html_are_left_out(editor: Desk, reader: Reader) -> None:
    html = '<p>Bon.</p><script>alert(1)</script><p onclick="alert(1)">Encore.</p>'
    editor.send("desk-story-new", form={**STORY, "body_format": "html", "body_source": html})
    text = reader.read("story", "musee").content.decode()
    assert "<p>Bon.</p>" in text
    assert "alert(1)" not in text
