"""What the rules make of the findings. Never sees text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.screening.house_rules import OUTCOMES, HouseRule, HouseRules, OutcomeWord
from comity.screening.types import Citation, Finding, Outcome

__all__ = ["decide"]

_AGREE = 0.5
"""Least score with which one kind of evidence agrees with another."""


def decide(
    findings: Sequence[Finding], house_rules: HouseRules, kinds: Mapping[str, str], failed: bool
) -> tuple[Outcome, tuple[Citation, ...]]:
    """The outcome, and the rules met, strictest first.

    Args:
        findings: all that the detectors saw.
        house_rules: the site's rules.
        kinds: detector name -> kind of its evidence, one of `house_rules.EVIDENCE_KINDS`.
        failed: a detector could not run: somebody must look.
    """
    citations: list[tuple[int, float, int, Citation]] = []
    for place, rule in enumerate(house_rules.rules):
        if not rule.enabled:
            continue
        met = _judge(rule, findings, kinds)
        if met is not None:
            asked, score, indexes = met
            citation = Citation(rule.key, rule.version, asked, indexes)
            citations.append((OUTCOMES.index(asked), -score, place, citation))
    citations.sort(key=lambda one: one[:3])
    outcome = Outcome.PUBLISH
    if citations and citations[0][3].outcome == "remove":
        outcome = Outcome.REMOVE
    elif failed or any(one[3].outcome == "hold" for one in citations):
        outcome = Outcome.HOLD
    return outcome, tuple(one[3] for one in citations)


def _judge(
    rule: HouseRule, findings: Sequence[Finding], kinds: Mapping[str, str]
) -> tuple[OutcomeWord, float, tuple[int, ...]] | None:
    """What one rule asks for, its score and the findings that it rests on."""
    weighed: list[tuple[int, float, str]] = []
    for index, finding in enumerate(findings):
        if finding.category in rule.categories:
            kind = kinds.get(finding.detector, "facts")
            weighed.append((index, min(finding.score, rule.caps.get(kind, 1.0)), kind))
    if not weighed:
        return None
    score = max(one[1] for one in weighed)
    indexes = tuple(index for index, weight, _ in weighed if weight > 0)
    for asked in OUTCOMES[OUTCOMES.index(rule.outcome) :]:
        threshold = rule.thresholds.get(asked)
        if threshold is None or score < threshold:
            continue
        if asked == "remove" and not _agree(rule, weighed):
            continue
        return asked, score, indexes
    if rule.outcome == "remove" and score >= rule.thresholds.get("remove", 2.0):
        return "hold", score, indexes  # sure but alone: a person decides
    return None


def _agree(rule: HouseRule, weighed: Sequence[tuple[int, float, str]]) -> bool:
    return all(
        any(kind in group.split("|") and weight >= _AGREE for _, weight, kind in weighed) for group in rule.needs
    )
