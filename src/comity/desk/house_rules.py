"""The site's house rules: how each stands, the form that saves a new version, and the versions there were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from comity.actions.house_rules import NOTE_MAXIMUM, edit_house_rule
from comity.actions.screener import RulesTrial, try_rules
from comity.desk.access import desk_page
from comity.desk.answers import desk_answer
from comity.desk.moments import as_typed, moment_of
from comity.desk.rule_forms import document_of, empty_values, values_of
from comity.queries.comments import comments_since
from comity.queries.house_rules import rule_states, rule_versions, rules_of
from comity.rules.actors import Actor
from comity.rules.languages import SPOKEN
from comity.rules.permissions import Permission
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.screening.explain import category_name
from comity.screening.house_rules import (
    CATEGORIES,
    OUTCOMES,
    HouseRule,
    HouseRules,
    HouseRulesError,
    in_language,
    with_overrides,
)
from comity.screening.house_rules import sentence as rules_sentence_of
from comity.stream.visits import Visit
from comity.web.answers import see_other
from comity.web.bodies import read_form
from comity.web.problems import sentence

__all__ = ["edit_rule", "new_rule", "rule_history", "rules", "switch_rule"]

TRIED_AT_ONCE = 200
"""Comments on which a draft is tried while somebody waits: seconds of work. More is for the command line."""
TRIED_DAYS = 30


def _done(word: str) -> str:
    match word:
        case "saved":
            return _("The new version is saved.")
        case "imported":
            return _("What differs is saved in new versions.")
        case "same":
            return _("Nothing differs from the rules in force.")
        case "contacts":
            return _("The contact points are saved.")
        case _:
            return ""


@desk_page("GET", permission=Permission.EDIT_RULES)
def rules(visit: Visit, actor: Actor) -> HttpResponse:
    """Every rule with its state, and the sentence that stands above the form."""
    states = rule_states(site=visit.site, now=visit.now)
    context = {
        "states": [(each, in_language(each.rule.title, visit.language)) for each in states],
        "rules_sentence": rules_sentence_of(rules_of(visit.site.id, now=visit.now), visit.language),
        "has_contacts": bool(visit.site.readers_contact and visit.site.authorities_contact),
        "notice": _done(visit.request.GET.get("done", "")),
        "desk_place": "rules",
    }
    return desk_answer(visit, actor, "comity/desk/rules.html", context)


@desk_page("GET", "POST", permission=Permission.EDIT_RULES)
def new_rule(visit: Visit, actor: Actor) -> HttpResponse:
    """An empty form, or saving the first version of a rule."""
    if visit.is_post:
        return _save(visit, actor, base=None)
    return _form(visit, actor, values=empty_values(), base=None)


@desk_page("GET", "POST", permission=Permission.EDIT_RULES)
def edit_rule(visit: Visit, actor: Actor, key: str) -> HttpResponse:
    """The form with the newest version, or saving the next."""
    newest = rule_versions(site=visit.site, key=key)[0]
    if visit.is_post:
        return _save(visit, actor, base=newest.rule)
    values = values_of(newest.rule)
    begins = newest.in_force_from
    if begins is not None and begins > visit.now:
        values["in_force_from"] = as_typed(begins)
        return _form(visit, actor, values=values, base=newest.rule, more={"coming_from": begins})
    return _form(visit, actor, values=values, base=newest.rule)


@desk_page("GET", permission=Permission.EDIT_RULES)
def rule_history(visit: Visit, actor: Actor, key: str) -> HttpResponse:
    """Every version, newest first, with what each changed."""
    versions = rule_versions(site=visit.site, key=key)
    in_force = rules_of(visit.site.id, now=visit.now).rule(key)
    context = {
        "key": key,
        "title": in_language(versions[0].rule.title, visit.language),
        "versions": versions,
        "version_in_force": in_force.version if in_force is not None else 0,
        "desk_place": "rules",
    }
    return desk_answer(visit, actor, "comity/desk/rule_versions.html", context)


@desk_page("POST", permission=Permission.EDIT_RULES)
def switch_rule(visit: Visit, actor: Actor, key: str) -> HttpResponse:
    """Switch a rule on or off: a new version like any other, with its note. A version whose time has not come would be
    overtaken by it, so that is for the form."""
    form = read_form(visit.request)
    in_force = rules_of(visit.site.id, now=visit.now).rule(key)
    if in_force is None:
        raise Refusal(RefusalCode.RULE_UNKNOWN)
    switched_on = form.get("enabled", "") == "yes"
    edit_house_rule(
        actor=actor,
        site=visit.site,
        document={**in_force.to_document(), "enabled": switched_on},
        note=_("Switched on") if switched_on else _("Switched off"),
        in_force_from=None,
        expected_version=_number(form.get("base_version", "")),
        now=visit.now,
    )
    return see_other(visit.address("desk-rules", query={"done": "saved"}))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _complaints() -> dict[str, str]:
    """What is said beside a field that the rule's own check refuses."""
    by_language = _("Please fill this in, in one language at least.")
    return {
        "key": _("Up to 64 letters, digits, hyphens or underscores."),
        "title": by_language,
        "text": by_language,
        "ground": by_language,
        "sentence": _("Please fill this in: the rule is to stand in the notice above the form."),
        "categories": _("Please choose one at least."),
        "also": _("Categories by their keys, with commas between them."),
        "outcome": _("Please choose one."),
        "thresholds": _("Please give one score at least, from 0 to 1."),
        "needs": _("One group of kinds a line, such as words|statement."),
        "caps": _("One a line, such as model = 0.7."),
        "alone": _("One a line, such as model = 0.7."),
    }


def _save(visit: Visit, actor: Actor, *, base: HouseRule | None) -> HttpResponse:
    form = read_form(visit.request)
    try:
        rule = HouseRule.from_document(document_of(form, base=base))
        begins = moment_of(form, "in_force_from")
        if "preview" in form or "try" in form:
            more = _preview(visit, rule) | (_trial(visit, rule) if "try" in form else {})
            return _form(visit, actor, values=form, base=base, more=more)
        edit_house_rule(
            actor=actor,
            site=visit.site,
            document=rule.to_document(),
            note=form.get("note", ""),
            in_force_from=begins,
            expected_version=_number(form.get("base_version", "")),
            now=visit.now,
        )
    except HouseRulesError as error:
        field = error.reason.partition(":")[0].partition(".")[0]
        errors = {field: _complaints().get(field, error.reason)}
        return _form(visit, actor, values=form, base=base, errors=errors, refusal=Refusal(RefusalCode.FIELD_INVALID))
    except Refusal as refusal:
        if HTTP_STATUS[refusal.code] in {401, 403, 404, 500, 503}:
            raise
        if refusal.code is RefusalCode.RULE_OUTDATED and base is not None:
            # What was typed stays; saving it again comes after the version that is now linked beside it.
            form["base_version"] = str(base.version)
        errors = {refusal.field: sentence(refusal)} if refusal.field in {"note", "in_force_from"} else {}
        return _form(visit, actor, values=form, base=base, errors=errors, refusal=refusal)
    return see_other(visit.address("desk-rules", query={"done": "saved"}))


def _preview(visit: Visit, rule: HouseRule) -> dict[str, Any]:
    """The sentence above the form as it would be, in every language."""
    wanted = with_overrides(rules_of(visit.site.id, now=visit.now), [rule])
    return {"sentences": [(code, name, rules_sentence_of(wanted, code)) for code, name in SPOKEN.items()]}


def _trial(visit: Visit, rule: HouseRule) -> dict[str, Any]:
    since = visit.now - timedelta(days=TRIED_DAYS)
    waiting = comments_since(site=visit.site, since=since)
    if waiting > TRIED_AT_ONCE:
        return {"trial_too_many": waiting}
    trial = try_rules(site=visit.site, draft=HouseRules((rule,), "draft"), since=since, now=visit.now)
    return {
        "trial": trial,
        "trial_outcomes": [(before, after, count) for (before, after), count in sorted(trial.outcomes.items())],
        "trial_cited": _cited(trial, rule.key),
        "trial_mild": [
            (outcome, trial.mild_now.get((rule.key, outcome), 0), trial.mild.get((rule.key, outcome), 0))
            for outcome in ("mark", "advise")
            if rule.thresholds.get(outcome) is not None or trial.mild_now.get((rule.key, outcome), 0)
        ],
    }


def _cited(trial: RulesTrial, key: str) -> tuple[int, int]:
    return trial.cited_now.get(key, 0), trial.cited.get(key, 0)


def _form(
    visit: Visit,
    actor: Actor,
    *,
    values: Mapping[str, str],
    base: HouseRule | None,
    errors: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    asked = {name: value for name, value in values.items() if name != "csrfmiddlewaretoken"}
    languages = sorted(SPOKEN.items(), key=lambda each: each[0] != visit.site.language)
    wrong_texts = {"title", "text", "ground", "sentence"} & set(errors or {})
    context = {
        "values": {"base_version": str(base.version) if base is not None else "0", **asked},
        "key": base.key if base is not None else "",
        "title": in_language(base.title, visit.language) if base is not None else "",
        "action": visit.address("desk-rule", key=base.key) if base is not None else visit.address("desk-rule-new"),
        "languages": [
            {
                "code": code,
                "name": name,
                "is_open": code == visit.site.language,
                "texts": {each: asked.get(f"{each}_{code}", "") for each in ("title", "text", "sentence", "reference")},
                "errors": errors if wrong_texts and code == visit.site.language else {},
            }
            for code, name in languages
        ],
        "categories": [
            (each, category_name(each, visit.language), bool(asked.get(f"category_{each}"))) for each in CATEGORIES
        ],
        "thresholds": [(each, asked.get(f"threshold_{each}", "")) for each in OUTCOMES],
        "outcomes": OUTCOMES,
        "note_maximum": NOTE_MAXIMUM,
        "now_typed": as_typed(visit.now),
        "errors": dict(errors or {}),
        "refusal_sentence": (_("Please look at what is marked below.") if errors else sentence(refusal))
        if refusal is not None
        else "",
        "desk_place": "rules",
        **(more or {}),
    }
    return desk_answer(visit, actor, "comity/desk/rule_form.html", context, refusal=refusal)
