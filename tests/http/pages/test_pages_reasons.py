"""The private page with the reasons, the appeal from it, and its answer at the desk: plain forms, no script."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from comity.actions.sites import create_site
from tests.http.pages.conftest import Desk, Reader, address

pytestmark = [pytest.mark.database, pytest.mark.django_db]
REMOVED = "Tu es un imbécile."
WHY = "C’était une citation de la pièce."


def _token(page: str) -> str:
    found = re.search(r'href="[^"]*/reasons/([^"?#]+)', page)
    assert found, page
    return found[1]


@pytest.fixture
def token(reader: Reader) -> str:
    reader.post("treve", REMOVED)
    return _token(reader.read("mine", "treve").content.decode())


def test_the_circle_from_removal_to_reversal(
    reader: Reader, other: Reader, token: str, moderator: Desk, editor: Desk
) -> None:
    text = reader.read("mine", "treve").content.decode()
    for said in ("Injure", "Lire les motifs", "Contester"):
        assert said in text
    page = reader.read("reasons", token)
    text = page.content.decode()
    for said in ("Motifs du retrait", "Loi du 29 juillet 1881, articles 29 et 33", "moyen automatique", "Contester"):
        assert said in text
    assert "imbécile" not in other.read("thread", "treve").content.decode()
    page = reader.send("appeal", token, form={"text": WHY})
    assert "Reçue le" in page.content.decode()
    waiting = editor.read("desk-appeals").content.decode()
    assert WHY in waiting
    number = re.search(r"/desk/appeals/(\d+)", waiting)
    assert number
    done = editor.send("desk-appeal", int(number[1]), form={"outcome": "reverse", "reason": "Vous avez raison."})
    assert "est annulée" in done.content.decode()
    text = reader.read("reasons", token).content.decode()
    assert "Vous avez raison." in text
    assert "imbécile" in other.read("thread", "treve").content.decode()
    again = editor.send("desk-appeal", int(number[1]), form={"outcome": "uphold", "reason": "Finalement, non."})
    assert again.status_code == 409


def test_the_page_is_private_and_needs_no_cookie(token: str, site: object) -> None:
    page = Client().get(address("reasons", token, site="gazette"))
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"
    assert not page.cookies


def test_an_appeal_needs_no_origin(token: str) -> None:
    """A page without referrer sends `Origin: null`, and old browsers do not say who asks."""
    page = Client().post(
        address("appeal", token, site="gazette"), {"text": WHY}, headers={"Origin": "null"}, follow=True
    )
    assert page.status_code == 200
    assert "Reçue le" in page.content.decode()


@pytest.mark.parametrize("wrong", ["x", "x.y", "%00", "é" * 20, "a" * 3000])
def test_forged_tokens_are_told_so(reader: Reader, token: str, wrong: str) -> None:
    for page in (reader.read("reasons", wrong), reader.send("appeal", wrong, form={"text": WHY})):
        assert page.status_code == 404
        assert "Ce lien n’est pas valable" in page.content.decode()


def test_a_token_of_another_site_opens_nothing(token: str) -> None:
    create_site(key="tribune", name="La Tribune", language="fr", hosts=["tribune.example"], domains=[])
    assert Client().get(address("reasons", token, site="tribune")).status_code == 404


def test_a_refused_appeal_keeps_what_was_typed(reader: Reader, token: str) -> None:
    page = reader.send("appeal", token, form={"text": "Non."})
    assert page.status_code == 422
    assert "Non.</textarea>" in page.content.decode()
    reader.send("appeal", token, form={"text": WHY})
    page = reader.send("appeal", token, form={"text": WHY})
    assert page.status_code == 409
    assert "déjà été contestée" in page.content.decode()
    assert reader.read("appeal", token).status_code == 303


def test_the_desk_keeps_a_refused_answer(reader: Reader, token: str, moderator: Desk) -> None:
    reader.send("appeal", token, form={"text": WHY})
    number = int(re.search(r"/desk/appeals/(\d+)", moderator.read("desk-appeals").content.decode())[1])  # type: ignore[index]  # there is one
    page = moderator.send("desk-appeal", number, form={"outcome": "reverse", "reason": "Oui"})
    assert page.status_code == 422
    assert "Oui</textarea>" in page.content.decode()
    assert moderator.send("desk-appeal", number, form={"outcome": "maybe", "reason": "Oui"}).status_code == 422
    assert moderator.send("desk-appeal", 10**9, form={"outcome": "uphold", "reason": "x" * 20}).status_code == 404


def test_the_desk_s_appeals_are_staff_s(reader: Reader, token: str) -> None:
    assert reader.read("desk-appeals").status_code == 303


@pytest.mark.parametrize(
    ("text", "language", "direction", "heading"),
    [
        ("תודה רבה על המאמר המעניין הזה, הוא מסביר היטב את השאלה.", "he", "rtl", "תגובתכם"),
        ("Thank you very much for this interesting article about the border.", "en", "ltr", "your comment"),
        ("Muito obrigado por este artigo interessante sobre a fronteira.", "fr", "ltr", "votre commentaire"),
    ],
)
def test_the_statement_speaks_the_language_of_the_comment(
    reader: Reader, moderator: Desk, text: str, language: str, direction: str, heading: str
) -> None:
    number = reader.post("treve", text)
    moderator.send("desk-decide", number, form={"move": "remove", "rule_key": "insult"})
    token = _token(reader.read("mine", "treve").content.decode())
    page = reader.read("reasons", token).content.decode()
    assert f'<html lang="{language}" dir="{direction}"' in page
    assert f'lang="{language}" dir="{direction}" data-comity-statement' in page
    refused = reader.send("appeal", token, form={"text": ""}).content.decode()
    assert f'<html lang="{language}" dir="{direction}"' in refused
    in_french = reader.read("reasons", token, lang="fr").content.decode()  # whoever asks for a language gets it
    assert '<html lang="fr" dir="ltr"' in in_french
    assert f'lang="{language}" dir="{direction}" data-comity-statement' in in_french
    told = Client().get(address("api-reasons", token, site="gazette")).json()
    assert (told["language"], told["direction"]) == (language, direction)
    assert heading in str(told["parts"]).lower() + told["title"].lower()
