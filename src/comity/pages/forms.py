"""The form in which a comment is written: on a page of its own, with what was typed and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.queries.house_rules import rules_of
from comity.queries.shapes import CommentShape, StoryShape
from comity.rules.advice import Advice
from comity.rules.refusals import Refusal
from comity.screening.house_rules import sentence as rules_sentence_of
from comity.stream.layout import render_private
from comity.stream.visits import Visit
from comity.web.problems import sentence, status_of

__all__ = ["ADVICE_FIELD", "HONEYPOT", "WRITTEN_FIELDS", "form_context", "reasons_address", "show_form"]

WRITTEN_FIELDS = ("text", "author_name", "author_email", "author_website", "story_url")
"""What a reader types; each can carry an error of its own."""
HONEYPOT = "homepage"
"""The field that no person sees."""
ADVICE_FIELD = "advice_token"
"""The hidden field that proves the author was advised."""


def form_context(
    visit: Visit,
    story: StoryShape,
    *,
    answered: CommentShape | None = None,
    values: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    advice: Advice | None = None,
) -> dict[str, Any]:
    """What the form's template needs to write a comment, or a reply to `answered`."""
    site = visit.site
    is_reply = answered is not None
    errors = {}
    if refusal is not None and refusal.field in WRITTEN_FIELDS:
        errors[refusal.field] = sentence(refusal)
    return {
        "story": story,
        "answered": answered,
        "heading": _("Reply") if is_reply else _("Join the conversation"),
        "form_name": str(answered.id) if answered is not None else "root",
        "is_reply": is_reply,
        "parent_id": answered.id if answered is not None else None,
        "asks_story_url": story.id is None,
        "minimum": site.reply_minimum if is_reply else site.comment_minimum,
        "maximum": site.reply_maximum if is_reply else site.comment_maximum,
        "values": dict(values or {}),
        "advice": advice,
        "advice_token": advice.token if advice is not None else (values or {}).get(ADVICE_FIELD, ""),
        "errors": errors,
        "refusal_sentence": sentence(refusal) if refusal is not None and not errors else "",
        "reasons_address": reasons_address(visit, refusal),
        "rules_sentence": rules_sentence_of(rules_of(site.id), visit.language),
        "action": visit.address("reply", comment_id=answered.id)
        if answered is not None
        else visit.address("post", key=story.key),
        "preview_action": visit.address("preview", key=story.key),
        "back_address": visit.conversation_address(story, answered.id if answered is not None else None),
    }


def reasons_address(visit: Visit, refusal: Refusal | None) -> str:
    """Where the author reads why they may not comment; empty where that is not what was refused."""
    token = refusal.details.get("statement_token") if refusal is not None else None
    return visit.address("reasons", token=str(token)) if token is not None else ""


def show_form(visit: Visit, context: Mapping[str, Any], *, refusal: Refusal | None = None) -> HttpResponse:
    """The form's page; with the refusal's status when there was one."""
    response = render_private(
        visit.request,
        "comity/write.html",
        context,
        site=visit.site,
        language=visit.language,
        status=status_of(refusal) if refusal is not None else 200,
    )
    if refusal is not None and refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response
