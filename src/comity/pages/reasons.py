"""The private page with the statement of reasons, opened by its token alone, and the appeal from it."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.utils import translation

from comity.actions.appeals import file_appeal
from comity.pages.linked import show_by_link
from comity.queries.reasons import StatementShape, read_statement
from comity.rules.appeals import APPEAL_TEXT_MAXIMUM, APPEAL_TEXT_MINIMUM
from comity.rules.limits import Purpose
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.stream.visits import Visit, page
from comity.web import throttle
from comity.web.actors import link_holder
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence
from comity.web.sites import asked_language

__all__ = ["appeal", "reasons"]


@page("GET")
def reasons(visit: Visit, token: str) -> HttpResponse:
    """What was decided on one's comment and why, how to object, and what came of it."""
    found = read_statement(site=visit.site, token=token, now=visit.now)
    return _answer(visit, token, found)


@page("GET", "POST")
def appeal(visit: Visit, token: str) -> HttpResponse:
    """File the appeal; a GET, such as a reload, leads back to the statement."""
    if not visit.is_post:
        return see_other(visit.address("reasons", token=token))
    text = read_form(visit.request).get("text", "")
    try:
        actor = link_holder(visit.request, visit.site, now=visit.now)
        throttle.spend(Purpose.LINK, actor)
        file_appeal(site=visit.site, token=token, text=text, network_digest=actor.network_digest, now=visit.now)
    except Refusal as refusal:
        if refusal.code in {RefusalCode.LINK_INVALID, RefusalCode.LINK_EXPIRED} or HTTP_STATUS[refusal.code] >= 500:
            raise
        found = read_statement(site=visit.site, token=token, now=visit.now)
        return _answer(visit, token, found, text=text, refusal=refusal)
    return see_other(visit.address("reasons", token=token) + "#appeal")


def _answer(
    visit: Visit, token: str, found: StatementShape, *, text: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    if asked_language(visit.request) is None:  # whoever wrote in a language reads it: the form speaks it as well
        visit = replace(visit, language=found.language)
    with translation.override(visit.language):
        return _page(visit, token, found, text=text, refusal=refusal)


def _page(visit: Visit, token: str, found: StatementShape, *, text: str, refusal: Refusal | None) -> HttpResponse:
    in_text = refusal is not None and refusal.field == "text"
    context = {
        "found": found,
        "statement": found.statement,
        "action": visit.address("appeal", token=token),
        "story_address": visit.address("thread", key=found.story_key),
        "values": {"text": text},
        "errors": {"text": sentence(refusal)} if refusal is not None and in_text else {},
        "refusal_sentence": sentence(refusal) if refusal is not None and not in_text else "",
        "minimum": APPEAL_TEXT_MINIMUM,
        "maximum": APPEAL_TEXT_MAXIMUM,
    }
    return show_by_link(visit, "comity/reasons.html", context, refusal=refusal)
