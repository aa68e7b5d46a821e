"""Problems, the catching edge, etags and framing."""

from __future__ import annotations

import json
import logging

import msgspec
import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from pytest_django import Settings

from comity.actions.sites import create_site
from comity.queries.shapes import SiteShape
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.web.catch import answer_refusals
from comity.web.etags import answer_private, answer_public
from comity.web.framing import allow_framing, frame_ancestors
from comity.web.problems import problem, problem_answer, sentence
from comity.web.sentences import DETAILED_SENTENCES, SENTENCES
from comity.web.sites import asked_language, language_of


@pytest.fixture
def site(db: None) -> SiteShape:
    return create_site(key="gazette", name="La Gazette", domains=["gazette.example", "localhost"])


def _get(query: str = "", **headers: str) -> HttpRequest:
    return RequestFactory().get("/", QUERY_STRING=query, headers=headers)


def test_every_code_has_a_sentence_and_a_status() -> None:
    assert set(SENTENCES) == set(RefusalCode) == set(HTTP_STATUS)
    assert set(DETAILED_SENTENCES) <= set(SENTENCES)


@pytest.mark.parametrize("code", list(RefusalCode))
def test_every_sentence_is_in_french_too(code: RefusalCode) -> None:
    for refusal in (
        Refusal(code),
        Refusal(code, field="text", retry_after=7, limit=10, length=12),
    ):
        with translation.override("en"):
            english = sentence(refusal)
        with translation.override("fr"):
            assert sentence(refusal) != english


@pytest.mark.parametrize(
    ("language", "grouped"),
    [
        ("fr", "12\u202f345"),
        ("en", "12,345"),
        ("es", "12\u202f345"),
        ("de", "12.345"),
        ("he", "12,345"),
        ("ar", "12,345"),
    ],
)
def test_numbers_in_sentences_are_grouped_as_the_language_does(language: str, grouped: str) -> None:
    refusal = Refusal(RefusalCode.TEXT_TOO_LONG, field="text", limit=5000, length=12_345)
    with translation.override(language):
        assert grouped in sentence(refusal)
    assert refusal.details["length"] == 12_345  # programs get the number


def test_a_problem_tells_what_is_known() -> None:
    status, body, headers = problem(
        Refusal(RefusalCode.TEXT_TOO_LONG, field="text", limit=5000, length=5001), language="en"
    )
    assert status == 422
    assert json.loads(body) == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "code": "text_too_long",
        "detail": "This text is too long: 5,001 characters, at most 5,000.",
        "field": "text",
        "limit": 5000,
        "length": 5001,
    }
    assert headers["Content-Type"] == "application/problem+json"
    assert headers["Cache-Control"] == "no-store"


def test_a_detail_cannot_pass_for_a_member() -> None:
    _, body, _ = problem(Refusal(RefusalCode.TRANSITION_REFUSED, status="held", title="other"), language="en")
    assert json.loads(body)["status"] == 409
    assert json.loads(body)["title"] == "Conflict"


@pytest.mark.parametrize(
    ("query", "site_language", "expected"),
    [
        ("", "fr", "fr"),
        ("lang=en", "fr", "en"),
        ("lang=EN-gb", "fr", "en"),
        ("lang=fr_CA", "en", "fr"),
        ("lang=xx", "fr", "fr"),
        ("lang=", "fr-BE", "fr"),
        ("", "he", "he"),
        ("", "xx", "en"),
        ("lang=fr", "he", "fr"),
        ("lang=ar", "de", "ar"),
    ],
)
def test_the_language_is_the_address_s_or_the_site_s(
    site: SiteShape, query: str, site_language: str, expected: str
) -> None:
    request = _get(query, **{"Accept-Language": "de", "Cookie": "django_language=de"})
    assert language_of(request, msgspec.structs.replace(site, language=site_language)) == expected
    assert asked_language(_get()) is None


class _Failing:
    """Fails as it is told to, with words that must not be seen."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "code", "retry"),
    [
        (Refusal(RefusalCode.STORY_CLOSED), 403, "story_closed", None),
        (Http404("Les mots d’Anne"), 404, "page_unknown", None),
        (OperationalError("database is locked: Les mots d’Anne"), 503, "service_unavailable", "5"),
        (InterfaceError("connection already closed"), 503, "service_unavailable", "5"),
        (ValueError("Les mots d’Anne"), 500, "internal_error", None),
    ],
)
def test_whatever_fails_is_answered_and_logged_without_words(
    caplog: pytest.LogCaptureFixture, error: Exception, status: int, code: str, retry: str | None
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = answer_refusals(problem_answer)(_Failing(error))(_get("lang=en"))
    assert answer.status_code == status
    assert json.loads(answer.content)["code"] == code
    assert answer.headers.get("Retry-After") == retry
    assert "Anne" not in caplog.text
    assert "Anne" not in answer.content.decode()
    assert ("test_web_edge" in caplog.text) is (status >= 500)


def test_forged_requests_are_django_s_to_answer() -> None:
    with pytest.raises(SuspiciousOperation):
        answer_refusals(problem_answer)(_Failing(SuspiciousOperation("forged")))(_get())


def test_public_answers_are_conditional() -> None:
    first = answer_public(_get(), b"octets", content_type="text/plain")
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    etag = first.headers["ETag"]
    for header in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        again = answer_public(_get(**{"If-None-Match": header}), b"octets", content_type="text/plain")
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    changed = answer_public(_get(**{"If-None-Match": etag}), b"other bytes", content_type="text/plain")
    assert changed.status_code == 200
    assert answer_private(b"", content_type="text/plain").headers["Cache-Control"] == "private, no-store"


def test_the_site_s_domains_may_frame(site: SiteShape, settings: Settings) -> None:
    settings.MIDDLEWARE = ["csp.middleware.CSPMiddleware"]
    expected = ["'self'", "https://gazette.example", "https://*.gazette.example", "http://localhost:*"]
    assert frame_ancestors(site) == expected
    response = allow_framing(HttpResponse(), site)
    assert response._csp_replace == {"frame-ancestors": expected}  # type: ignore[attr-defined]  # django-csp's own name
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "csp" not in each]
    bare = allow_framing(HttpResponse(), site)
    assert bare.headers["Content-Security-Policy"] == f"frame-ancestors {' '.join(expected)}"
