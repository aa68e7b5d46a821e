"""Restricting the author of a comment, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.actions.restrictions import lift_restriction, restrict_author
from comity.desk.access import desk_page
from comity.desk.answers import desk_answer
from comity.desk.held import rule_choices
from comity.queries.comments import comment_for_staff
from comity.queries.restrictions import author_of
from comity.rules.actors import Actor
from comity.rules.permissions import Permission
from comity.rules.refusals import HTTP_STATUS, Refusal
from comity.rules.restrictions import RestrictionKind
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence

__all__ = ["author", "lift"]

_FIELDS = frozenset({"days", "reason", "rule_key", "kind"})


def _kind_text(kind: RestrictionKind) -> str:
    match kind:
        case RestrictionKind.LIMIT:
            return _("Read before they appear (limited visibility)")
        case RestrictionKind.SUSPEND:
            return _("Suspended for some days")
        case RestrictionKind.BAN:
            return _("Banned")


def _done(word: str) -> str:
    match word:
        case "restricted":
            return _("The author is restricted, and can read why and object.")
        case "lifted":
            return _("The restriction is taken back.")
        case _:
            return ""


@desk_page("GET", "POST", permission=Permission.MODERATE)
def author(visit: Visit, actor: Actor, comment_id: int) -> HttpResponse:
    """What restricts a comment's author, and the form that restricts them; or doing it."""
    if not visit.is_post:
        return _page(visit, actor, comment_id)
    form = read_form(visit.request)
    days = form.get("days", "").strip()
    try:
        restrict_author(
            actor=actor,
            site=visit.site,
            comment_id=comment_id,
            kind=form.get("kind", ""),
            days=(int(days) if days.isdecimal() and len(days) < 6 else 0) if days else None,
            rule_key=form.get("rule_key", ""),
            reason=form.get("reason", ""),
            now=visit.now,
        )
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] != 422:
            raise
        return _page(visit, actor, comment_id, values=form, refusal=refusal)
    return see_other(visit.address("desk-author", query={"done": "restricted"}, comment_id=comment_id))


@desk_page("POST", permission=Permission.MODERATE)
def lift(visit: Visit, actor: Actor, comment_id: int, restriction_id: int) -> HttpResponse:
    """Take a restriction back."""
    lift_restriction(actor=actor, site=visit.site, restriction_id=restriction_id, now=visit.now)
    return see_other(visit.address("desk-author", query={"done": "lifted"}, comment_id=comment_id))


def _page(
    visit: Visit,
    actor: Actor,
    comment_id: int,
    *,
    values: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    found = author_of(site=visit.site, comment_id=comment_id, now=visit.now)
    in_field = refusal is not None and refusal.field in _FIELDS
    context = {
        "comment": comment_for_staff(site=visit.site, comment_id=comment_id),
        "author": found,
        "restrictions": [(each, _kind_text(each.kind)) for each in found.restrictions],
        "kinds": [(each.value, _kind_text(each)) for each in RestrictionKind],
        "rules": rule_choices(visit),
        "values": dict(values or {"kind": RestrictionKind.LIMIT.value}),
        "errors": {refusal.field: sentence(refusal)} if refusal is not None and in_field else {},
        "refusal_sentence": sentence(refusal) if refusal is not None and not in_field else "",
        "notice": _done(visit.request.GET.get("done", "")),
        "desk_place": "held",
    }
    return desk_answer(visit, actor, "comity/desk/author.html", context, refusal=refusal)
