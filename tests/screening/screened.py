"""Short ways to screen one text in the tests of the engine."""

from __future__ import annotations

from typing import Any

from comity.screening import house_rules
from comity.screening.catalogue import default_detectors
from comity.screening.engine import Engine
from comity.screening.types import Decision, Detector, Finding, Submission

LINE = tuple(detector for detector in default_detectors() if detector.name != "model")
ENGINE = Engine(LINE)
"""Everything but the trained model, which has tests of its own: these tables must hold without it."""
RULES = house_rules.shipped()


def screen(text: str, **known: Any) -> Decision:
    """The decision of the line by the shipped rules."""
    return ENGINE.screen(Submission(text, **known), RULES)


def found_by(detector: Detector, text: str, **known: Any) -> list[Finding]:
    """What one detector finds."""
    from comity.screening.normalise import prepare

    submission = Submission(text, **known)
    return list(detector.find(prepare(text, submission.language), submission))


def scores_of(decision: Decision) -> dict[str, float]:
    """Category -> the heaviest finding."""
    scores: dict[str, float] = {}
    for finding in decision.findings:
        scores[finding.category] = max(scores.get(finding.category, 0.0), finding.score)
    return scores
