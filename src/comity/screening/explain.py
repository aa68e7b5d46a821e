"""Says in six languages what was seen and what follows: to the author, to a moderator, to the log.

Sentences are made from findings and rules only, never from the text, so that they can be stored and sent.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from comity.screening.house_rules import HouseRule, HouseRules, in_language
from comity.screening.types import Decision, Field, Finding, Outcome

__all__ = ["category_name", "for_author", "for_log", "for_moderator"]


@cache
def _tables() -> dict[str, dict[str, Any]]:
    text = resources.files("comity.screening").joinpath("data/explanations.toml").read_text("utf-8")
    return tomllib.loads(text)


def _table(language: str) -> dict[str, Any]:
    tables = _tables()
    return tables.get(language) or tables.get(language.split("-")[0]) or tables["en"]


def category_name(category: str, language: str) -> str:
    """What a category of findings is called."""
    return str(_table(language)["categories"][category])


def _first_rule(decision: Decision, rules: HouseRules, outcome: str) -> HouseRule | None:
    for citation in decision.citations:
        if citation.outcome == outcome:
            return rules.rule(citation.rule_key)
    return None


def for_author(decision: Decision, rules: HouseRules, language: str) -> str:
    """What the author reads: what happened, under which rule, on which ground, and how to object."""
    table = _table(language)
    if decision.outcome is Outcome.PUBLISH:
        rule = _first_rule(decision, rules, "advise")
        if rule is None:
            return str(table["published"])
        return str(table["advise"]).format(rule=in_language(rule.title, language))
    outcome = "remove" if decision.outcome is Outcome.REMOVE else "hold"
    rule = _first_rule(decision, rules, outcome)
    if rule is None:
        return str(table["held_checks"])
    sentence = table["removed" if decision.outcome is Outcome.REMOVE else "held"]
    said = [str(sentence).format(rule=in_language(rule.title, language))]
    if decision.outcome is Outcome.REMOVE:
        reference = in_language(rule.ground.reference, language)
        said.append(str(table[f"ground_{rule.ground.kind}"]).format(reference=reference))
        said.append(str(table["contest"]))
    return " ".join(said)


def for_moderator(decision: Decision, rules: HouseRules, language: str) -> tuple[str, ...]:
    """One sentence for each rule met, for each finding, heaviest first, and for each note."""
    table = _table(language)
    findings = sorted(decision.findings, key=lambda one: (-one.score, one.category, one.detector))
    said = []
    for citation in decision.citations:
        rule = rules.rule(citation.rule_key)
        title = in_language(rule.title, language) if rule else citation.rule_key
        said.append(str(table[f"asks_{citation.outcome}"]).format(rule=title))
    said += [_finding(one, table) for one in findings]
    for note in decision.notes:
        said.append(_note(note, rules, language))
    return tuple(said) or (str(table["none"]),)


def _note(note: str, rules: HouseRules, language: str) -> str:
    table = _table(language)
    kind, _, value = note.partition(":")
    if kind == "advised":
        cited, _, changed = value.rpartition(":")
        rule = rules.rule(cited.partition("/")[0])
        title = in_language(rule.title, language) if rule else cited
        return str(table["note_advised_changed" if changed == "changed" else "note_advised"]).format(rule=title)
    key = "note_signal" if kind == "signal" else "note_failed"
    return str(table[key]).format(detector=value, evidence=_evidence(value, table))


def for_log(decision: Decision, rules: HouseRules, language: str = "en") -> str:
    """One line of codes and counts; holds no word of the text."""
    rule = f"{decision.citations[0].rule_key}/{decision.citations[0].rule_version}" if decision.citations else "-"
    sentence: str = _table(language)["log"]
    return sentence.format(
        outcome=decision.outcome.value,
        rule=rule,
        findings=len(decision.findings),
        version=f"{decision.engine_version}, {rules.version}",
    )


def _evidence(seen: str, table: dict[str, Any]) -> str:
    """What a detector's code means; words of the text and codes of other packages stand as they are."""
    return str(table["evidence"].get(seen, seen))


def _finding(finding: Finding, table: dict[str, Any]) -> str:
    where = ""
    if finding.field is Field.AUTHOR_NAME:
        where = table["where_name"]
    elif finding.field is Field.AUTHOR_WEBSITE:
        where = table["where_website"]
    elif finding.spans:
        where = str(table["where_text"]).format(words=len(finding.spans))
    seen = [_evidence(one, table) for one in finding.evidence]
    evidence = str(table["because"]).format(evidence=", ".join(seen)) if seen else ""
    sentence: str = table["finding"]
    return sentence.format(
        category=table["categories"][finding.category],
        score=round(finding.score * 100),
        detector=table["detectors"].get(finding.detector, finding.detector),
        where=where,
        evidence=evidence,
    )
