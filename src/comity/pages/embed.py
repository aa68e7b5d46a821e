"""Fragments that other pages embed: the thread, the counts, and the site's accent colour."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from comity.pages.threads import thread_html
from comity.queries.changes import StoryPulse
from comity.queries.stories import counts, find_story
from comity.queries.thread_changes import read_thread_changes
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.layout import ACCENT, HTML
from comity.stream.live import HOLDS, STORY_HEADER, event_of
from comity.stream.pagination import part_of, read_part
from comity.stream.thread_changes import render_changes
from comity.stream.visits import visit_of
from comity.web import cors
from comity.web.catch import answer_refusals
from comity.web.etags import MadeOf, answer_public, keep_fresh
from comity.web.problems import problem_answer
from comity.web.sites import site_of

__all__ = ["accent", "count", "live", "thread"]

KEYS_MAXIMUM = 100
SINCE_DIGITS = 18
ACCENT_SECONDS = 3600
RETRY = b"retry: 15000\n\n"
"""Where no front holds the connection, the answer ends and browsers ask again, four times a minute."""


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    response = problem_answer(request, refusal)
    cors.allow_everybody(response)
    return response


@require_safe
@answer_refusals(_refused)
def thread(request: HttpRequest) -> HttpResponse:
    """A page of a thread as its page holds it, without the frame; with `since`, what changed since that version of the
    story.

    Raises:
        Refusal: `field_invalid` for a `since` that is no version.
    """
    visit = visit_of(request)
    key = request.GET.get("key", "")
    since = request.GET.get("since")
    if since is not None:
        if not since.isascii() or not since.isdigit() or len(since) > SINCE_DIGITS:
            raise Refusal(RefusalCode.FIELD_INVALID, field="since")
        changes = read_thread_changes(site=visit.site, key=key, since=int(since), now=visit.now)
        story = changes.story
        body = render_changes(changes, site=visit.site, language=visit.language, carried=visit.carried).encode()
    else:
        part = part_of(request)
        with translation.override(visit.language):
            shown = read_part(part, site=visit.site, key=key, now=visit.now)
            body = thread_html(visit, part, shown).encode()
        story = shown.story
    made_of = MadeOf(visit.site.id, ((story.id, story.key),))
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
def live(request: HttpRequest) -> HttpResponse:
    """How far a story has got, as one server-sent event. The front keeps the connection open and sends what follows."""
    visit = visit_of(request)
    story = find_story(site=visit.site, key=request.GET.get("key", ""), now=visit.now)
    body = RETRY + event_of(StoryPulse(story.version, story.count))
    response = HttpResponse(body, content_type="text/event-stream; charset=utf-8")
    response["Cache-Control"] = "no-store"
    cors.allow_everybody(response)
    if story.id is not None and HOLDS in request.META.get("asgi.scope", {}):
        response[STORY_HEADER.decode()] = str(story.id)
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
