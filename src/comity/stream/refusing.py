"""What the front says when it cannot pass a request on."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from comity.rules.languages import spoken
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.bodies import Scope, header
from comity.stream.error_pages import heading_of
from comity.stream.exchange import Headers
from comity.stream.wording import direction
from comity.web.problems import problem, sentence, status_of
from comity.web.sites import asked_language

__all__ = ["refusal_answer"]

_CLOSING = frozenset({RefusalCode.BODY_TOO_LARGE, RefusalCode.BODY_TOO_SLOW})
"""Refusals after which unread bytes of the body may still be on the wire."""
_POLICY = b"default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'self'"
_FIELDS = 50
"""A form of more fields is none of ours and is not given back."""


def refusal_answer(refusal: Refusal, scope: Scope, sent: bytes) -> tuple[int, Headers, bytes]:
    """Status, headers and body that tell the reader of `refusal`: a page for browsers, problem+json for scripts.

    A plain form that was refused after it had arrived is given back filled in, to be sent again.
    """
    language = _language(scope)
    status, body, named = problem(refusal, language=language)
    headers = [(name.lower().encode(), value.encode()) for name, value in named.items()]
    headers.append((b"x-content-type-options", b"nosniff"))
    if refusal.code in _CLOSING:
        headers.append((b"connection", b"close"))
    if b"text/html" not in header(scope, b"accept"):
        return status, [*headers, (b"access-control-allow-origin", b"*")], body
    headers = [each for each in headers if each[0] != b"content-type"]
    headers.append((b"content-type", b"text/html; charset=utf-8"))
    headers.append((b"content-security-policy", _POLICY))
    with translation.override(language):
        return status, headers, _page(refusal, scope, sent, language).encode()


def _page(refusal: Refusal, scope: Scope, sent: bytes, language: str) -> str:
    return format_html(
        "<!doctype html>\n"
        '<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        '<title>{heading}</title><link rel="stylesheet" href="{styles}"></head>'
        '<body class="comity-page"><main class="comity-main"><section class="comity comity-panel comity-refused">'
        '<h1>{heading}</h1><p class="comity-lead" role="alert">{said}</p>{form}</section></main></body></html>\n',
        language=language,
        direction=direction(language),
        heading=heading_of(status_of(refusal)),
        styles=static("comity/built/page.css"),
        said=sentence(refusal),
        form=_form(scope, sent),
    )


def _form(scope: Scope, sent: bytes) -> str:
    """The form that was sent, filled in as it was, with its longest field in sight; nothing when it was none."""
    if not sent or not header(scope, b"content-type").startswith(b"application/x-www-form-urlencoded"):
        return ""
    try:
        fields = parse_qsl(sent.decode(errors="replace"), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        return ""
    if any(name == "password" for name, _ in fields):
        return ""  # a sign-in is typed again rather than shown
    longest = max(range(len(fields)), key=lambda position: len(fields[position][1]), default=0)
    label = gettext("What you wrote")
    shown = [(label, *field) for field in fields[longest : longest + 1]]
    hidden = (field for position, field in enumerate(fields) if position != longest)
    return format_html(
        '<form class="comity-form" method="post">{}{}<div class="comity-send">'
        '<button class="comity-button comity-button-main">{}</button></div></form>',
        format_html_join("", '<input type="hidden" name="{}" value="{}">', hidden),
        format_html_join("", '<textarea aria-label="{}" name="{}" rows="12" dir="auto">\n{}</textarea>', shown),
        gettext("Send again"),
    )


def _language(scope: Scope) -> str:
    """The language of `lang=`; else the server's, since only the database knows the site's."""
    request = HttpRequest()
    request.GET = QueryDict(scope["query_string"])
    return asked_language(request) or spoken(settings.LANGUAGE_CODE) or "en"
