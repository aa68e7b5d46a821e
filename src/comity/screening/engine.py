"""The line: prepare, run every detector, let the rules decide.

The same submission with the same rules gives the same decision: no clock, no network, no chance. A detector that
fails, or lacks what it needs, makes a person look: nothing fails open in silence.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from comity.screening.catalogue import default_detectors
from comity.screening.house_rules import CATEGORIES, HouseRules
from comity.screening.normalise import PreparedText, prepare
from comity.screening.policy import decide
from comity.screening.types import Decision, Detector, Field, Finding, Submission
from comity.screening.versions import ENGINE_VERSION

__all__ = ["HEADS", "Engine"]

logger = logging.getLogger(__name__)

HEADS = ("hate", "toxicity", "insult", "threat", "obscenity", "antisemitism", "spam")
_HEAD_OF = {
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


class Engine:
    """Screens submissions; safe to share between threads, cheap to keep."""

    def __init__(self, detectors: Sequence[Detector] | None = None) -> None:
        self.detectors: tuple[Detector, ...] = tuple(default_detectors() if detectors is None else detectors)
        self.kinds = {detector.name: str(getattr(detector, "kind", "facts")) for detector in self.detectors}
        self.version = ENGINE_VERSION

    def screen(self, submission: Submission, house_rules: HouseRules) -> Decision:
        """The decision on a submission. Never raises on any text."""
        findings: list[Finding] = []
        notes: set[str] = set()
        text = prepare(submission.text, submission.language)
        name = prepare(submission.author_name, submission.language) if submission.author_name else None
        for detector in self.detectors:
            self._run(detector, text, submission, Field.TEXT, findings, notes)
            if name is not None and getattr(detector, "reads_names", False):
                self._run(detector, name, submission, Field.AUTHOR_NAME, findings, notes)
        failed = any(note.startswith("detector_failed:") for note in notes)
        findings.sort(key=lambda one: (CATEGORIES.index(one.category), -one.score, one.detector, one.field, one.spans))
        outcome, citations = decide(findings, house_rules, self.kinds, failed)
        notes.update(f"signal:{signal}" for signal in text.signals)
        return Decision(
            outcome=outcome,
            language=text.language,
            findings=tuple(findings),
            citations=citations,
            scores=self._scores(findings),
            notes=tuple(sorted(notes)),
            engine_version=self.version,
        )

    def _run(
        self,
        detector: Detector,
        text: PreparedText,
        submission: Submission,
        field: Field,
        findings: list[Finding],
        notes: set[str],
    ) -> None:
        try:
            found = list(detector.find(text, submission))
        except Exception as error:  # noqa: BLE001 - whatever a detector raises, a person looks at the comment
            # The type only: a message may quote the text.
            logger.error("detector %s failed: %s", detector.name, type(error).__name__)  # noqa: TRY400 - no traceback: it may quote the text
            notes.add(f"detector_failed:{detector.name}")
            return
        for finding in found:
            if finding.category not in CATEGORIES or not 0 <= finding.score <= 1:
                notes.add(f"detector_failed:{detector.name}")
                continue
            if any(not 0 <= start <= end <= len(text.raw) for start, end in finding.spans):
                notes.add(f"detector_failed:{detector.name}")
                continue
            findings.append(finding if field is Field.TEXT else replace(finding, field=field))

    def _scores(self, findings: list[Finding]) -> dict[str, float]:
        scores = dict.fromkeys(HEADS, 0.0)
        for finding in findings:
            for head in _HEAD_OF.get(finding.category, ()):
                scores[head] = max(scores[head], finding.score)
        return scores
