"""A refusal as the reader or the program is told it: a sentence, or an RFC 9457 problem with a stable `code`."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from comity.rules.advice import AdviceGiven
from comity.rules.refusals import HTTP_STATUS, Refusal
from comity.web.numbers import number
from comity.web.sentences import DETAILED_SENTENCES, SENTENCES
from comity.web.sites import asked_language

__all__ = ["PROBLEM_TYPE", "members", "problem", "problem_answer", "sentence", "status_of"]

PROBLEM_TYPE = "application/problem+json"


def status_of(refusal: Refusal) -> int:
    """The HTTP status that a refusal is answered with."""
    return HTTP_STATUS[refusal.code]


def sentence(refusal: Refusal) -> str:
    """What a reader is told, in the language in force (`translation.override`)."""
    detailed = DETAILED_SENTENCES.get(refusal.code)
    if detailed is not None:
        details = {name: _told(value) for name, value in refusal.details.items()}
        values = {**details, "field": refusal.field, "retry_after": refusal.retry_after}
        known = {
            name: number(value) if isinstance(value, int) else value
            for name, value in values.items()
            if value is not None
        }
        try:
            return str(detailed) % known
        except KeyError:
            pass  # a value is missing: the general sentence says less and is true
    return str(SENTENCES[refusal.code])


def _told(value: str | int | datetime) -> str | int:
    """A moment as a reader is told it."""
    return date_format(localtime(value), "DATETIME_FORMAT") if isinstance(value, datetime) else value


def members(refusal: Refusal, *, language: str) -> dict[str, Any]:
    """The members of the problem: `type`, `title`, `status`, `code`, `detail`, then `field`, `retry_after` and the
    values that the sentence speaks of, such as `limit`; of advice before posting, `advice`."""
    status = HTTPStatus(status_of(refusal))
    with translation.override(language):
        answer: dict[str, Any] = {
            "type": "about:blank",
            "title": status.phrase,
            "status": int(status),
            "code": refusal.code.value,
            "detail": sentence(refusal),
        }
    if refusal.field is not None:
        answer["field"] = refusal.field
    if refusal.retry_after is not None:
        answer["retry_after"] = refusal.retry_after
    if isinstance(refusal, AdviceGiven):
        advice = refusal.advice
        answer["advice"] = {
            "rule": advice.rule_key,
            "version": advice.rule_version,
            "title": advice.title,
            "text": advice.text,
            "sentence": advice.sentence,
            "token": advice.token,
            "expires_at": advice.expires_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }
    return {**refusal.details, **answer}


def problem(refusal: Refusal, *, language: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of the problem, for whoever answers without Django."""
    headers = {"Content-Type": PROBLEM_TYPE, "Cache-Control": "no-store", "Content-Language": language}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    return status_of(refusal), msgspec.json.encode(members(refusal, language=language)), headers


def problem_answer(request: HttpRequest, refusal: Refusal, *, language: str | None = None) -> HttpResponse:
    """The problem as Django's answer.

    Args:
        language: the language that the site and the address agree on; without it (the site may be unknown) that of
            `lang=`, else English.
    """
    status, body, headers = problem(refusal, language=language or asked_language(request) or "en")
    return HttpResponse(body, status=status, headers=headers)
