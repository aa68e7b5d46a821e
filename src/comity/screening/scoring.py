"""What findings say in numbers: the order they are told in, and the score of every head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from comity.screening.house_rules import CATEGORIES
from comity.screening.types import Finding

__all__ = ["HEADS", "by_category", "order", "scores_of"]

HEADS = ("hate", "toxicity", "insult", "threat", "obscenity", "antisemitism", "spam")
_HEADS_OF = {
    "antisemitism": ("antisemitism", "hate", "toxicity"),
    "racism": ("hate", "toxicity"),
    "discrimination": ("hate", "toxicity"),
    "hate": ("hate", "toxicity"),
    "insult": ("insult", "toxicity"),
    "toxicity": ("toxicity",),
    "threat": ("threat", "toxicity"),
    "obscenity": ("obscenity", "toxicity"),
    "spam": ("spam",),
}


def by_category(findings: Iterable[Finding]) -> dict[str, float]:
    """The highest score of each category that was found."""
    scores: dict[str, float] = {}
    for finding in findings:
        scores[finding.category] = max(scores.get(finding.category, 0.0), finding.score)
    return scores


def order(finding: Finding) -> tuple[object, ...]:
    """What findings are sorted by: category, then the surest first."""
    return (CATEGORIES.index(finding.category), -finding.score, finding.detector, finding.field, finding.spans)


def scores_of(findings: Iterable[Finding], read: Mapping[str, float]) -> dict[str, float]:
    """What the trained model says of every head, however little, and what findings say beyond it."""
    scores = {head: read.get(head, 0.0) for head in HEADS}
    for finding in findings:
        for head in _HEADS_OF.get(finding.category, ()):
            scores[head] = max(scores[head], finding.score)
    return scores
