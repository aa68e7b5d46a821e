"""The frame around every page, and the two ways of answering: the same for everybody, or for one reader alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from comity.queries.shapes import SiteShape
from comity.rules.languages import SPOKEN
from comity.stream.addresses import carried_of, page_address, parameters_of
from comity.stream.wording import direction
from comity.web.etags import MadeOf, answer_private, answer_public, keep_fresh
from comity.web.framing import allow_framing

__all__ = ["ACCENT", "HTML", "layout_context", "render_private", "render_public"]

HTML = "text/html; charset=utf-8"
ACCENT = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def layout_context(request: HttpRequest, *, site: SiteShape | None, language: str) -> dict[str, Any]:
    """What `base.html` needs."""
    carried = carried_of(request)
    others = []
    # Only what the page looks at: a parameter that nobody knows makes no difference to a page that all readers share.
    match = request.resolver_match
    parameters = parameters_of(match.url_name if match is not None else None)
    kept = {name: request.GET[name] for name in parameters if name != "lang" and request.GET.get(name)}
    if request.method in {"GET", "HEAD"}:
        for code, name in SPOKEN.items():
            if code != language:
                address = f"?{urlencode({**kept, 'lang': code})}"
                others.append((code, name, address))
    return {
        "site": site,
        "site_name": site.name if site is not None else "Comity",
        "language": language,
        "text_direction": direction(language),
        "carried": carried,
        "other_languages": others,
        "accent_address": page_address("accent", query={"site": site.key})
        if site is not None and ACCENT.fullmatch(site.accent)
        else "",
    }


def _render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    site: SiteShape,
    language: str,
    with_request: bool = False,
) -> bytes:
    values = {**layout_context(request, site=site, language=language), **context}
    return render_to_string(template, values, request=request if with_request else None).encode()


def render_public(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    site: SiteShape,
    language: str,
    made_of: MadeOf | None = None,
) -> HttpResponse:
    """A page that is the same for everybody; the site's domains may frame it.

    Args:
        made_of: what it shows, if the front shall keep it and shared caches be told when that changes.
    """
    body = _render(request, template, context, site=site, language=language)
    response = answer_public(request, body, content_type=HTML, made_of=made_of)
    keep_fresh(response)
    response["Content-Language"] = language
    if context.get("no_index"):
        response["X-Robots-Tag"] = "noindex"
    return allow_framing(response, site)


def render_private(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    site: SiteShape,
    language: str,
    status: int = 200,
    with_token: bool = False,
) -> HttpResponse:
    """A page for one reader, which nothing may keep and no search engine may list.

    Args:
        with_token: whether the template asks for Django's token against forged posts.
    """
    context = {"is_private": True, **context}
    body = _render(request, template, context, site=site, language=language, with_request=with_token)
    response = answer_private(body, content_type=HTML, status=status)
    response["Content-Language"] = language
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response
