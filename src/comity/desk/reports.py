"""Reports that wait, the decision on those of one comment, and what is put aside for authorities."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.actions.reports import decide_case, preserve_case, record_told
from comity.desk.access import desk_page
from comity.desk.answers import desk_answer
from comity.desk.held import rule_choices
from comity.queries.reports import CaseShape, open_cases, preserved_documents, read_case
from comity.rules.actors import Actor
from comity.rules.permissions import PERMISSIONS, Permission
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.report_words import reason_text
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.etags import answer_private

__all__ = ["case", "export", "preserve", "reports", "told"]


def _done(word: str) -> str:
    match word:
        case "removed":
            return _("The comment is removed; whoever reported it can read so.")
        case "kept":
            return _("The comment stands; whoever reported it can read so.")
        case "preserved":
            return _("What is known of the comment is put aside.")
        case "told":
            return _("Who was told is recorded.")
        case _:
            return ""


def _told_in_words(found: CaseShape) -> list[tuple[str, int]]:
    return [(reason_text(reason), count) for reason, count in found.reasons]


def _answer(visit: Visit, actor: Actor, template: str, context: dict[str, Any]) -> HttpResponse:
    notice = _done(visit.request.GET.get("done", ""))
    return desk_answer(visit, actor, template, {"desk_place": "reports", "notice": notice, **context})


@desk_page("GET", permission=Permission.MODERATE)
def reports(visit: Visit, actor: Actor) -> HttpResponse:
    """What waits, by comment: danger first, then the oldest."""
    cases = [(each, _told_in_words(each)) for each in open_cases(site=visit.site)]
    return _answer(visit, actor, "comity/desk/reports.html", {"cases": cases})


@desk_page("GET", "POST", permission=Permission.MODERATE)
def case(visit: Visit, actor: Actor, case_id: int) -> HttpResponse:
    """The reports of one comment, or deciding them."""
    if visit.is_post:
        form = read_form(visit.request)
        outcome = form.get("outcome", "")
        if outcome not in {"remove", "keep"}:
            raise Refusal(RefusalCode.FIELD_INVALID, field="outcome")
        state = decide_case(
            actor=actor,
            site=visit.site,
            case_id=case_id,
            remove=outcome == "remove",
            rule_key=form.get("rule_key", ""),
            now=visit.now,
        )
        return see_other(visit.address("desk-reports", query={"done": state.value}))
    found = read_case(site=visit.site, case_id=case_id, actor=actor)
    context = {
        "case": found,
        "reasons": _told_in_words(found),
        "reports": [(each, reason_text(each.reason)) for each in found.reports],
        "rules": rule_choices(visit),
        "may_see": actor.staff_role is not None and Permission.SEE_REPORTERS in PERMISSIONS[actor.staff_role],
    }
    return _answer(visit, actor, "comity/desk/case.html", context)


@desk_page("POST", permission=Permission.SEE_REPORTERS)
def preserve(visit: Visit, actor: Actor, case_id: int) -> HttpResponse:
    """Put aside what is known."""
    preserve_case(actor=actor, site=visit.site, case_id=case_id, now=visit.now)
    return see_other(visit.address("desk-case", query={"done": "preserved"}, case_id=case_id))


@desk_page("GET", permission=Permission.SEE_REPORTERS)
def export(visit: Visit, actor: Actor, case_id: int) -> HttpResponse:
    """What was put aside, as a file to hand over."""
    documents = preserved_documents(site=visit.site, case_id=case_id, actor=actor)
    body = json.dumps({"records": documents}, ensure_ascii=False, indent=2, sort_keys=True).encode()
    response = answer_private(body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="comity-case-{case_id}.json"'
    return response


@desk_page("POST", permission=Permission.SEE_REPORTERS)
def told(visit: Visit, actor: Actor, case_id: int, record_id: int) -> HttpResponse:
    """Record which authority was told."""
    said = read_form(visit.request).get("told", "")
    record_told(actor=actor, site=visit.site, record_id=record_id, told=said, now=visit.now)
    return see_other(visit.address("desk-case", query={"done": "told"}, case_id=case_id))
