"""Reports that wait, and the decision on those of one comment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.actions.reports import decide_case
from comity.desk.access import desk_page
from comity.desk.answers import desk_answer
from comity.desk.held import rule_choices
from comity.desk.moments import as_typed
from comity.desk.preservation_words import step_text
from comity.queries.preservation import read_preservation
from comity.queries.reports import CaseShape, danger_cases, open_cases, read_case
from comity.rules.actors import Actor
from comity.rules.permissions import PERMISSIONS, Permission
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.report_words import reason_text
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence

__all__ = ["case", "reports", "show_case"]


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
        case "released":
            return _("What was put aside is let go; the record of it stays.")
        case _:
            return ""


def _told_in_words(found: CaseShape) -> list[tuple[str, int]]:
    return [(reason_text(reason), count) for reason, count in found.reasons]


@desk_page("GET", permission=Permission.MODERATE)
def reports(visit: Visit, actor: Actor) -> HttpResponse:
    """What waits, by comment: danger first, then the oldest."""
    rights = PERMISSIONS[actor.staff_role] if actor.staff_role is not None else frozenset()
    past = Permission.PRESERVE_EVIDENCE in rights
    context = {
        "danger": danger_cases(site=visit.site, actor=actor, now=visit.now) if past else (),
        "cases": [(each, _told_in_words(each)) for each in open_cases(site=visit.site)],
        "notice": _done(visit.request.GET.get("done", "")),
        "desk_place": "reports",
    }
    return desk_answer(visit, actor, "comity/desk/reports.html", context)


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
    return show_case(visit, actor, case_id)


def show_case(
    visit: Visit,
    actor: Actor,
    case_id: int,
    *,
    values: Mapping[str, str] | None = None,
    part: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The page of a case.

    Args:
        values: what was typed into a form that was refused.
        part: which form that was: `preserve`, `told` or `release`.
    """
    found = read_case(site=visit.site, case_id=case_id, actor=actor)
    rights = PERMISSIONS[actor.staff_role] if actor.staff_role is not None else frozenset()
    context: dict[str, Any] = {
        "case": found,
        "reasons": _told_in_words(found),
        "reports": [(each, reason_text(each.reason)) for each in found.reports],
        "rules": rule_choices(visit),
        "may_see": Permission.SEE_REPORTERS in rights,
        "notice": _done(visit.request.GET.get("done", "")),
        "desk_place": "reports",
    }
    if Permission.PRESERVE_EVIDENCE in rights:
        kept = read_preservation(site=visit.site, case_id=case_id, actor=actor)
        context |= {
            "preservation": kept,
            "steps": [(each, step_text(each)) for each in kept.steps],
            "values": {"told_at": as_typed(visit.now), **(values or {})},
            "part": part,
            "errors": {f"{part}_{refusal.field}": sentence(refusal)} if refusal is not None else {},
        }
    return desk_answer(visit, actor, "comity/desk/case.html", context, refusal=refusal)
