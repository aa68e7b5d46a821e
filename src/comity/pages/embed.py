"""Fragments that other pages embed: the thread, the counts, and the site's accent colour."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from comity.pages.threads import thread_html
from comity.queries.stories import counts
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.layout import ACCENT, HTML
from comity.stream.pagination import part_of, read_part
from comity.stream.visits import visit_of
from comity.web import cors
from comity.web.catch import answer_refusals
from comity.web.etags import MadeOf, answer_public, keep_fresh
from comity.web.problems import problem_answer
from comity.web.sites import site_of

__all__ = ["accent", "count", "thread"]

KEYS_MAXIMUM = 100
ACCENT_SECONDS = 3600


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    response = problem_answer(request, refusal)
    cors.allow_everybody(response)
    return response


@require_safe
@answer_refusals(_refused)
def thread(request: HttpRequest) -> HttpResponse:
    """A page of a thread as its page holds it, without the frame."""
    visit = visit_of(request)
    part = part_of(request)
    with translation.override(visit.language):
        shown = read_part(part, site=visit.site, key=request.GET.get("key", ""), now=visit.now)
        body = thread_html(visit, part, shown).encode()
    made_of = MadeOf(visit.site.id, ((shown.story.id, shown.story.key),))
    response = answer_public(request, body, content_type=HTML, made_of=made_of)
    keep_fresh(response)
    response["Content-Language"] = visit.language
    cors.allow_everybody(response)
    return response


@require_safe
@answer_refusals(_refused)
def count(request: HttpRequest) -> HttpResponse:
    """How many comments each of up to 100 stories has.

    Raises:
        Refusal: `field_invalid` without a key or with more than 100.
    """
    visit = visit_of(request)
    keys = list(dict.fromkeys(request.GET.getlist("key")))
    if not 0 < len(keys) <= KEYS_MAXIMUM:
        raise Refusal(RefusalCode.FIELD_INVALID, field="key", limit=KEYS_MAXIMUM)
    found = counts(site=visit.site, keys=keys)
    with translation.override(visit.language):
        body = render_to_string("comity/fragments/counts.html", {"counts": found.items()}).encode()
    made_of = MadeOf(visit.site.id, tuple((each.id, key) for key, each in found.items()))
    response = answer_public(request, body, content_type=HTML, made_of=made_of)
    keep_fresh(response)
    response["Content-Language"] = visit.language
    cors.allow_everybody(response)
    return response


@require_safe
@answer_refusals(_refused)
def accent(request: HttpRequest) -> HttpResponse:
    """The site's accent colour as a style sheet, since a strict content policy takes no colour from the page itself."""
    site = site_of(request)
    rule = f":root{{--comity-accent:{site.accent}}}\n" if ACCENT.fullmatch(site.accent) else ""
    return answer_public(
        request,
        rule.encode(),
        content_type="text/css; charset=utf-8",
        seconds=ACCENT_SECONDS,
        made_of=MadeOf(site.id),
    )
