"""The newsroom's own word that somebody's life or safety is in danger, also in a comment that nobody can report."""

from __future__ import annotations

from django.http import HttpResponse

from comity.actions.reports import file_report
from comity.desk.access import desk_page
from comity.desk.answers import desk_answer
from comity.queries.comments import comment_for_staff
from comity.queries.reports import open_case_of
from comity.rules.actors import Actor
from comity.rules.permissions import Permission
from comity.rules.refusals import HTTP_STATUS, Refusal
from comity.rules.reports import ReportReason, check_notice
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence

__all__ = ["danger"]


@desk_page("GET", "POST", permission=Permission.MODERATE)
def danger(visit: Visit, actor: Actor, comment_id: int) -> HttpResponse:
    """The form, or opening the case."""
    if not visit.is_post:
        return _page(visit, actor, comment_id)
    explanation = read_form(visit.request).get("explanation", "")
    try:
        notice = check_notice(
            reason=ReportReason.DANGER.value,
            explanation=explanation,
            name=actor.staff_name,
            email="",
            good_faith=True,
        )
        file_report(actor=actor, site=visit.site, comment_id=comment_id, notice=notice, now=visit.now)
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] != 422:
            raise
        return _page(visit, actor, comment_id, explanation=explanation, refusal=refusal)
    case_id = open_case_of(site=visit.site, comment_id=comment_id)
    if case_id is None:  # somebody decided it within this moment
        return see_other(visit.address("desk-reports"))
    return see_other(visit.address("desk-case", case_id=case_id))


def _page(
    visit: Visit, actor: Actor, comment_id: int, *, explanation: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    context = {
        "comment": comment_for_staff(site=visit.site, comment_id=comment_id),
        "explanation": explanation,
        "error": sentence(refusal) if refusal is not None else "",
        "desk_place": "reports",
    }
    return desk_answer(visit, actor, "comity/desk/danger.html", context, refusal=refusal)
