"""House rules as TOML on the desk: written out, compared, taken in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from comity.actions.house_rules import NOTE_MAXIMUM, edit_house_rules
from comity.desk.access import desk_page
from comity.desk.answers import desk_answer
from comity.desk.moments import moment_of
from comity.queries.house_rules import rules_of
from comity.rules.actors import Actor
from comity.rules.permissions import Permission
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.screening.house_rules import HouseRules, HouseRulesError, parse
from comity.screening.house_rules_writing import rule_changes, write_file
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.etags import answer_private
from comity.web.problems import sentence

__all__ = ["export_rules", "import_rules"]


@desk_page("GET", permission=Permission.EDIT_RULES)
def export_rules(visit: Visit, actor: Actor) -> HttpResponse:  # noqa: ARG001 - the signature of all pages of the desk
    """The rules in force as a file."""
    body = write_file(rules_of(visit.site.id, now=visit.now)).encode()
    response = answer_private(body, content_type="application/toml")
    response["Content-Disposition"] = f'attachment; filename="{visit.site.key}-house-rules.toml"'
    return response


@desk_page("GET", "POST", permission=Permission.EDIT_RULES)
def import_rules(visit: Visit, actor: Actor) -> HttpResponse:
    """A field for the file's text; comparing it with the rules in force, or saving what differs."""
    if not visit.is_post:
        return _form(visit, actor, values={})
    form = read_form(visit.request)
    try:
        rules = _read(form.get("rules", ""))
        begins = moment_of(form, "in_force_from")
        if "compare" in form:
            changes = rule_changes(rules_of(visit.site.id, now=visit.now), rules)
            return _form(visit, actor, values=form, more={"changes": changes, "compared": True})
        saved = edit_house_rules(
            actor=actor, site=visit.site, rules=rules, note=form.get("note", ""), in_force_from=begins, now=visit.now
        )
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] in {401, 403, 404, 500, 503}:
            raise
        return _form(visit, actor, values=form, refusal=refusal)
    return see_other(visit.address("desk-rules", query={"done": "imported" if saved else "same"}))


def _read(text: str) -> HouseRules:
    try:
        return parse(text)
    except HouseRulesError as error:
        # The reason is the file's own language: names of fields, and what TOML calls what is wrong.
        raise Refusal(RefusalCode.RULES_UNREADABLE, field="rules", line=error.line, reason=error.reason) from None


def _form(
    visit: Visit,
    actor: Actor,
    *,
    values: Mapping[str, str],
    refusal: Refusal | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    field = refusal.field if refusal is not None else None
    context = {
        "values": dict(values),
        "errors": {field: sentence(refusal)} if refusal is not None and field else {},
        "refusal_sentence": sentence(refusal) if refusal is not None and not field else "",
        "note_maximum": NOTE_MAXIMUM,
        "action": visit.address("desk-rules-import"),
        "desk_place": "rules",
        **(more or {}),
    }
    return desk_answer(visit, actor, "comity/desk/rules_import.html", context, refusal=refusal)
