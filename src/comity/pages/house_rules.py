"""The house rules, as readers see them."""

from __future__ import annotations

from django.http import HttpResponse

from comity.queries.house_rules import rules_of
from comity.rules.contacts import contact_link
from comity.rules.languages import SPOKEN
from comity.screening.house_rules import in_language, sentence
from comity.stream.layout import render_public
from comity.stream.visits import Visit, page
from comity.web.etags import MadeOf

__all__ = ["house_rules"]


def _contact(contact: str) -> tuple[str, str] | None:
    """What is shown, and where it leads."""
    return (contact, contact_link(contact)) if contact else None


@page("GET")
def house_rules(visit: Visit) -> HttpResponse:
    """Every rule in force: its title, what it says, what it rests on; and how the newsroom is reached."""
    rules = rules_of(visit.site.id)
    context = {
        "rules_sentence": sentence(rules, visit.language),
        "rules": [
            {
                "title": in_language(rule.title, visit.language),
                "text": in_language(rule.text, visit.language),
                "ground": in_language(rule.ground.reference, visit.language),
            }
            for rule in rules.rules
            if rule.enabled
        ],
        "contacts": {
            "readers": _contact(visit.site.readers_contact),
            "authorities": _contact(visit.site.authorities_contact),
            "is_person": visit.site.readers_contact_person,
            "languages": [SPOKEN.get(tag, tag) for tag in visit.site.contact_languages],
        }
        if visit.site.readers_contact or visit.site.authorities_contact
        else None,
        "canonical": visit.address("house-rules"),
    }
    return render_public(
        visit.request,
        "comity/house_rules.html",
        context,
        site=visit.site,
        language=visit.language,
        made_of=MadeOf(visit.site.id),
    )
