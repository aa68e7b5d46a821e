"""Requests for a right of reply, and the editor's answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.actions.replies import answer_reply
from comity.desk.access import desk_page
from comity.desk.answers import desk_answer
from comity.queries.replies import reply_requests
from comity.rules.actors import Actor
from comity.rules.permissions import Permission
from comity.rules.refusals import HTTP_STATUS, Refusal
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence

__all__ = ["answer", "replies"]


@desk_page("GET", permission=Permission.SEE_REPORTERS)
def replies(visit: Visit, actor: Actor) -> HttpResponse:
    """What waits, oldest first."""
    return _answer(visit, actor)


@desk_page("POST", permission=Permission.SEE_REPORTERS)
def answer(visit: Visit, actor: Actor, request_id: int) -> HttpResponse:
    """Answer one request."""
    said = read_form(visit.request).get("answer", "")
    try:
        answer_reply(actor=actor, site=visit.site, request_id=request_id, answer=said, now=visit.now)
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] in {401, 403, 404, 500, 503}:
            raise
        return _answer(visit, actor, request_id=request_id, said=said, refusal=refusal)
    return see_other(visit.address("desk-replies", query={"done": "answered"}))


def _answer(
    visit: Visit, actor: Actor, *, request_id: int = 0, said: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    context = {
        "requests": reply_requests(site=visit.site, actor=actor),
        "refused_id": request_id,
        "said": said,
        "refusal_sentence": sentence(refusal) if refusal is not None else "",
        "notice": _("The answer stands on the request’s page.") if visit.request.GET.get("done") == "answered" else "",
        "desk_place": "replies",
    }
    return desk_answer(visit, actor, "comity/desk/replies.html", context, refusal=refusal)
