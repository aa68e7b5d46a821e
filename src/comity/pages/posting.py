"""Posting a comment or a reply by plain form, and seeing beforehand what it will look like."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse

from comity.actions.comments import post_comment, preview_text
from comity.pages.forms import ADVICE_FIELD, HONEYPOT, form_context, show_form
from comity.pages.own import show_own
from comity.queries.comments import read_comment
from comity.queries.shapes import CommentShape, StoryShape
from comity.queries.stories import find_story
from comity.rules.advice import AdviceGiven
from comity.rules.limits import Purpose
from comity.rules.posting import check_parent, check_story_open
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.stream.layout import render_public
from comity.stream.visits import Visit, page
from comity.web import throttle, tokens
from comity.web.actors import idempotency_key
from comity.web.answers import see_other
from comity.web.bodies import body_digest, read_form
from comity.web.catch import refusal_of

__all__ = ["post", "preview", "reply"]

_NO_FORM = frozenset({RefusalCode.CROSS_SITE_POST, RefusalCode.PARENT_UNKNOWN, RefusalCode.COMMENT_UNKNOWN})
"""Refusals that sending the same form again cannot mend."""


@page("GET", "POST")
def post(visit: Visit, key: str) -> HttpResponse:
    """Post a comment; a GET, such as a reload after a refusal, leads back to the conversation."""
    if not visit.is_post:
        return see_other(visit.address("thread", key=key))
    form = read_form(visit.request)
    return _post(visit, key, form=form, parent_id=None)


@page("GET", "POST")
def reply(visit: Visit, comment_id: int) -> HttpResponse:
    """The form for a reply, or posting it."""
    if visit.is_post:
        form = read_form(visit.request)
        found = read_comment(site=visit.site, comment_id=comment_id, now=visit.now)
        return _post(visit, found.story.key, form=form, parent_id=comment_id)
    found = read_comment(site=visit.site, comment_id=comment_id, now=visit.now)
    check_story_open(found.story.state)
    check_parent(status=found.comment.status)
    context = {**form_context(visit, found.story, answered=found.comment), "no_index": True}
    return render_public(visit.request, "comity/write.html", context, site=visit.site, language=visit.language)


def _post(visit: Visit, key: str, *, form: Mapping[str, str], parent_id: int | None) -> HttpResponse:
    try:
        actor = visit.actor()
        throttle.spend(Purpose.POST, actor)
        posted = post_comment(
            actor=actor,
            site=visit.site,
            story_key=key,
            story_url=form.get("story_url", ""),
            text=form.get("text", ""),
            author_name=form.get("author_name", ""),
            author_email=form.get("author_email", ""),
            author_website=form.get("author_website", ""),
            parent_id=parent_id,
            honeypot=form.get(HONEYPOT, ""),
            advice_token=form.get(ADVICE_FIELD, ""),
            idempotency_key=idempotency_key(visit.request),
            body_digest=body_digest(visit.request),
            now=visit.now,
            language=visit.language,
        )
    except Exception as error:  # noqa: BLE001 - whatever failed, the form comes back with what was typed
        return _give_back(visit, key, form=form, parent_id=parent_id, refusal=refusal_of(error))
    done = posted.own.status.value
    if visit.is_embedded:
        return show_own(visit, key, comment_id=posted.own.comment.id, done=done)
    query = {"comment": str(posted.own.comment.id), "done": done}
    response = see_other(visit.address("mine", query=query, key=key))
    tokens.set_cookie(visit.request, response, visit.site, posted.device_token)
    return response


def _give_back(
    visit: Visit, key: str, *, form: Mapping[str, str], parent_id: int | None, refusal: Refusal
) -> HttpResponse:
    """The form with what was typed and the reason; should even that fail, the refusal's own page has the text."""
    if refusal.code in _NO_FORM or HTTP_STATUS[refusal.code] >= 500:
        raise refusal
    story, answered = _place_of(visit, key, parent_id)
    if isinstance(refusal, AdviceGiven):  # not a refusal to the author: the form comes back as a page, with the advice
        return show_form(visit, form_context(visit, story, answered=answered, values=form, advice=refusal.advice))
    context = form_context(visit, story, answered=answered, values=form, refusal=refusal)
    return show_form(visit, context, refusal=refusal)


def _place_of(visit: Visit, key: str, parent_id: int | None) -> tuple[StoryShape, CommentShape | None]:
    if parent_id is None:
        return find_story(site=visit.site, key=key, now=visit.now), None
    found = read_comment(site=visit.site, comment_id=parent_id, now=visit.now)
    return found.story, found.comment


@page("GET", "POST")
def preview(visit: Visit, key: str) -> HttpResponse:
    """What a text would be shown as, above the form that it was written in. Writes nothing."""
    if not visit.is_post:
        return see_other(visit.address("thread", key=key))
    form = read_form(visit.request)
    asked = form.get("parent_id", "")
    parent_id = int(asked) if asked.isdecimal() and len(asked) < 20 else None
    html, refusal = "", None
    try:
        throttle.spend(Purpose.PREVIEW, visit.actor())
        html = preview_text(site=visit.site, text=form.get("text", ""), is_reply=parent_id is not None)
    except Refusal as refused:
        if refused.code in _NO_FORM:
            raise
        refusal = refused
    story, answered = _place_of(visit, key, parent_id)
    if story.key != key:
        raise Refusal(RefusalCode.PARENT_UNKNOWN, field="parent_id")
    context = form_context(visit, story, answered=answered, values=form, refusal=refusal)
    return show_form(visit, {**context, "preview_html": html}, refusal=refusal)
