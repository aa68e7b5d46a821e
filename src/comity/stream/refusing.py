"""What the front says when it cannot pass a request on."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.stream.bodies import Scope, header
from comity.stream.exchange import Headers
from comity.web.problems import sentence

__all__ = ["refusal_answer"]

_CLOSING = frozenset({RefusalCode.BODY_TOO_LARGE, RefusalCode.BODY_TOO_SLOW})
"""Refusals after which unread bytes of the body may still be on the wire."""
_FIELDS = 50
"""A form of more fields is none of ours and is not given back."""


def refusal_answer(refusal: Refusal, scope: Scope, body: bytes) -> tuple[int, Headers, bytes]:
    """Status, headers and body that tell the reader of `refusal`: a page for browsers, problem+json for scripts.

    A plain form that was refused after it had arrived is given back filled in, to be sent again.
    """
    status = HTTP_STATUS[refusal.code]
    headers = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    if refusal.retry_after is not None:
        headers.append((b"retry-after", str(refusal.retry_after).encode()))
    if refusal.code in _CLOSING:
        headers.append((b"connection", b"close"))
    language = _language(scope)
    with translation.override(language):
        headers.append((b"content-language", language.encode()))
        if b"text/html" in header(scope, b"accept"):
            headers.append((b"content-type", b"text/html; charset=utf-8"))
            headers.append(
                (b"content-security-policy", b"default-src 'none'; form-action 'self'; frame-ancestors 'self'")
            )
            return status, headers, _page(refusal, scope, body, language).encode()
        headers.append((b"content-type", b"application/problem+json"))
        headers.append((b"access-control-allow-origin", b"*"))
        return status, headers, _problem(refusal, status)


def _problem(refusal: Refusal, status: int) -> bytes:
    return msgspec.json.encode(
        {
            "type": "about:blank",
            "title": refusal.code.value,
            "status": status,
            "code": refusal.code.value,
            "detail": sentence(refusal),
        }
    )


def _page(refusal: Refusal, scope: Scope, body: bytes, language: str) -> str:
    return format_html(
        "<!doctype html>\n"
        '<html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="robots" content="noindex"><title>{}</title></head>'
        '<body><main><p role="alert">{}</p>{}</main></body></html>\n',
        language,
        sentence(refusal),
        sentence(refusal),
        _form(scope, body),
    )


def _form(scope: Scope, body: bytes) -> str:
    """The form that was sent, filled in as it was, with its longest field in sight; nothing when it was none."""
    if not body or not header(scope, b"content-type").startswith(b"application/x-www-form-urlencoded"):
        return ""
    try:
        fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        return ""
    longest = max(range(len(fields)), key=lambda position: len(fields[position][1]), default=0)
    hidden = (field for position, field in enumerate(fields) if position != longest)
    return format_html(
        '<form method="post">{}{}<p><button>{}</button></p></form>',
        format_html_join("", '<input type="hidden" name="{}" value="{}">', hidden),
        format_html_join("", '<textarea name="{}" rows="12" cols="60">\n{}</textarea>', fields[longest : longest + 1]),
        gettext("Send again"),
    )


def _language(scope: Scope) -> str:
    asked = parse_qs(scope["query_string"].decode("ascii", "replace")).get("lang", [""])[0]
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
