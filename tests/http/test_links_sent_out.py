"""Every page that a link opens, as HTML and as JSON: forged, cut, expired, swapped and replayed tokens open nothing and
change nothing, and say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import serializers

from comity import conf
from comity.actions.comments import post_comment
from comity.actions.replies import request_reply
from comity.actions.reports import file_report
from comity.models import Appeal, Comment, Decision, EventRecord, ReplyRequest, Report, ReportCase
from comity.queries.reasons import statement_token
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules import tokens
from comity.rules.actors import Actor
from comity.rules.replies import check_reply_draft
from comity.rules.reports import check_notice
from tests.http.api.conftest import Program, _own_limits, other_site, site, story
from tests.http.api.documented import codes_promised

__all__ = ["_own_limits", "other_site", "site", "story"]
pytestmark = [pytest.mark.database, pytest.mark.django_db]
TEXT = "Tu es un imbécile."
WHY = "C’était une citation de la pièce."


@dataclass(frozen=True)
class Place:
    """A page that a token opens."""

    route: str
    opens: str
    """The purpose of its tokens."""
    method: str = "GET"

    @property
    def is_json(self) -> bool:
        return self.route.startswith("api-")

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


PLACES = [
    Place("reasons", "reasons"),
    Place("appeal", "reasons", "POST"),
    Place("receipt", "report"),
    Place("reply-receipt", "reply"),
    Place("api-reasons", "reasons"),
    Place("api-appeal", "reasons", "POST"),
    Place("api-receipt", "report"),
    Place("api-reply-receipt", "reply"),
]


@pytest.fixture
def sent(site: SiteShape, story: StoryShape) -> dict[str, str]:
    """Purpose -> a good token."""
    now = datetime.now(UTC)

    def post(text: str, number: int) -> int:
        actor = Actor(site_id=site.id, new_device_token=f"t{number}".ljust(43, "x"), network_digest=f"n{number}")
        posted = post_comment(
            actor=actor, site=site, story_key=story.key, story_url="", text=text, author_name="Anne", now=now
        )
        return posted.own.comment.id

    removed, published = post(TEXT, 1), post("Un avis courtois sur la frontière.", 2)
    notice = check_notice(reason="insult", explanation="", name="", email="", good_faith=False)
    draft = check_reply_draft(name="Anne", email="a@b.example", passage="Elle a menti.", reply="Je n’ai pas menti.")
    reporter = Actor(site_id=site.id, network_digest="n3")
    return {
        "reasons": statement_token(Decision.objects.get(comment_id=removed)),
        "report": file_report(actor=reporter, site=site, comment_id=published, notice=notice, now=now).token,
        "reply": request_reply(site=site, story_key=story.key, draft=draft, now=now),
    }


@pytest.fixture
def ask(site: SiteShape) -> Callable[..., Any]:
    """What a page answers to a token."""

    def send(place: Place, token: str, *, at: SiteShape = site) -> Any:
        program = Program(at)
        if place.is_json or place.method == "GET":
            body = {"text": WHY} if place.method == "POST" else None
            return program.call(place.method, place.route, token, body=body)
        form = {"content_type": "application/x-www-form-urlencoded", "raw": urlencode({"text": WHY}).encode()}
        return program.call("POST", place.route, token, **form)

    return send


def _changed_head(token: str) -> str:
    head, _, tail = token.partition(".")
    return f"{'A' if head[0] != 'A' else 'B'}{head[1:]}.{tail}"


def _changed_seal(token: str) -> str:
    head, _, tail = token.partition(".")
    return f"{head}.{'A' if tail[0] != 'A' else 'B'}{tail[1:]}"


FORGED: dict[str, Callable[[str], str]] = {
    "cut off": lambda token: token[:-1],
    "longer": lambda token: token + "A",
    "another subject": _changed_head,
    "another seal": _changed_seal,
    "no seal": lambda token: token.partition(".")[0],
    "two seals": lambda token: f"{token}.{token.partition('.')[2]}",
    "another spelling": lambda token: token.replace(".", "%2E%2E"),
    "not ASCII": lambda _: "é.é",
    "very long": lambda token: token + "A" * 3000,
}


def _everything() -> list[str]:
    return [
        serializers.serialize("json", model.objects.order_by("pk"))
        for model in (Appeal, Comment, Decision, EventRecord, ReplyRequest, Report, ReportCase)
    ]


def _refused(place: Place, answer: Any, status: int, code: str, said: str) -> None:
    assert answer.status_code == status, (place, answer.content)
    if place.is_json:
        assert answer.json()["code"] == code
        assert code in codes_promised(place.method, answer.request["PATH_INFO"], status)
        assert answer["Content-Type"] == "application/problem+json"
    else:
        assert said in answer.content.decode()
        assert "Traceback" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert TEXT not in answer.content.decode()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_token_opens_its_own_page_and_no_other(
    sent: dict[str, str], place: Place, ask: Callable[..., Any], other_site: SiteShape
) -> None:
    before = _everything()
    for purpose, token in sent.items():
        if purpose != place.opens:
            _refused(place, ask(place, token), 404, "link_invalid", "Ce lien n’est pas valable")
    _refused(place, ask(place, sent[place.opens], at=other_site), 404, "link_invalid", "This link is not valid")
    assert _everything() == before
    assert ask(place, sent[place.opens]).status_code in {200, 201, 303}


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_forged_tokens_open_nothing(sent: dict[str, str], place: Place, ask: Callable[..., Any]) -> None:
    before = _everything()
    for name, forge in FORGED.items():
        answer = ask(place, forge(sent[place.opens]))
        assert answer.status_code == 404, name
        _refused(place, answer, 404, "link_invalid", "Ce lien n’est pas valable")
    assert _everything() == before


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_sealed_for_nobody_or_by_another_secret(
    sent: dict[str, str], place: Place, ask: Callable[..., Any], site: SiteShape
) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    ours = conf.current().signing_secrets()[0]
    seal = {"site_id": site.id, "purpose": place.opens, "expires_at": later}
    subject = f"{10**9}-1" if place.opens == "report" else str(10**9)
    _refused(place, ask(place, tokens.seal(ours, subject=subject, **seal)), 404, "link_invalid", "pas valable")
    known = "1-1" if place.opens == "report" else "1"
    _refused(place, ask(place, tokens.seal("x" * 50, subject=known, **seal)), 404, "link_invalid", "pas valable")


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_what_has_expired_says_so(sent: dict[str, str], place: Place, ask: Callable[..., Any], site: SiteShape) -> None:
    before = _everything()
    subject = tokens.open_seal(
        sent[place.opens],
        secrets=conf.current().signing_secrets(),
        site_id=site.id,
        purpose=place.opens,
        now=datetime.now(UTC),
    )
    old = tokens.seal(
        conf.current().signing_secrets()[0],
        site_id=site.id,
        purpose=place.opens,
        subject=subject,
        expires_at=datetime.now(UTC) - timedelta(seconds=2),
    )
    answer = ask(place, old)
    _refused(place, answer, answer.status_code, "link_expired", "Ce lien n’est plus valable")
    assert answer.status_code in {404, 410}
    assert _everything() == before


@pytest.mark.parametrize("first", ["appeal", "api-appeal"])
@pytest.mark.parametrize("second", ["appeal", "api-appeal"])
def test_an_appeal_replayed_is_one_appeal(
    sent: dict[str, str], ask: Callable[..., Any], first: str, second: str
) -> None:
    assert ask(Place(first, "reasons", "POST"), sent["reasons"]).status_code in {201, 303}
    before = _everything()
    again = ask(Place(second, "reasons", "POST"), sent["reasons"])
    assert again.status_code == 409
    said = again.content.decode()
    assert "appeal_already_filed" in said if second == "api-appeal" else "déjà été contestée" in said
    assert _everything() == before
    assert Appeal.objects.get().text == WHY


@pytest.mark.parametrize("route", ["receipt", "reply-receipt", "reasons"])
def test_a_receipt_is_read_again_and_again(sent: dict[str, str], ask: Callable[..., Any], route: str) -> None:
    opens = {"receipt": "report", "reply-receipt": "reply", "reasons": "reasons"}[route]
    before = _everything()
    pages = {ask(Place(name, opens), sent[opens]).status_code for name in (route, f"api-{route}") for _ in range(3)}
    assert pages == {200}
    assert _everything() == before
