"""Asking the editor for a right of reply, and the receipt."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse

from comity.actions.replies import request_reply
from comity.pages.linked import show_by_link
from comity.queries.replies import read_reply
from comity.queries.stories import find_story
from comity.rules.limits import Purpose
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.rules.replies import check_reply_draft
from comity.stream.layout import render_private, render_public
from comity.stream.visits import Visit, page
from comity.web import throttle
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence, status_of

__all__ = ["reply_receipt", "right_of_reply"]

_FIELDS = frozenset({"name", "email", "passage", "reply"})


@page("GET", "POST")
def right_of_reply(visit: Visit, key: str) -> HttpResponse:
    """The form, the same for everybody, or sending it."""
    if not visit.is_post:
        return render_public(
            visit.request,
            "comity/right_of_reply.html",
            _context(visit, key, values={}, refusal=None),
            site=visit.site,
            language=visit.language,
        )
    form = read_form(visit.request)
    try:
        throttle.spend(Purpose.REPORT, visit.actor())
        draft = check_reply_draft(
            name=form.get("name", ""),
            email=form.get("email", ""),
            passage=form.get("passage", ""),
            reply=form.get("reply", ""),
        )
        token = request_reply(site=visit.site, story_key=key, draft=draft, now=visit.now)
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] in {403, 404, 500, 503}:
            raise
        response = render_private(
            visit.request,
            "comity/right_of_reply.html",
            _context(visit, key, values=form, refusal=refusal),
            site=visit.site,
            language=visit.language,
            status=status_of(refusal),
        )
        if refusal.retry_after is not None:
            response["Retry-After"] = str(refusal.retry_after)
        return response
    return see_other(visit.address("reply-receipt", token=token))


def _context(visit: Visit, key: str, *, values: Mapping[str, str], refusal: Refusal | None) -> dict[str, object]:
    story = find_story(site=visit.site, key=key, now=visit.now)
    if story.id is None:
        raise Refusal(RefusalCode.STORY_UNKNOWN)
    in_field = refusal is not None and refusal.field in _FIELDS
    return {
        "story": story,
        "values": dict(values),
        "errors": {refusal.field: sentence(refusal)} if refusal is not None and in_field else {},
        "refusal_sentence": sentence(refusal) if refusal is not None and not in_field else "",
        "action": visit.address("right-of-reply", key=key),
        "back_address": visit.conversation_address(story),
        "no_index": True,
    }


@page("GET")
def reply_receipt(visit: Visit, token: str) -> HttpResponse:
    """That a request was received, and the editor's answer."""
    found = read_reply(site=visit.site, token=token, now=visit.now)
    return show_by_link(visit, "comity/reply_receipt.html", {"found": found})
