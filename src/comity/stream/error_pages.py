"""What a reader sees when a page cannot be had: a sentence, what to do next, and whatever was typed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from comity.queries.shapes import SiteShape
from comity.rules.languages import spoken as spoken_language
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.addresses import carried_of, page_address
from comity.stream.layout import HTML, layout_context
from comity.web.bodies import read_form
from comity.web.etags import answer_private
from comity.web.problems import sentence, status_of
from comity.web.sites import asked_language, language_of, site_of

__all__ = ["answer_refusal", "heading_of", "page_unknown", "sent_fields", "server_failed"]

_HEADINGS = {404: "missing", 429: "wait", 503: "away", 500: "failed"}
_HIDDEN = ("parent_id", "story_url", "value")


def heading_of(status: int) -> str:
    """The page's heading for a status."""
    match _HEADINGS.get(status):
        case "missing":
            return _("Nothing here")
        case "wait":
            return _("One moment, please")
        case "away":
            return _("Briefly unavailable")
        case "failed":
            return _("Something failed")
        case _:
            return _("This could not be done")


def sent_fields(request: HttpRequest) -> list[tuple[str, str, str]]:
    """What a reader sent by a form, as name, label and value, so that it can be given back; labels only where the
    reader typed. Nothing for a body that is no form."""
    if request.method != "POST":
        return []
    try:
        form = read_form(request)
    except Refusal:
        return []
    labels = {
        "text": _("Your comment"),
        "author_name": _("Name"),
        "author_email": _("E-mail (never shown)"),
        "author_website": _("Website (optional)"),
    }
    typed = [(name, label, form[name]) for name, label in labels.items() if form.get(name)]
    hidden = [(name, "", form[name]) for name in _HIDDEN if form.get(name)]
    return typed + hidden


def answer_refusal(
    request: HttpRequest, refusal: Refusal, *, site: SiteShape | None = None, language: str | None = None
) -> HttpResponse:
    """The page that says what was refused. Asks nothing of the database, which may be what is away."""
    spoken = language or asked_language(request) or _default_language()
    status = status_of(refusal)
    with translation.override(spoken):
        home = page_address("home", carried=carried_of(request))
        context: dict[str, Any] = {
            **layout_context(request, site=site, language=spoken),
            "is_private": True,
            "heading": heading_of(status),
            "sentence": sentence(refusal),
            "code": refusal.code.value,
            "is_calm": status in _HEADINGS,
            "retry_text": _("Nothing of what you wrote is lost.") if status in {429, 503} and _typed(request) else "",
            "sent": [] if refusal.code is RefusalCode.CROSS_SITE_POST else sent_fields(request),
            "again_address": request.get_full_path(),
            "home_address": home if request.path != home and status != 503 else "",
            "other_languages": [],
        }
        body = render_to_string("comity/refused.html", context).encode()
    response = answer_private(body, content_type=HTML, status=status)
    response["Content-Language"] = spoken
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _typed(request: HttpRequest) -> bool:
    return any(label for _name, label, _value in sent_fields(request))


def _default_language() -> str:
    return spoken_language(settings.LANGUAGE_CODE) or "en"


def page_unknown(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's
    """The page for an address that leads nowhere: `handler404` of a project that is all Comity's."""
    try:
        site = site_of(request)
    except (Refusal, DatabaseError):
        return answer_refusal(request, Refusal(RefusalCode.PAGE_UNKNOWN))
    return answer_refusal(request, Refusal(RefusalCode.PAGE_UNKNOWN), site=site, language=language_of(request, site))


def server_failed(request: HttpRequest) -> HttpResponse:
    """The page for what failed outside of Comity's own pages: `handler500`."""
    return answer_refusal(request, Refusal(RefusalCode.INTERNAL_ERROR))
