"""The contact points that stand on the page of the house rules (DSA articles 11 and 12)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.actions.sites import change_contacts
from comity.desk.access import desk_page
from comity.desk.answers import desk_answer
from comity.rules.actors import Actor
from comity.rules.permissions import Permission
from comity.rules.refusals import HTTP_STATUS, Refusal
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence

__all__ = ["contacts"]


@desk_page("GET", "POST", permission=Permission.EDIT_RULES)
def contacts(visit: Visit, actor: Actor) -> HttpResponse:
    """The form, or saving it."""
    site = visit.site
    if not visit.is_post:
        values = {
            "readers_contact": site.readers_contact,
            "authorities_contact": site.authorities_contact,
            "contact_languages": ", ".join(site.contact_languages),
            "readers_contact_person": "yes" if site.readers_contact_person else "",
        }
        return _form(visit, actor, values=values)
    form = read_form(visit.request)
    try:
        change_contacts(
            actor=actor,
            site=site,
            readers_contact=form.get("readers_contact", ""),
            readers_contact_person=bool(form.get("readers_contact_person")),
            authorities_contact=form.get("authorities_contact", ""),
            contact_languages=form.get("contact_languages", ""),
        )
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] in {401, 403, 404, 500, 503}:
            raise
        return _form(visit, actor, values=form, refusal=refusal)
    return see_other(visit.address("desk-rules", query={"done": "contacts"}))


def _form(visit: Visit, actor: Actor, *, values: Mapping[str, str], refusal: Refusal | None = None) -> HttpResponse:
    field = refusal.field if refusal is not None else None
    complaint = {
        "readers_contact": _("An e-mail address, or an address that begins with https://."),
        "authorities_contact": _("An e-mail address, or an address that begins with https://."),
        "contact_languages": _("Languages by their tags, such as fr, with commas between them."),
    }
    context = {
        "values": dict(values),
        "errors": {field: complaint.get(field, sentence(refusal))} if refusal is not None and field else {},
        "refusal_sentence": sentence(refusal) if refusal is not None and not field else "",
        "action": visit.address("desk-contacts"),
        "desk_place": "rules",
    }
    return desk_answer(visit, actor, "comity/desk/contacts.html", context, refusal=refusal)
