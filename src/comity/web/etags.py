"""Answers that are the same for everybody: an ETag of their bytes, a short public life, and nothing that varies."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

__all__ = ["PUBLIC_SECONDS", "answer_private", "answer_public", "etag_of"]

PUBLIC_SECONDS = 5
"""How long a shared cache may keep an answer without asking again; then the ETag makes asking cheap."""
_STALE_SECONDS = 60


def etag_of(body: bytes) -> str:
    """A strong ETag, quotes included."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def answer_public(
    request: HttpRequest, body: bytes, *, content_type: str, seconds: int = PUBLIC_SECONDS, status: int = 200
) -> HttpResponse:
    """The answer that every reader gets at this address, or 304 to one who has it. No cookie, session or header of the
    reader's may have been looked at on the way here."""
    etag = etag_of(body)
    response: HttpResponse
    if status == 200 and _matches(request.headers.get("If-None-Match", ""), etag):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type=content_type, status=status)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={seconds}, stale-while-revalidate={_STALE_SECONDS}"
    return response


def answer_private(body: bytes, *, content_type: str, status: int = 200) -> HttpResponse:
    """An answer for one reader, which nothing on the way may keep."""
    response = HttpResponse(body, content_type=content_type, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _matches(if_none_match: str, etag: str) -> bool:
    asked = [each.removeprefix("W/") for each in parse_etags(if_none_match)]
    return "*" in asked or etag in asked
