"""Coded words never decide alone; beside other evidence they lift it."""

from __future__ import annotations

from comity.screening.detectors.watch import CEILING, WatchDetector
from comity.screening.house_rules import shipped
from comity.screening.policy import decide
from comity.screening.types import Finding, Outcome
from tests.screening.screened import found_by, screen

KINDS = {"watch": "watch", "other": "model"}


def test_coded_words_are_seen_and_published() -> None:
    text = "Les mondialistes de Rothschild, Soros, les globalistes et le peuple élu : goyim, 1488"
    (finding,) = [one for one in found_by(WatchDetector(), text) if one.category == "antisemitism"]
    assert finding.score <= CEILING
    assert len(finding.spans) > 3
    assert screen(text).outcome == "publish"


def test_they_lift_other_evidence() -> None:
    watched = Finding("racism", CEILING, "watch")
    unsure = Finding("racism", 0.55, "other")
    rules = shipped()
    assert decide([watched], rules, KINDS, False)[0] is Outcome.PUBLISH
    assert decide([unsure], rules, KINDS, False)[0] is Outcome.PUBLISH
    assert decide([watched, unsure], rules, KINDS, False)[0] is Outcome.HOLD
