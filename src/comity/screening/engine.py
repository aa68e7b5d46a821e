"""The line: prepare, run every detector, let the rules decide.

The same submission with the same rules gives the same decision: no clock, no network, no chance. A detector that
fails, or lacks what it needs, makes a person look: nothing fails open in silence. Back ends, off unless the caller
gives some, are asked after the line and can only add findings.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from comity.screening.backends.asking import BackEnd, BackEndUnavailable
from comity.screening.catalogue import default_detectors
from comity.screening.detectors.learned import LearnedDetector
from comity.screening.detectors.values import ValuesDetector
from comity.screening.house_rules import CATEGORIES, HouseRules
from comity.screening.learning import SiteHead
from comity.screening.normalise import PreparedText, prepare
from comity.screening.policy import OWN_WORDS, decide
from comity.screening.types import Decision, Detector, Field, Finding, Submission
from comity.screening.versions import ENGINE_VERSION

__all__ = ["HEADS", "Engine"]

logger = logging.getLogger(__name__)

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
_RULE_SETS_REMEMBERED = 64


class Engine:
    """Screens submissions; safe to share between threads, cheap to keep."""

    def __init__(
        self,
        detectors: Sequence[Detector] | None = None,
        *,
        site_head: Callable[[], SiteHead | None] | None = None,
        back_ends: Sequence[BackEnd] = (),
    ) -> None:
        """Args:
        detectors: the shipped ones when None.
        site_head: gives the site's own head, or None while there is none; asked for each submission.
        back_ends: heavier judges that the site turned on.
        """
        self.detectors: tuple[Detector, ...] = tuple(default_detectors() if detectors is None else detectors)
        self.back_ends = tuple(back_ends)
        self._site_head = site_head
        self._reported: set[tuple[str, str]] = set()
        self._values: dict[str, tuple[ValuesDetector, ...]] = {}

    def screen(self, submission: Submission, house_rules: HouseRules) -> Decision:
        """The decision on a submission. Never raises on any text."""
        findings: list[Finding] = []
        notes: set[str] = set()
        text = prepare(submission.text, submission.language)
        others = self._other_fields(submission)
        head, head_failed = self._head()
        if head_failed:
            notes.add("detector_failed:site_head")
        detectors = (*self.detectors, *self._values_of(house_rules))
        if head is not None:
            detectors = (*detectors, LearnedDetector(lambda: head))
        for detector in detectors:
            findings += self._run(detector, text, submission, Field.TEXT, notes)
            if getattr(detector, "reads_names", False):
                for field, other in others:
                    findings += self._run(detector, other, submission, field, notes)
        kinds = {detector.name: str(getattr(detector, "kind", "facts")) for detector in detectors}
        findings += self._ask(submission, house_rules, findings, kinds, notes)
        findings.sort(key=lambda one: (CATEGORIES.index(one.category), -one.score, one.detector, one.field, one.spans))
        if not any(finding.category == "hate" for finding in findings):
            findings = [finding for finding in findings if kinds.get(finding.detector) != "mention"]
        failed = any(note.startswith(("detector_failed:", "back_end_needed:")) for note in notes)
        outcome, citations = decide(findings, house_rules, kinds, failed, head.taught if head else None)
        notes.update(f"signal:{signal}" for signal in text.signals)
        return Decision(
            outcome=outcome,
            language=text.language,
            findings=tuple(findings),
            citations=citations,
            scores=_scores(findings),
            notes=tuple(sorted(notes)),
            engine_version=f"{ENGINE_VERSION}+site.{head.version}" if head else ENGINE_VERSION,
        )

    def _other_fields(self, submission: Submission) -> list[tuple[Field, PreparedText]]:
        fields = ((Field.AUTHOR_NAME, submission.author_name), (Field.AUTHOR_WEBSITE, submission.author_website))
        return [(field, prepare(value, submission.language)) for field, value in fields if value]

    def _head(self) -> tuple[SiteHead | None, bool]:
        if self._site_head is None:
            return None, False
        try:
            return self._site_head(), False
        except Exception as error:  # noqa: BLE001 - whatever the caller's store raises, a person looks at the comment
            self._report("site_head", error)
            return None, True

    def _report(self, name: str, error: Exception) -> None:
        """Logs each kind of failure once, without its message, which may quote the text."""
        failure = (name, type(error).__name__)
        if failure not in self._reported:
            self._reported.add(failure)
            logger.error("detector %s failed: %s; comments are held until it works", *failure)

    def _values_of(self, house_rules: HouseRules) -> tuple[ValuesDetector, ...]:
        """A detector for each rule with words or examples of its own; made once for each version of the rules."""
        made = self._values.get(house_rules.version)
        if made is None:
            made = tuple(
                ValuesDetector(
                    f"{OWN_WORDS}{rule.key}", rule.categories[0], rule.words, rule.bad_examples, rule.good_examples
                )
                for rule in house_rules.rules
                if rule.enabled and (rule.words or rule.bad_examples)
            )
            if len(self._values) >= _RULE_SETS_REMEMBERED:
                self._values.clear()
            self._values[house_rules.version] = made
        return made

    def _run(
        self, detector: Detector, text: PreparedText, submission: Submission, field: Field, notes: set[str]
    ) -> list[Finding]:
        try:
            found = list(detector.find(text, submission))
        except Exception as error:  # noqa: BLE001 - whatever a detector raises, a person looks at the comment
            self._report(detector.name, error)
            notes.add(f"detector_failed:{detector.name}")
            return []
        sound = [finding for finding in found if _is_sound(finding, text)]
        if len(sound) < len(found):
            notes.add(f"detector_failed:{detector.name}")
        return sound if field is Field.TEXT else [replace(finding, field=field) for finding in sound]

    def _ask(
        self,
        submission: Submission,
        house_rules: HouseRules,
        findings: Sequence[Finding],
        kinds: dict[str, str],
        notes: set[str],
    ) -> list[Finding]:
        """What the back ends add; one that cannot answer leaves a note, and a hold where a rule needs it."""
        added: list[Finding] = []
        scores: Mapping[str, float] = _by_category(findings)
        for back_end in self.back_ends:
            kinds[back_end.name] = "back_end"
            try:
                answer = back_end.ask(submission, scores, house_rules)
            except BackEndUnavailable as error:
                notes.add(f"back_end_unavailable:{back_end.name}:{error.code}")
                if any(
                    rule.enabled
                    and any("back_end" in group.split("|") for group in rule.needs)
                    and not back_end.categories.isdisjoint(rule.categories)
                    for rule in house_rules.rules
                ):
                    notes.add(f"back_end_needed:{back_end.name}")
                continue
            length = len(submission.text)
            added += [one for one in answer if all(0 <= start <= end <= length for start, end in one.spans)]
        return added


def _is_sound(finding: Finding, text: PreparedText) -> bool:
    return (
        finding.category in CATEGORIES
        and 0 <= finding.score <= 1
        and all(0 <= start <= end <= len(text.raw) for start, end in finding.spans)
    )


def _by_category(findings: Iterable[Finding]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for finding in findings:
        scores[finding.category] = max(scores.get(finding.category, 0.0), finding.score)
    return scores


def _scores(findings: Iterable[Finding]) -> dict[str, float]:
    scores = dict.fromkeys(HEADS, 0.0)
    for finding in findings:
        for head in _HEADS_OF.get(finding.category, ()):
            scores[head] = max(scores[head], finding.score)
    return scores
