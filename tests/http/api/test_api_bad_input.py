"""Everything that may be wrong with a request: status, stable code, field, and a sentence in the reader's language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation
from pytest_django import Settings

from comity.actions.moderation import decide_comment
from comity.actions.stories import save_story
from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import Actor, StaffRole
from comity.rules.languages import SPOKEN
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.rules.statuses import StoryState
from comity.rules.transitions import Move
from comity.web import problems
from tests.http.api.conftest import Program
from tests.http.api.documented import codes_promised

pytestmark = [pytest.mark.database, pytest.mark.django_db]
C = RefusalCode


@dataclass(frozen=True)
class Case:
    """One bad request. Parts of the address may be `own`, `others`, `removed`, `held`, `elsewhere`: comments."""

    name: str
    code: RefusalCode
    field: str | None = None
    method: str = "POST"
    operation: str = "api-post"
    parts: tuple[object, ...] = ("treve",)
    body: Any = None
    raw: bytes | None = None
    query: dict[str, str] = made_by(default_factory=dict)
    headers: dict[str, str] = made_by(default_factory=dict)
    content_type: str = "application/json"


def posting(name: str, code: RefusalCode, field: str | None = None, /, *, key: str = "treve", **body: Any) -> Case:
    return Case(name, code, field, parts=(key,), body={"text": "Bonjour.", "author_name": "Anne", **body})


def sending(name: str, code: RefusalCode, raw: bytes, content_type: str = "application/json") -> Case:
    return Case(name, code, raw=raw, content_type=content_type)


def voting(name: str, code: RefusalCode, field: str | None, comment: object, value: Any) -> Case:
    return Case(name, code, field, operation="api-vote", parts=(comment,), body={"value": value})


def reading(name: str, code: RefusalCode, field: str | None, key: str = "treve", **query: str) -> Case:
    return Case(name, code, field, method="GET", operation="api-thread", parts=(key,), query=query)


CASES = [
    posting("empty text", C.TEXT_EMPTY, "text", text=""),
    posting("spaces alone", C.TEXT_EMPTY, "text", text=" \n\t "),
    posting("invisible characters alone", C.TEXT_EMPTY, "text", text="\u200b\u202e\u2066\u0007"),
    posting("too short", C.TEXT_TOO_SHORT, "text", text="a"),
    posting("too long", C.TEXT_TOO_LONG, "text", text="a" * 5001),
    posting("far too long", C.TEXT_TOO_LONG, "text", text="a" * 200_000),
    posting("10,000 nested quotes", C.TEXT_TOO_LONG, "text", text=">" * 10_000 + "a"),
    posting("10,000 nested brackets", C.TEXT_TOO_LONG, "text", text="[" * 10_000 + "a"),
    sending("1 MB", C.BODY_TOO_LARGE, json.dumps({"text": "a" * 1_000_000}).encode()),
    sending("nothing", C.BODY_MALFORMED, b""),
    sending("broken JSON", C.BODY_MALFORMED, b'{"text": "Bon'),
    sending("invalid UTF-8", C.BODY_MALFORMED, b'{"text": "Bon\xffjour", "author_name": "Anne"}'),
    sending("half a surrogate pair", C.BODY_MALFORMED, b'{"text": "Bon\\ud800jour", "author_name": "Anne"}'),
    sending("the other half", C.BODY_MALFORMED, b'{"text": "Bon\\udc00jour", "author_name": "Anne"}'),
    sending("a list", C.BODY_MALFORMED, b"[1, 2]"),
    sending("a number", C.BODY_MALFORMED, b"7"),
    sending("10,000 nested lists", C.BODY_MALFORMED, b"[" * 10_000 + b"]" * 10_000),
    sending("no number of JSON's", C.BODY_MALFORMED, b'{"text": NaN}'),
    sending("a form", C.MEDIA_TYPE_UNSUPPORTED, b"text=Bonjour", "application/x-www-form-urlencoded"),
    sending("plain text", C.MEDIA_TYPE_UNSUPPORTED, b'{"text": "Bonjour."}', "text/plain"),
    Case("no text", C.FIELD_INVALID, "text", body={"author_name": "Anne"}),
    posting("text is a number", C.FIELD_INVALID, "text", text=5),
    posting("text is null", C.FIELD_INVALID, "text", text=None),
    posting("name is a list", C.FIELD_INVALID, "author_name", author_name=["Anne"]),
    posting("parent is a text", C.FIELD_INVALID, "parent_id", parent_id="7"),
    posting("parent is true", C.FIELD_INVALID, "parent_id", parent_id=True),
    posting("parent is a fraction", C.FIELD_INVALID, "parent_id", parent_id=1.5),
    posting("no name", C.NAME_MISSING, "author_name", author_name=" "),
    posting("name too long", C.NAME_TOO_LONG, "author_name", author_name="a" * 81),
    posting("name of dots", C.NAME_INVALID, "author_name", author_name="..."),
    posting("name of the site", C.NAME_RESERVED, "author_name", author_name="la gazette"),
    posting("look-alike of the site's name", C.NAME_RESERVED, "author_name", author_name="L\u0430 Gazette"),
    posting("e-mail", C.EMAIL_INVALID, "author_email", author_email="anne@"),
    posting("e-mail too long", C.EMAIL_INVALID, "author_email", author_email="a" * 300 + "@example.org"),
    posting("e-mail with NUL", C.FIELD_INVALID, "author_email", author_email="an\x00ne@example.org"),
    posting("NUL in the story's address", C.FIELD_INVALID, "story_url", key="neuve", story_url="https://\x00"),
    posting("no address", C.STORY_URL_MISSING, "story_url", key="neuve"),
    posting("address elsewhere", C.STORY_URL_REFUSED, "story_url", key="neuve", story_url="https://evil.example/a"),
    posting("address of a script", C.STORY_URL_REFUSED, "story_url", key="neuve", story_url="javascript:alert(1)"),
    posting("http", C.STORY_URL_REFUSED, "story_url", key="neuve", story_url="http://gazette.example/a"),
    posting("address with a login", C.STORY_URL_REFUSED, "story_url", key="n", story_url="https://a:b@gazette.example"),
    posting("no address at all", C.STORY_URL_REFUSED, "story_url", key="neuve", story_url="https://["),
    posting("key with a space", C.STORY_KEY_INVALID, "key", key="a b"),
    posting("key too long", C.STORY_KEY_INVALID, "key", key="k" * 201),
    posting("closed story", C.STORY_CLOSED, key="close"),
    posting("parent unknown", C.PARENT_UNKNOWN, "parent_id", parent_id=999_999),
    posting("parent is zero", C.PARENT_UNKNOWN, "parent_id", parent_id=0),
    posting("parent beyond any id", C.PARENT_UNKNOWN, "parent_id", parent_id=2**70),
    posting("parent of another story", C.PARENT_UNKNOWN, "parent_id", key="autre", parent_id="own"),
    posting("parent of another site", C.PARENT_UNKNOWN, "parent_id", parent_id="elsewhere"),
    posting("parent held", C.PARENT_UNKNOWN, "parent_id", parent_id="held"),
    posting("parent removed", C.PARENT_NOT_PUBLISHED, "parent_id", parent_id="removed"),
    # Without a key the same words within a minute are a double click, and get the first comment again.
    Case(
        "duplicate",
        C.COMMENT_DUPLICATE,
        "text",
        body={"text": "Le mien.", "author_name": "Anne"},
        headers={"Idempotency-Key": "2b1d9a44-7b0e-4d55-9c1e-a6b1c3f0d1ce"},
    ),
    Case("site unknown", C.SITE_UNKNOWN, body={"text": "Bonjour."}, query={"site": "nulle-part"}),
    Case("site with NUL", C.SITE_UNKNOWN, body={"text": "Bonjour."}, query={"site": "%00"}),
    Case(
        "idempotency key too long",
        C.FIELD_INVALID,
        "Idempotency-Key",
        body={"text": "Bonjour.", "author_name": "Anne"},
        headers={"Idempotency-Key": "k" * 256},
    ),
    Case(
        "token too short",
        C.FIELD_INVALID,
        "Authorization",
        body={"text": "Bonjour.", "author_name": "Anne"},
        headers={"Authorization": "Comity-Device abc"},
    ),
    Case("edit of an unknown comment", C.COMMENT_UNKNOWN, None, "PATCH", "api-comment", (999_999,), {"text": "Bon."}),
    Case("edit beyond any id", C.COMMENT_UNKNOWN, None, "PATCH", "api-comment", (10**30,), {"text": "Bon."}),
    Case("edit of another's", C.NOT_YOURS, None, "PATCH", "api-comment", ("others",), {"text": "Bon."}),
    Case("edit of another site's", C.COMMENT_UNKNOWN, None, "PATCH", "api-comment", ("elsewhere",), {"text": "Bon."}),
    Case("edit of another's held", C.COMMENT_UNKNOWN, None, "PATCH", "api-comment", ("held",), {"text": "Bon."}),
    Case("edit to nothing", C.TEXT_EMPTY, "text", "PATCH", "api-comment", ("own",), {"text": ""}),
    Case("edit too long", C.TEXT_TOO_LONG, "text", "PATCH", "api-comment", ("own",), {"text": "a" * 5001}),
    Case("edit after a reply", C.EDIT_AFTER_REPLY, None, "PATCH", "api-comment", ("answered",), {"text": "Bon."}),
    Case("withdrawal after a reply", C.EDIT_AFTER_REPLY, None, "DELETE", "api-comment", ("answered",)),
    Case("withdrawal of another's", C.NOT_YOURS, None, "DELETE", "api-comment", ("others",)),
    voting("vote of two", C.VOTE_INVALID, "value", "others", 2),
    voting("vote in words", C.FIELD_INVALID, "value", "others", "1"),
    voting("vote is true", C.FIELD_INVALID, "value", "others", True),
    voting("vote on an unknown comment", C.COMMENT_UNKNOWN, None, 999_999, 1),
    voting("vote on another site's", C.COMMENT_UNKNOWN, None, "elsewhere", 1),
    voting("vote on one's own", C.VOTE_OWN_COMMENT, None, "own", 1),
    voting("vote on a removed comment", C.VOTE_NOT_PUBLISHED, None, "removed", 1),
    voting("vote on a held comment", C.COMMENT_UNKNOWN, None, "held", 1),
    voting("vote on a closed story", C.STORY_CLOSED, None, "closed", 1),
    reading("cursor of no page", C.CURSOR_INVALID, "cursor", cursor="abc"),
    reading("cursor not ASCII", C.CURSOR_INVALID, "cursor", cursor="%C3%A9"),
    reading("sort unknown", C.FIELD_INVALID, "sort", sort="best"),
    reading("filter unknown", C.FIELD_INVALID, "filter", filter="branch:x"),
    reading("branch unknown", C.COMMENT_UNKNOWN, None, filter="branch:999999"),
    reading("branch of another site", C.COMMENT_UNKNOWN, None, filter="branch:elsewhere"),
    reading("key with a tab", C.STORY_KEY_INVALID, "key", key="a\tb"),
    Case("no key", C.FIELD_INVALID, "key", "GET", "api-me", ()),
    Case("a bad key", C.STORY_KEY_INVALID, "key", "GET", "api-me", (), query={"key": "%00"}),
    Case("preview of nothing", C.TEXT_EMPTY, "text", operation="api-preview", body={"text": ""}),
    Case("unsigned story", C.AUTHENTICATION_REQUIRED, None, "PUT", "api-story", ("treve",), {"title": "Faux"}),
]


@pytest.fixture
def comments(api: Program, site: SiteShape, other_site: SiteShape, story: StoryShape) -> dict[str, int]:
    """Ids of comments in every situation; `api` wrote `own` and `answered`, and waits as their author."""
    now = datetime.now(UTC)
    other, elsewhere = Program(site), Program(other_site)
    save_story(site=site, key="autre", url="https://gazette.example/autre", now=now)
    save_story(site=site, key="close", url="https://gazette.example/close", now=now)
    save_story(site=site, key="lente", url="https://gazette.example/lente", state=StoryState.PRE_MODERATED, now=now)
    ids = {
        "answered": api.post("treve", "Le premier.").json()["comment"]["id"],
        "own": api.post("treve", "Le mien.").json()["comment"]["id"],
        "others": other.post("treve", "Celui d’un autre.").json()["comment"]["id"],
        "removed": other.post("treve", "Le retiré.").json()["comment"]["id"],
        "held": other.post("lente", "En attente.").json()["comment"]["id"],
        "closed": other.post("close", "Avant la clôture.").json()["comment"]["id"],
        "elsewhere": elsewhere.post("treve", "Elsewhere.", story_url="https://tribune.example/a").json()["comment"][
            "id"
        ],
    }
    for parent in ("answered", "removed"):
        assert other.post("treve", f"Réponse à {parent}.", parent_id=ids[parent]).status_code == 201
    decide_comment(
        actor=Actor(site_id=site.id, staff_role=StaffRole.MODERATOR),
        site=site,
        comment_id=ids["removed"],
        move=Move.REMOVE,
        rule_key="insult",
        now=now,
    )
    save_story(site=site, key="close", url="https://gazette.example/close", state=StoryState.CLOSED, now=now)
    return ids


def _with_ids(value: Any, ids: dict[str, int]) -> Any:
    if isinstance(value, dict):
        return {name: ids.get(each, each) if name == "parent_id" else each for name, each in value.items()}
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(api: Program, comments: dict[str, int], case: Case) -> None:
    query = {name: value.replace("elsewhere", str(comments["elsewhere"])) for name, value in case.query.items()}
    for language in ("fr", "en"):
        answer = api.call(
            case.method,
            case.operation,
            *(comments.get(str(part), part) for part in case.parts),
            body=_with_ids(case.body, comments),
            raw=case.raw,
            query={**query, "lang": language},
            headers=case.headers,
            content_type=case.content_type,
        )
        problem = answer.json()
        assert problem["code"] == case.code.value
        assert answer.status_code == problem["status"] == HTTP_STATUS[case.code]
        assert problem.get("field") == case.field
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Content-Language"] == language
        with translation.override(language):
            details = {name: value for name, value in problem.items() if name in {"limit", "length", "status"}}
            assert problem["detail"] == problems.sentence(Refusal(case.code, field=case.field, **details))
        assert case.code in codes_promised(case.method, answer.wsgi_request.path, answer.status_code)


def test_no_sentence_holds_a_hole(site: SiteShape) -> None:
    for language in SPOKEN:
        with translation.override(language):
            for code in RefusalCode:
                told = problems.sentence(Refusal(code))
                assert told
                assert "%(" not in told
                full = Refusal(code, field="text", retry_after=7, limit=10, length=12, status="held", move="edit")
                assert "%(" not in problems.sentence(full)


@pytest.mark.parametrize(
    ("method", "name", "parts", "allowed"),
    [
        ("PUT", "api-thread", ("treve",), "GET, HEAD, OPTIONS"),
        ("GET", "api-post", ("treve",), "POST, OPTIONS"),
        ("POST", "api-comment", (1,), "DELETE, PATCH, OPTIONS"),
        ("DELETE", "api-openapi", (), "GET, HEAD, OPTIONS"),
        ("TRACE", "api-me", (), "GET, HEAD, OPTIONS"),
    ],
)
def test_methods_that_an_address_does_not_know(
    api: Program, method: str, name: str, parts: tuple[object, ...], allowed: str
) -> None:
    answer = api.call(method, name, *parts)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == allowed


def test_addresses_that_are_none(api: Program) -> None:
    start = api.call("GET", "api-openapi").wsgi_request.path.removesuffix("openapi.json")
    for path in ("", "nothing", "comments/-1", "comments/abc", "threads/a/b/c", "threads/"):
        answer = api.client.get(f"{start}{path}", headers={"Accept": "text/html"})
        assert (answer.status_code, answer.json()["code"]) == (404, "page_unknown")


def test_too_many_requests(api: Program, story: StoryShape, settings: Settings) -> None:
    api.post("treve", "Un premier mot.")
    statuses = [api.post("treve", f"Encore un mot, le {number}e.").status_code for number in range(12)]
    assert statuses[:8] == [201] * 8
    refused = api.post("treve", "Un mot de trop.", query={"lang": "en"})
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == str(problem["retry_after"])
    assert 1 <= problem["retry_after"] <= 60
    assert str(problem["retry_after"]) in problem["detail"]
    # Votes are counted apart, and a neighbour behind the same address goes on posting.
    other = Program(api.site)
    assert other.post("treve", "La voisine de bureau.").status_code == 201
    settings.COMITY = {**settings.COMITY, "limits_enabled": False}
    assert api.post("treve", "Sans limite.").status_code == 201


def test_dropping_the_token_wins_nothing(api: Program, story: StoryShape) -> None:
    statuses = [Program(api.site).post("treve", f"Nouveau venu {number}.").status_code for number in range(25)]
    taken = sum(status in {201, 202} for status in statuses)
    assert 20 <= taken <= 21  # the window slides: one more when a minute ends among them
    assert set(statuses[taken:]) == {429}


def test_counts_out_of_reach_are_kept_by_the_database(api: Program, story: StoryShape, settings: Settings) -> None:
    settings.COMITY = {**settings.COMITY, "limit_storage": "redis://127.0.0.1:1/0"}
    statuses = [Program(api.site).post("treve", f"Nouveau venu {number}.").status_code for number in range(25)]
    taken = sum(status in {201, 202} for status in statuses)
    assert 20 <= taken <= 21  # the window slides: one more when a minute ends among them
    assert set(statuses[taken:]) == {429}
