"""Which pages may write, by what they say of themselves and by what proves who asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from comity.models import Comment
from comity.queries.shapes import SiteShape, StoryShape
from tests.http.api.conftest import Program

pytestmark = [pytest.mark.database, pytest.mark.django_db]

OWN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
BODY = {"text": "Bonjour à tous.", "author_name": "Anne"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),  # a program
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "http://testserver"}, 201),
        ({"Origin": "https://testserver"}, 201),  # a proxy that speaks http to us
        ({"Origin": "https://gazette.example"}, 201),
        ({"Origin": "https://www.gazette.example", "Sec-Fetch-Site": "cross-site"}, 201),
        ({"Origin": "https://WWW.Gazette.Example:443", "Sec-Fetch-Site": "same-site"}, 201),
        ({"Origin": "http://gazette.example"}, 403),
        ({"Origin": "https://gazette.example.evil.example"}, 403),
        ({"Origin": "https://evilgazette.example"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://testserver:8001"}, 403),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://["}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://tribune.example"}, 403),  # another site's own page
    ],
)
def test_who_may_post(
    api: Program, other_site: SiteShape, story: StoryShape, headers: dict[str, str], status: int
) -> None:
    answer = api.call("POST", "api-post", "treve", body=BODY, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "cross_site_post"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert not Comment.objects.exists()


@pytest.fixture
def browser(api: Program, story: StoryShape) -> tuple[Program, int]:
    """A browser that wrote a comment on Comity's own page, and the comment."""
    posted = api.call("POST", "api-post", "treve", body=BODY, headers=OWN)
    assert posted.json()["device_token"] is None
    return api, posted.json()["comment"]["id"]


@pytest.mark.parametrize(
    "headers",
    [
        {},  # too old a browser to say who asks
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_cookies_move_nothing_from_elsewhere(browser: tuple[Program, int], headers: dict[str, str]) -> None:
    program, comment_id = browser
    for method, name, body in (
        ("PATCH", "api-comment", {"text": "Mots d’un autre."}),
        ("DELETE", "api-comment", None),
        ("POST", "api-vote", {"value": 1}),
    ):
        refused = program.call(method, name, comment_id, body=body, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "cross_site_post")
    assert program.call("PATCH", "api-comment", comment_id, body={"text": "Les miens."}, headers=OWN).status_code == 200


def test_a_publisher_s_page_cannot_borrow_the_cookie(browser: tuple[Program, int]) -> None:
    """Comity may be on a sibling host, to which browsers send even `SameSite=Lax` cookies."""
    program, comment_id = browser
    refused = program.call(
        "PATCH",
        "api-comment",
        comment_id,
        body={"text": "Mots de la page."},
        headers={"Origin": "https://www.gazette.example", "Sec-Fetch-Site": "same-site"},
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")


def test_a_staff_session_moves_nothing_from_elsewhere(editor: Any, api: Program, story: StoryShape) -> None:
    api.client = editor
    for headers, code in (
        ({}, "cross_site_post"),
        ({"Origin": "https://evil.example"}, "cross_site_post"),
    ):
        refused = api.call("POST", "api-post", "treve", body=BODY, headers=headers)
        assert refused.json()["code"] == code
    as_guest = api.call("POST", "api-post", "treve", body=BODY, headers={"Origin": "https://gazette.example"})
    assert as_guest.json()["comment"]["author"]["kind"] == "guest"


@pytest.mark.parametrize(
    ("origin", "method", "name", "parts", "allowed"),
    [
        ("https://anywhere.example", "GET", "api-thread", ("treve",), "*"),
        ("https://www.gazette.example", "POST", "api-post", ("treve",), "https://www.gazette.example"),
        ("https://anywhere.example", "POST", "api-post", ("treve",), None),
        ("https://anywhere.example", "PATCH", "api-comment", (1,), None),
        ("https://gazette.example", "DELETE", "api-comment", (1,), "https://gazette.example"),
        ("https://anywhere.example", "GET", "api-me", (), None),
        ("https://gazette.example", "GET", "api-me", (), "https://gazette.example"),
    ],
)
def test_preflight(
    api: Program, origin: str, method: str, name: str, parts: tuple[object, ...], allowed: str | None
) -> None:
    answer = api.call("OPTIONS", name, *parts, headers={"Origin": origin, "Access-Control-Request-Method": method})
    assert answer.status_code == 204
    assert answer.headers.get("Access-Control-Allow-Origin") == allowed
    if allowed:
        assert method in answer.headers["Access-Control-Allow-Methods"]
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_one_s_own_comments_are_read_by_no_other_page(browser: tuple[Program, int]) -> None:
    program, _ = browser
    answer = program.call("GET", "api-me", query={"key": "treve"}, headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_cookie_is_secure_where_the_reader_speaks_https(
    api: Program, story: StoryShape, settings: Settings
) -> None:
    address = f"{reverse('comity:api-post', args=['treve'])}?site=gazette"

    words = iter(("Un.", "Deux.", "Trois."))

    def cookie(**environment: str) -> Any:
        api.client.cookies.clear()
        body = {**BODY, "text": next(words)}
        answer = api.client.post(address, body, "application/json", headers=OWN, **environment)
        return answer.cookies[f"comity_device_{api.site.id if api.site else 0}"]

    assert not cookie()["secure"]
    assert not cookie(HTTP_X_FORWARDED_PROTO="https")["secure"]
    settings.COMITY = {**settings.COMITY, "trusted_proxies": ["127.0.0.0/8"]}
    assert cookie(HTTP_X_FORWARDED_PROTO="https")["secure"]
