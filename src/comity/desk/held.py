"""Comments that wait for a person, and the decision on one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.actions.marks import take_mark_off
from comity.actions.moderation import decide_comment
from comity.desk.access import desk_page
from comity.queries.comments import held_comments, read_comment, revisions
from comity.queries.house_rules import rules_of
from comity.queries.marks import marked_comments, marked_count
from comity.rules.actors import Actor
from comity.rules.permissions import Permission
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.transitions import TRANSITIONS, Move
from comity.screening.house_rules import in_language
from comity.stream.layout import render_private
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form

__all__ = ["comment", "decide", "held", "marked", "rule_choices", "seen"]

HELD_SHOWN = 50


def rule_choices(visit: Visit) -> list[tuple[str, str]]:
    """Keys and titles of the rules that a removal may cite."""
    rules = rules_of(visit.site.id).rules
    return [(rule.key, in_language(rule.title, visit.language)) for rule in rules if rule.enabled]


def _done(word: str) -> str:
    match word:
        case "publish":
            return _("The comment is published.")
        case "remove":
            return _("The comment is removed.")
        case "seen":
            return _("The mark is taken off; the comment stands.")
        case "hold":
            return _("The comment waits among those held.")
        case _:
            return ""


def _answer(visit: Visit, actor: Actor, template: str, context: dict[str, Any]) -> HttpResponse:
    return render_private(
        visit.request,
        template,
        {"actor": actor, "notice": _done(visit.request.GET.get("done", "")), **context},
        site=visit.site,
        language=visit.language,
        with_token=True,
    )


@desk_page("GET", permission=Permission.MODERATE)
def held(visit: Visit, actor: Actor) -> HttpResponse:
    """What waits, oldest first."""
    asked = visit.request.GET.get("comment", "")
    if asked.isdecimal() and len(asked) < 20:
        return see_other(visit.address("desk-comment", comment_id=int(asked)))
    context = {
        "held": held_comments(site=visit.site, language=visit.language, limit=HELD_SHOWN),
        "rules": rule_choices(visit),
        "marked": marked_count(site=visit.site),
        "desk_place": "held",
    }
    return _answer(visit, actor, "comity/desk/held.html", context)


@desk_page("GET", permission=Permission.MODERATE)
def marked(visit: Visit, actor: Actor) -> HttpResponse:
    """What is published and marked by a house rule, longest marked first."""
    context = {
        "held": marked_comments(site=visit.site, language=visit.language, limit=HELD_SHOWN),
        "rules": rule_choices(visit),
        "desk_place": "held",
    }
    return _answer(visit, actor, "comity/desk/marked.html", context)


@desk_page("POST", permission=Permission.MODERATE)
def seen(visit: Visit, actor: Actor, comment_id: int) -> HttpResponse:
    """Take a mark off."""
    take_mark_off(actor=actor, site=visit.site, comment_id=comment_id, now=visit.now)
    return see_other(visit.address("desk-marked", query={"done": "seen"}))


@desk_page("GET", permission=Permission.MODERATE)
def comment(visit: Visit, actor: Actor, comment_id: int) -> HttpResponse:
    """A comment that readers can see, with its earlier wordings and what may be done to it."""
    found = read_comment(site=visit.site, comment_id=comment_id, now=visit.now)
    context = {
        "comment": found.comment,
        "story": found.story,
        "revisions": revisions(site=visit.site, comment_id=comment_id),
        "moves": [move.value for move in Move if (found.comment.status, move) in TRANSITIONS],
        "rules": rule_choices(visit),
        "desk_place": "held",
    }
    return _answer(visit, actor, "comity/desk/comment.html", context)


@desk_page("POST", permission=Permission.MODERATE)
def decide(visit: Visit, actor: Actor, comment_id: int) -> HttpResponse:
    """Publish, hold or remove."""
    form = read_form(visit.request)
    try:
        move = Move(form.get("move", ""))
    except ValueError:
        raise Refusal(RefusalCode.FIELD_INVALID, field="move") from None
    decide_comment(
        actor=actor,
        site=visit.site,
        comment_id=comment_id,
        move=move,
        rule_key=form.get("rule_key", ""),
        seen=form.get("seen", ""),
        now=visit.now,
    )
    return see_other(visit.address("desk", query={"done": move.value}))
