"""Reporting a comment and asking for a right of reply by plain form; the receipts; the desk's lists."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.http.pages.conftest import Desk, Reader, address

pytestmark = [pytest.mark.database, pytest.mark.django_db]
ILLEGAL = {
    "reason": "illegal",
    "explanation": "Ce passage accuse sans preuve.",
    "reporter_name": "Zoé Témoin",
    "reporter_email": "zoe@example.org",
    "good_faith": "1",
}


@pytest.fixture
def number(reader: Reader) -> int:
    return reader.post("treve", "Un avis sur la frontière et son histoire.")


def test_a_report_from_the_thread_to_the_outcome(
    reader: Reader, other: Reader, number: int, moderator: Desk, editor: Desk
) -> None:
    assert address("report", number) in other.read("thread", "treve").content.decode()
    form = other.read("report", number)
    assert "no-store" not in form["Cache-Control"]
    page = other.send("report", number, form=ILLEGAL)
    text = page.content.decode()
    assert "Une personne le traitera" in text
    assert page["Referrer-Policy"] == "no-referrer"
    receipt = page.redirect_chain[-1][0]
    assert "frontière" in moderator.read("desk-reports").content.decode()
    case = int(re.search(r"/desk/reports/(\d+)", moderator.read("desk-reports").content.decode())[1])  # type: ignore[index]  # there is one
    assert "zoe@example.org" in editor.read("desk-case", case).content.decode()
    assert "zoe@example.org" not in moderator.read("desk-case", case).content.decode()
    assert moderator.send("desk-case", case, form={"outcome": "explode"}).status_code == 422
    done = moderator.send("desk-case", case, form={"outcome": "remove", "rule_key": "insult"})
    assert "Aucun signalement n’attend." in done.content.decode()
    assert moderator.send("desk-case", case, form={"outcome": "keep"}).status_code == 409
    assert "n’est plus montré" in Client().get(receipt).content.decode()
    assert "a été signalé" in _reasons(reader)
    assert "Zoé" not in _reasons(reader)


def _reasons(reader: Reader) -> str:
    found = re.search(r'href="[^"]*/reasons/([^"?#]+)', reader.read("mine", "treve").content.decode())
    assert found
    return str(reader.read("reasons", found[1]).content.decode())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": ""}, "Veuillez choisir le motif"),
        ({"explanation": "Faux."}, "20 caractères au moins"),
        ({"reporter_name": ""}, "Veuillez indiquer un nom"),
        ({"reporter_email": "zoe"}, "e-mail n’est pas valable"),
        ({"good_faith": ""}, "de bonne foi"),
    ],
)
def test_a_report_that_lacks_something_keeps_the_rest(
    other: Reader, number: int, change: dict[str, str], said: str
) -> None:
    page = other.send("report", number, form={**ILLEGAL, **change})
    text = page.content.decode()
    assert page.status_code == 422
    assert said in text
    for name, value in {**ILLEGAL, **change}.items():
        if name not in {"reason", "good_faith"}:
            assert value in text


def test_what_cannot_be_reported_is_said(other: Reader, number: int, moderator: Desk) -> None:
    assert other.send("report", 10**9, form={"reason": "spam"}).status_code == 404
    other.reply(number, "Une réponse courtoise à cet avis.")
    moderator.send("desk-decide", number, form={"move": "remove", "rule_key": "insult"})
    assert other.send("report", number, form={"reason": "spam"}).status_code == 409
    assert other.read("report", number).status_code == 409


def test_the_same_report_again_is_not_counted_against_its_network(other: Reader, number: int) -> None:
    answers = {other.send("report", number, form={"reason": "spam"}).status_code for _ in range(50)}
    assert answers == {200}
    others = [
        other.send("report", number, form={"reason": "spam", "explanation": f"Encore {each}"}) for each in range(40)
    ]
    assert {each.status_code for each in others} == {200, 429}
    assert others[-1]["Retry-After"]
    assert "Encore 39" in others[-1].content.decode()


def test_a_form_of_another_site_reports_nothing(other: Reader, number: int) -> None:
    page = other.send("report", number, form={"reason": "spam"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403


def test_a_right_of_reply(other: Reader, number: int, editor: Desk, moderator: Desk) -> None:
    asked = {"name": "Anne", "email": "a@b.example", "passage": "Elle a menti.", "reply": "Je n’ai pas menti."}
    page = other.send("right-of-reply", "treve", form={**asked, "reply": ""})
    assert page.status_code == 422
    assert "Elle a menti." in page.content.decode()
    page = other.send("right-of-reply", "treve", form=asked)
    assert "gardez son adresse" in page.content.decode()
    receipt = page.redirect_chain[-1][0]
    assert moderator.read("desk-replies").status_code == 403
    text = editor.read("desk-replies").content.decode()
    assert "a@b.example" in text
    request = int(re.search(r"/desk/right-of-reply/(\d+)", text)[1])  # type: ignore[index]  # there is one
    assert editor.send("desk-reply-answer", request, form={"answer": "Oui"}).status_code == 422
    editor.send("desk-reply-answer", request, form={"answer": "Nous la publions demain."})
    assert "Nous la publions demain." in Client().get(receipt).content.decode()
    assert other.read("right-of-reply", "inconnue").status_code == 404
