"""Reporting a comment without signing in, and the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from comity.actions.reports import file_report
from comity.pages.linked import show_by_link
from comity.queries.comments import read_comment
from comity.queries.reports import gathered, read_receipt
from comity.rules.limits import Purpose
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.rules.reports import EXPLANATION_MAXIMUM, EXPLANATION_MINIMUM, check_notice
from comity.stream.layout import render_private, render_public
from comity.stream.report_words import reason_choices
from comity.stream.visits import Visit, page
from comity.web import throttle
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence, status_of

__all__ = ["receipt", "report"]

_FIELDS = frozenset({"reason", "explanation", "reporter_name", "reporter_email", "good_faith"})


@page("GET", "POST")
def report(visit: Visit, comment_id: int) -> HttpResponse:
    """The form, the same for everybody, or sending it."""
    if not visit.is_post:
        context = _context(visit, comment_id, values={}, refusal=None)
        return render_public(visit.request, "comity/report.html", context, site=visit.site, language=visit.language)
    form = read_form(visit.request)
    try:
        actor = visit.actor()
        notice = check_notice(
            reason=form.get("reason", ""),
            explanation=form.get("explanation", ""),
            name=form.get("reporter_name", ""),
            email=form.get("reporter_email", ""),
            good_faith=bool(form.get("good_faith")),
        )
        known = gathered(actor=actor, site=visit.site, comment_id=comment_id, notice=notice)
        if known.receipt is None:
            throttle.spend(Purpose.REPORT, actor)
        filed = file_report(
            actor=actor, site=visit.site, comment_id=comment_id, notice=notice, known=known, now=visit.now
        )
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] in {403, 404, 500, 503} or refusal.code is RefusalCode.REPORT_NOT_PUBLISHED:
            raise
        return _form(visit, comment_id, values=form, refusal=refusal)
    return see_other(visit.address("receipt", token=filed.token))


def _context(visit: Visit, comment_id: int, *, values: Mapping[str, str], refusal: Refusal | None) -> dict[str, Any]:
    found = read_comment(site=visit.site, comment_id=comment_id, now=visit.now)
    if not found.comment.is_published:
        raise Refusal(RefusalCode.REPORT_NOT_PUBLISHED)
    in_field = refusal is not None and refusal.field in _FIELDS
    return {
        "story": found.story,
        "comment": found.comment,
        "reasons": reason_choices(),
        "values": dict(values),
        "errors": {refusal.field: sentence(refusal)} if refusal is not None and in_field else {},
        "refusal_sentence": sentence(refusal) if refusal is not None and not in_field else "",
        "minimum": EXPLANATION_MINIMUM,
        "maximum": EXPLANATION_MAXIMUM,
        "action": visit.address("report", comment_id=comment_id),
        "back_address": visit.conversation_address(found.story, comment_id),
        "no_index": True,
    }


def _form(visit: Visit, comment_id: int, *, values: Mapping[str, str], refusal: Refusal) -> HttpResponse:
    response = render_private(
        visit.request,
        "comity/report.html",
        _context(visit, comment_id, values=values, refusal=refusal),
        site=visit.site,
        language=visit.language,
        status=status_of(refusal),
    )
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


@page("GET")
def receipt(visit: Visit, token: str) -> HttpResponse:
    """That a report was received, whether machines take part, and what came of it."""
    found = read_receipt(site=visit.site, token=token, now=visit.now)
    context = {"found": found, "story_address": visit.address("thread", key=found.story_key)}
    return show_by_link(visit, "comity/receipt.html", context)
