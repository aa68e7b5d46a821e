"""House rules: what a publication accepts, on which ground, and what it takes to hold or remove.

A rule is plain values: it can be written in TOML, stored as JSON, compared and versioned. Rules never see text;
they name categories of findings and thresholds, and `policy` applies them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from comity.screening.house_rule_documents import (
    CATEGORIES,
    EVIDENCE_KINDS,
    LANGUAGES,
    OUTCOMES,
    Ground,
    HouseRule,
    HouseRules,
    HouseRulesError,
    OutcomeWord,
    digest,
)
from comity.screening.house_rules_file import read_file

__all__ = [
    "CATEGORIES",
    "EVIDENCE_KINDS",
    "LANGUAGES",
    "OUTCOMES",
    "Ground",
    "HouseRule",
    "HouseRules",
    "HouseRulesError",
    "OutcomeWord",
    "in_language",
    "parse",
    "sentence",
    "shipped",
    "values_template",
    "with_overrides",
]


@dataclass(frozen=True, slots=True)
class _SentenceForm:
    """How one language makes the notice above the form out of the rules' parts."""

    adjectives: str
    both: str
    clauses: str
    comma: str
    last: str


@cache
def _sentence_forms() -> dict[str, _SentenceForm]:
    tables = tomllib.loads(resources.files("comity.screening").joinpath("data/notice.toml").read_text("utf-8"))
    names = ("adjectives", "both", "clauses", "comma", "or")
    return {language: _SentenceForm(*(table[name] for name in names)) for language, table in tables.items()}


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, else in its base language, else in English, else the first; empty when none."""
    for tag in (language, language.split("-")[0], "en"):
        if tag in texts:
            return texts[tag]
    return next(iter(texts.values()), "")


def with_overrides(base: HouseRules, overrides: Iterable[HouseRule]) -> HouseRules:
    """The base set with rules of the same key replaced and new ones added at the end; nothing to do gives the base."""
    rules = {rule.key: rule for rule in base.rules}
    changed = False
    for rule in overrides:
        changed = changed or rules.get(rule.key) != rule
        rules[rule.key] = rule
    if not changed:
        return base
    ordered = tuple(rules.values())
    return replace(base, rules=ordered, version=f"{base.version.split('+')[0]}+{digest(ordered)}")


def parse(toml_text: str) -> HouseRules:
    """The rules in a TOML text.

    Raises:
        HouseRulesError: with the line and the reason.
    """
    return read_file(toml_text)


@cache
def shipped() -> HouseRules:
    """The rules that come with Comity, French law first, in six languages."""
    return read_file(resources.files("comity.screening").joinpath("data/house_rules.toml").read_text("utf-8"))


@cache
def values_template() -> str:
    """The TOML that an editor fills for the values of the publication."""
    return resources.files("comity.screening").joinpath("data/values_template.toml").read_text("utf-8")


def sentence(rules: HouseRules, language: str) -> str:
    """The notice above the form, out of the enabled rules that take part in it; empty when none does."""
    forms = _sentence_forms()
    tag = next((tag for tag in (language, language.split("-")[0], "en") if tag in forms), None)
    parts = [rule for rule in rules.rules if rule.enabled and rule.in_sentence]
    if tag is None or not parts:
        return ""
    form = forms[tag]
    adjectives = _join([in_language(rule.sentence, tag) for rule in parts if not rule.clause], form, tag)
    clauses = _join([in_language(rule.sentence, tag) for rule in parts if rule.clause], form, tag)
    frame = form.both if adjectives and clauses else form.adjectives if adjectives else form.clauses
    return frame.format(adjectives=adjectives, clauses=clauses)


def _join(words: list[str], form: _SentenceForm, language: str) -> str:
    if len(words) < 2:
        return "".join(words)
    last = form.last
    if language == "es" and words[-1].lower().startswith(("o", "ho")):
        last = " u "  # Spanish euphony: o becomes u before the sound o
    return form.comma.join(words[:-1]) + last + words[-1]
