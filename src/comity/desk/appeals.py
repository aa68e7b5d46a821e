"""Appeals that wait, and the answer to one."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.actions.appeals import decide_appeal
from comity.desk.access import desk_page
from comity.desk.answers import desk_answer
from comity.queries.appeals import open_appeals, read_appeal
from comity.rules.actors import Actor
from comity.rules.permissions import Permission
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence

__all__ = ["appeal", "appeals"]


def _done(word: str) -> str:
    match word:
        case "reversed":
            return _("The decision is reversed; the comment stands in its place again.")
        case "upheld":
            return _("The decision stands; the author is told why.")
        case _:
            return ""


@desk_page("GET", permission=Permission.MODERATE)
def appeals(visit: Visit, actor: Actor) -> HttpResponse:
    """What waits for an answer, those due first."""
    waiting = open_appeals(site=visit.site, actor=actor, now=visit.now, language=visit.language)
    context = {"appeals": waiting, "desk_place": "appeals", "notice": _done(visit.request.GET.get("done", ""))}
    return desk_answer(visit, actor, "comity/desk/appeals.html", context)


@desk_page("GET", "POST", permission=Permission.MODERATE)
def appeal(visit: Visit, actor: Actor, appeal_id: int) -> HttpResponse:
    """One appeal and the form that answers it, or answering it."""
    if not visit.is_post:
        return _form(visit, actor, appeal_id)
    form = read_form(visit.request)
    outcome, reason = form.get("outcome", ""), form.get("reason", "")
    if outcome not in {"reverse", "uphold"}:
        raise Refusal(RefusalCode.FIELD_INVALID, field="outcome")
    try:
        state = decide_appeal(
            actor=actor,
            site=visit.site,
            appeal_id=appeal_id,
            reverse=outcome == "reverse",
            reason=reason,
            now=visit.now,
        )
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] in {401, 404, 500, 503}:
            raise
        return _form(visit, actor, appeal_id, reason=reason, refusal=refusal)
    return see_other(visit.address("desk-appeals", query={"done": state.value}))


def _form(
    visit: Visit, actor: Actor, appeal_id: int, *, reason: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    in_reason = refusal is not None and refusal.field == "reason"
    context = {
        "appeal": read_appeal(
            site=visit.site, appeal_id=appeal_id, actor=actor, now=visit.now, language=visit.language
        ),
        "action": visit.address("desk-appeal", appeal_id=appeal_id),
        "values": {"reason": reason},
        "errors": {"reason": sentence(refusal)} if refusal is not None and in_reason else {},
        "refusal_sentence": sentence(refusal) if refusal is not None and not in_reason else "",
        "desk_place": "appeals",
    }
    return desk_answer(visit, actor, "comity/desk/appeal.html", context, refusal=refusal)
