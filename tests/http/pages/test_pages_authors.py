"""Restricting an author from the desk, what the author is told, and the private pages' tokens."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from comity.models import Appeal, Decision, ReplyRequest, ReportCase, Restriction
from comity.queries.reasons import statement_token
from comity.queries.replies import reply_token
from comity.queries.reports import receipt_token
from comity.queries.shapes import SiteShape
from tests.http.pages.conftest import Desk, Reader

pytestmark = [pytest.mark.database, pytest.mark.django_db]
FORM = {"kind": "suspend", "days": "3", "rule_key": "insult", "reason": "Attaques répétées contre des lecteurs."}


def _said(page: Any) -> str:
    return html.unescape(page.content.decode())


def test_an_author_is_suspended_from_the_desk_reads_why_objects_and_comes_back(
    moderator: Desk, editor: Desk, reader: Reader
) -> None:
    number = reader.post("treve")
    assert "desk/comments/" in _said(moderator.read("desk-comment", number))
    wrong = moderator.send("desk-author", number, form={**FORM, "reason": ""})
    assert wrong.status_code == 422
    assert 'aria-describedby="author-reason-error"' in _said(wrong)
    done = moderator.send("desk-author", number, form=FORM)
    assert "Attaques répétées" in _said(done)
    refused = reader.send("post", "treve", form={"text": "Encore un avis.", "author_name": "Anne"})
    assert refused.status_code == 403
    assert "Encore un avis." in _said(refused)  # nothing typed is lost
    assert "Vous ne pouvez pas commenter ici jusqu’au" in _said(refused)
    found = re.search(r'href="([^"]*/reasons/[^"]+)"', _said(refused))
    assert found
    reasons = reader.client.get(found[1])
    assert "Attaques répétées" in _said(reasons)
    token = statement_token(Decision.objects.get(outcome="suspend"))
    filed = reader.send("appeal", token, form={"text": "Je n’ai attaqué personne."})
    assert "contestation" in _said(filed)
    decided = editor.send(
        "desk-appeal", Appeal.objects.get().pk, form={"outcome": "reverse", "reason": "La mesure n’était pas fondée."}
    )
    assert decided.status_code == 200
    reader.post("treve", "Un avis, de nouveau.")


def test_a_restriction_is_taken_back_once(moderator: Desk, reader: Reader) -> None:
    number = reader.post("treve")
    moderator.send("desk-author", number, form={**FORM, "kind": "ban"})
    ban = Restriction.objects.get().pk
    assert moderator.send("desk-author-lift", number, ban, form={}).status_code == 200
    assert moderator.send("desk-author-lift", number, ban, form={}).status_code == 409
    reader.post("treve", "Un avis, de nouveau.")


def test_only_staff_restrict(reader: Reader) -> None:
    number = reader.post("treve")
    assert reader.read("desk-author", number).status_code == 303
    assert reader.read("desk-author", 999_999).status_code == 303


def test_each_private_page_opens_by_its_own_token_alone(reader: Reader, editor: Desk, site: SiteShape) -> None:
    number = reader.post("treve")
    reader.send("report", number, form={"reason": "insult"})
    editor.send("desk-decide", number, form={"move": "remove", "rule_key": "insult"})
    asked = {"name": "Zoé", "email": "zoe@example.org", "passage": "Elle a menti.", "reply": "Je n’ai pas menti."}
    reader.send("right-of-reply", "treve", form=asked)
    case, decision, request = ReportCase.objects.get(), Decision.objects.latest("pk"), ReplyRequest.objects.get()
    pages = {
        "reasons": statement_token(decision),
        "receipt": receipt_token(site.id, case.pk, filed_at=case.opened_at),
        "reply-receipt": reply_token(request),
    }
    decision.decided_at -= timedelta(days=5000)
    request.filed_at -= timedelta(days=5000)
    expired = {
        "reasons": statement_token(decision),
        "receipt": receipt_token(site.id, case.pk, filed_at=timezone.now() - timedelta(days=5000)),
        "reply-receipt": reply_token(request),
    }
    for name, token in pages.items():
        assert reader.read(name, token).status_code == 200
        assert reader.read(name, token).status_code == 200  # reading is no use: it opens again
        swapped = [other for page, other in pages.items() if page != name]
        forged = [token[:-1], token[1:], token + "A", token.replace(".", ""), "x", token[:-2] + "AA"]
        for wrong in (*swapped, *forged):
            answer = reader.read(name, wrong)
            assert answer.status_code == 404, (name, wrong)
        assert reader.read(name, expired[name]).status_code == 410
