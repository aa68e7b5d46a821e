"""What the rules make of the findings. Never sees text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.screening.house_rules import OUTCOMES, HouseRule, HouseRules, OutcomeWord
from comity.screening.types import Citation, Finding, Outcome

__all__ = ["DECISIONS_BEFORE_VALUES_REMOVE", "OWN_WORDS", "decide"]

DECISIONS_BEFORE_VALUES_REMOVE = 30
"""Human decisions that must have taught a values rule before it may do more than hold."""

OWN_WORDS = "rule_"
"""What the name of the detector of a rule's own words begins with; the rule's key follows."""
_AGREE = 0.6
"""Least score with which one kind of evidence agrees with another that a machine may remove."""
_BESIDE = 0.4
"""Least score with which one kind of evidence stands beside another."""
_SURE = 0.9
"""Score from which hostile words beside a group agree as well, in whatever form they stand."""
_CAPS = {"watch": 0.45}
"""Where a rule says nothing else: coded words stay under every hold."""
_WATCH_NEEDS = 0.45
_WATCH_ADDS = 0.1


def decide(
    findings: Sequence[Finding],
    house_rules: HouseRules,
    kinds: Mapping[str, str],
    failed: bool,
    taught: Mapping[str, int] | None = None,
) -> tuple[Outcome, tuple[Citation, ...]]:
    """The outcome, and the rules met, strictest first.

    Args:
        findings: all that the detectors saw.
        house_rules: the site's rules.
        kinds: detector name -> kind of its evidence, one of `house_rules.EVIDENCE_KINDS`.
        failed: a detector could not run: somebody must look.
        taught: category -> human decisions that taught it on this site.
    """
    if not findings:
        return (Outcome.HOLD if failed else Outcome.PUBLISH), ()
    citations: list[tuple[int, float, int, int, Citation]] = []
    for place, rule in enumerate(house_rules.rules):
        if not rule.enabled:
            continue
        met = _judge(rule, findings, kinds, taught or {})
        if met is not None:
            asked, score, indexes = met
            citation = Citation(rule.key, rule.version, asked, indexes)
            citations.append((OUTCOMES.index(asked), -score, -len(indexes), place, citation))
    citations.sort(key=lambda one: one[:4])
    outcome = Outcome.PUBLISH
    if citations and citations[0][4].outcome == "remove":
        outcome = Outcome.REMOVE
    elif failed or any(one[4].outcome == "hold" for one in citations):
        outcome = Outcome.HOLD
    return outcome, tuple(one[4] for one in citations)


def _judge(
    rule: HouseRule, findings: Sequence[Finding], kinds: Mapping[str, str], taught: Mapping[str, int]
) -> tuple[OutcomeWord, float, tuple[int, ...]] | None:
    """What one rule asks for, its score and the findings that it rests on."""
    weighed: list[tuple[int, float, str]] = []
    also = rule.also if any(finding.category in rule.categories for finding in findings) else ()
    for index, finding in enumerate(findings):
        if finding.detector.startswith(OWN_WORDS) and finding.detector != f"{OWN_WORDS}{rule.key}":
            continue  # another rule's own words and examples, which speak for that rule alone
        if finding.category in rule.categories or finding.category in also:
            kind = kinds.get(finding.detector, "facts")
            weighed.append((index, min(finding.score, rule.caps.get(kind, _CAPS.get(kind, 1.0))), kind))
    if not weighed:
        return None
    score = _score(weighed)
    indexes = tuple(index for index, weight, _ in weighed if weight > 0)
    strictest = _strictest(rule, taught)
    for asked in OUTCOMES[OUTCOMES.index(strictest) :]:
        threshold = rule.thresholds.get(asked)
        if threshold is None or score < threshold:
            continue
        if asked == "remove" and not _agree(rule, weighed, score):
            continue
        # Advice stops somebody who writes: a doubt that stands alone is not enough for it either.
        if asked != "mark" and not _stands(rule, weighed, threshold):
            continue
        return asked, score, indexes
    if score >= rule.thresholds.get("remove", 2.0) and _stands(rule, weighed, rule.thresholds.get("hold", 1.0)):
        return "hold", score, indexes  # sure but alone: a person decides
    return None


def _score(weighed: Sequence[tuple[int, float, str]]) -> float:
    """The heaviest evidence; coded words lift it only where it is an even chance or so, and they stand beside."""
    score = max((weight for _, weight, kind in weighed if kind != "watch"), default=0.0)
    watched = max((weight for _, weight, kind in weighed if kind == "watch"), default=0.0)
    if watched >= _BESIDE and score >= _WATCH_NEEDS:
        return min(1.0, score + _WATCH_ADDS)
    return max(score, watched)


def _stands(rule: HouseRule, weighed: Sequence[tuple[int, float, str]], threshold: float) -> bool:
    """Whether some evidence reaches what it needs: less where another kind stands beside it, more where it is alone."""
    kinds = {kind for _, weight, kind in weighed if weight >= _BESIDE}
    if len(kinds) > 1:
        return True
    return any(weight >= max(threshold, rule.alone.get(kind, 0.0)) for _, weight, kind in weighed)


def _strictest(rule: HouseRule, taught: Mapping[str, int]) -> OutcomeWord:
    """The strictest outcome that the rule may ask for now: a values rule only holds until people taught it."""
    if rule.outcome == "remove" and "values" in rule.categories:
        decisions = min(taught.get(category, 0) for category in rule.categories)
        if decisions < DECISIONS_BEFORE_VALUES_REMOVE:
            return "hold"
    return rule.outcome


def _agree(rule: HouseRule, weighed: Sequence[tuple[int, float, str]], score: float) -> bool:
    """Whether each group of evidence that the rule needs is there."""
    least = {"mention": _BESIDE if score >= _SURE else _AGREE}
    return all(
        any(kind in group.split("|") and weight >= least.get(kind, _AGREE) for _, weight, kind in weighed)
        for group in rule.needs
    )
