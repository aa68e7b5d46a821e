"""Danger for life on the desk: plain forms that put aside, take out, record who was told and let go."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import pytest

from comity.models import ReportCase
from tests.http.pages.conftest import Desk, Reader

pytestmark = [pytest.mark.database, pytest.mark.django_db]
TEXT = "Un avis inquiétant sur la frontière."
WHY = "Une vie est peut-être en danger."


@pytest.fixture
def case(reader: Reader, other: Reader, moderator: Desk) -> int:
    number = reader.post("treve", TEXT)
    said = {
        "reason": "danger",
        "explanation": "Quelqu’un annonce vouloir en finir.",
        "reporter_name": "Zoé Témoin",
        "reporter_email": "zoe@example.org",
    }
    assert other.send("report", number, form=said).status_code == 200
    found = re.search(r"/desk/reports/(\d+)", moderator.read("desk-reports").content.decode())
    assert found
    return int(found[1])


def test_from_danger_to_letting_go(case: int, editor: Desk) -> None:
    page = editor.read("desk-case", case).content.decode()
    assert "Danger pour la vie" in page
    assert "Télécharger" not in page
    page = editor.send("desk-case-preserve", case, form={"why": WHY}).content.decode()
    assert WHY in page
    assert "Mis de côté" in page
    answer = editor.send("desk-case-export", case, form={})
    assert answer["Content-Disposition"] == f'attachment; filename="comity-case-{case}.json"'
    assert answer["Cache-Control"] == "private, no-store"
    assert json.loads(answer.content)["records"][0]["document"]["comment"]["text"] == TEXT
    assert b"zoe@example.org" not in answer.content
    digest = sha256(answer.content).hexdigest()
    assert digest[:16] in editor.read("desk-case", case).content.decode()
    named = editor.send("desk-case-export", case, form={"with_reporters": "yes"})
    assert b"zoe@example.org" in named.content
    told = {"authority": "Police", "reference": "2026-0042", "told_at": "2026-05-01T09:30"}
    page = editor.send("desk-case-told", case, form=told).content.decode()
    assert "2026-0042" in page
    assert re.search(r"prévenue le [^<]*mai[^<]*2026", page)
    page = editor.send("desk-case-release", case, form={"why": "L’enquête est close."}).content.decode()
    assert "L’enquête est close." in page
    assert "Télécharger" not in page
    assert editor.send("desk-case-export", case, form={}).status_code == 409
    assert editor.send("desk-case-release", case, form={"why": "L’enquête est close."}).status_code == 409


@pytest.mark.parametrize(
    ("name", "form", "said"),
    [
        ("desk-case-preserve", {"why": "Bref"}, "Veuillez dire pourquoi"),
        ("desk-case-release", {"why": ""}, "Veuillez dire pourquoi"),
        ("desk-case-told", {"authority": "", "reference": "2026-0042"}, "Veuillez nommer"),
        ("desk-case-told", {"authority": "Police", "told_at": "2999-01-01T00:00"}, "n’est pas valable"),
        ("desk-case-told", {"authority": "Police", "told_at": "demain"}, "n’est pas valable"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    case: int, editor: Desk, name: str, form: dict[str, object], said: str
) -> None:
    editor.send("desk-case-preserve", case, form={"why": WHY})
    page = editor.send(name, case, form=form)
    text = page.content.decode()
    assert page.status_code == 422
    assert said in text
    assert 'aria-invalid="true"' in text
    for typed in form.values():
        assert f'value="{typed}"' in text


def test_who_reported_and_what_is_put_aside_are_for_staff_with_the_right(
    case: int, editor: Desk, moderator: Desk, other: Reader
) -> None:
    editor.send("desk-case-preserve", case, form={"why": WHY})
    page = moderator.read("desk-case", case).content.decode()
    assert "zoe@example.org" not in page
    assert "Zoé" not in page
    assert WHY not in page
    assert "Prévenez sans attendre un rédacteur en chef" in page
    for name in ("desk-case-preserve", "desk-case-export", "desk-case-told", "desk-case-release"):
        assert moderator.send(name, case, form={"why": WHY, "authority": "Police"}).status_code == 403
        assert editor.read(name, case).status_code == 405
    assert other.read("desk-case", case).status_code == 303
    for page in (moderator.read("desk-reports"), moderator.read("desk"), editor.read("desk-reports")):
        assert "zoe@example.org" not in page.content.decode()


def test_a_file_is_not_taken_out_by_another_site_s_form(case: int, editor: Desk) -> None:
    editor.send("desk-case-preserve", case, form={"why": WHY})
    page = editor.send("desk-case-export", case, form={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert TEXT not in page.content.decode()


@pytest.mark.parametrize("text", ["Tu es un imbécile.", "Un avis inquiétant, qui attend."])
def test_the_newsroom_opens_a_case_about_what_nobody_can_report(
    reader: Reader, other: Reader, moderator: Desk, editor: Desk, text: str
) -> None:
    number = reader.post("treve", text)
    moderator.send("desk-decide", number, form={"move": "hold"})
    assert other.send("report", number, form={"reason": "spam"}).status_code == 404
    assert moderator.read("desk-danger", number).status_code == 200
    page = moderator.send("desk-danger", number, form={"explanation": "Vite"})
    assert page.status_code == 422
    assert ">\nVite</textarea>" in page.content.decode()
    page = moderator.send("desk-danger", number, form={"explanation": "L’auteur annonce un passage à l’acte."})
    assert "Danger pour la vie" in page.content.decode()
    found = re.search(r"/desk/reports/(\d+)", page.redirect_chain[-1][0])
    assert found
    again = moderator.send("desk-danger", number, form={"explanation": "L’auteur annonce un passage à l’acte."})
    assert again.redirect_chain[-1][0] == page.redirect_chain[-1][0]
    editor.send("desk-case-preserve", int(found[1]), form={"why": WHY})
    file = json.loads(editor.send("desk-case-export", int(found[1]), form={}).content)
    assert file["records"][0]["document"]["comment"]["text"] == text
    assert moderator.read("desk-danger", 10**9).status_code == 404
    moderator.send("desk-case", int(found[1]), form={"outcome": "remove", "rule_key": "insult"})
    token = re.search(r'href="[^"]*/reasons/([^"?#]+)', reader.read("mine", "treve").content.decode())
    assert token
    reasons = reader.read("reasons", token[1]).content.decode()
    assert "Motifs du retrait" in reasons
    assert "a été signalé" not in reasons  # nobody but the newsroom reported it
    assert other.read("desk-danger", number).status_code == 303


def test_a_decided_case_is_found_again_as_long_as_anything_is_put_aside(
    case: int, editor: Desk, moderator: Desk
) -> None:
    link = f"/desk/reports/{case}"
    editor.send("desk-case-preserve", case, form={"why": WHY})
    moderator.send("desk-case", case, form={"outcome": "remove", "rule_key": "insult"})
    ReportCase.objects.update(is_urgent=False)  # found by what is put aside
    assert link in editor.read("desk-reports").content.decode()
    assert link not in moderator.read("desk-reports").content.decode()
    editor.send("desk-case-release", case, form={"why": "L’enquête est close."})
    assert link not in editor.read("desk-reports").content.decode()
    ReportCase.objects.update(is_urgent=True)  # found because it was of danger, of late
    assert link in editor.read("desk-reports").content.decode()
    assert editor.read("desk-case", case).status_code == 200
