"""The line: prepare, run every detector, let the rules decide.

The same submission with the same rules gives the same decision: no clock, no network, no chance. A detector that
fails, or lacks what it needs, makes a person look: nothing fails open in silence. Back ends, off unless the caller
gives some, are asked after the line and can only add findings.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from time import perf_counter
from typing import cast

from comity.screening.backends.asking import BackEnd, BackEndUnavailable
from comity.screening.catalogue import default_detectors
from comity.screening.detectors.learned import LearnedDetector
from comity.screening.detectors.values import ValuesDetector
from comity.screening.house_rules import CATEGORIES, HouseRules
from comity.screening.learning import SiteHead
from comity.screening.metrics import Metrics
from comity.screening.normalise import PreparedText, prepare
from comity.screening.policy import OWN_WORDS, decide
from comity.screening.scoring import HEADS, by_category, order, scores_of
from comity.screening.types import Decision, Detector, Field, Finding, Reading, ReadsMany, Submission
from comity.screening.versions import ENGINE_VERSION

__all__ = ["HEADS", "Engine"]

logger = logging.getLogger(__name__)

_RULE_SETS_REMEMBERED = 64
_AT_ONCE = 64
"""Texts read together."""


@dataclass(slots=True)
class _Read:
    """One submission on its way through the line."""

    submission: Submission
    text: PreparedText
    findings: list[Finding] = dataclass_field(default_factory=list)
    notes: set[str] = dataclass_field(default_factory=set)
    scores: Mapping[str, float] = dataclass_field(default_factory=dict)


class Engine:
    """Screens submissions; safe to share between threads, cheap to keep."""

    def __init__(
        self,
        detectors: Sequence[Detector] | None = None,
        *,
        site_head: Callable[[], SiteHead | None] | None = None,
        back_ends: Sequence[BackEnd] = (),
        metrics: Metrics | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """Args:
        detectors: the shipped ones when None.
        site_head: gives the site's own head, or None while there is none; asked at each call.
        back_ends: heavier judges that the site turned on.
        metrics: where to count what detectors cost; its own when None.
        clock: seconds that only grow, for the metrics: no decision depends on it.
        """
        self.metrics = metrics or Metrics()
        self._clock = clock
        self.detectors: tuple[Detector, ...] = tuple(default_detectors() if detectors is None else detectors)
        self._kinds = {one.name: str(getattr(one, "kind", "facts")) for one in self.detectors}
        self._readers = [cast("ReadsMany", one) for one in self.detectors if callable(getattr(one, "read_many", None))]
        self.back_ends = tuple(back_ends)
        self._site_head = site_head
        self._reported: set[tuple[str, str]] = set()
        self._values: dict[str, tuple[ValuesDetector, ...]] = {}

    def screen(self, submission: Submission, house_rules: HouseRules) -> Decision:
        """The decision on a submission. Never raises on any text."""
        return self.judge((submission,), (house_rules,))[0][0]

    def screen_many(self, submissions: Sequence[Submission], house_rules: HouseRules) -> list[Decision]:
        """The decision on each submission: what `screen` gives one by one, in less time."""
        return [decided[0] for decided in self.judge(submissions, (house_rules,))]

    def judge(self, submissions: Sequence[Submission], rule_sets: Sequence[HouseRules]) -> list[tuple[Decision, ...]]:
        """The decision on each submission by each set of rules; every text is read once."""
        decided: list[tuple[Decision, ...]] = []
        for first in range(0, len(submissions), _AT_ONCE):
            decided += self._judge(submissions[first : first + _AT_ONCE], rule_sets)
        return decided

    def _judge(self, submissions: Sequence[Submission], rule_sets: Sequence[HouseRules]) -> list[tuple[Decision, ...]]:
        head, head_failed = self._head()
        detectors, kinds = self.detectors, self._kinds
        if head is not None:
            learned = LearnedDetector(lambda: head)
            detectors, kinds = (*detectors, learned), {**kinds, learned.name: learned.kind}
        took: list[tuple[str, float, int]] = []
        read = [_Read(one, prepare(one.text, one.language)) for one in submissions]
        ahead = {one.name: self._read_ahead(one, read, took) for one in self._readers}
        decided: list[tuple[Decision, ...]] = []
        for number, one in enumerate(read):
            if head_failed:
                one.notes.add("detector_failed:site_head")
            others = self._other_fields(one.submission)
            began = self._clock()
            for detector in detectors:
                if (readings := ahead.get(detector.name)) is not None:
                    self._take(detector, readings[number], one)
                    began = self._clock()
                    continue
                self._run_on(detector, one, others)
                ended = self._clock()
                took.append((detector.name, ended - began, 1))
                began = ended
            decided.append(tuple(self._decide(one, rules, others, kinds, head) for rules in rule_sets))
        self.metrics.add(took)
        return decided

    def _run_on(self, detector: Detector, one: _Read, others: Sequence[tuple[Field, PreparedText]]) -> None:
        one.findings += self._run(detector, one.text, one.submission, Field.TEXT, one.notes)
        if others and getattr(detector, "reads_names", False):
            for field, other in others:
                one.findings += self._run(detector, other, one.submission, field, one.notes)

    def _read_ahead(
        self, detector: ReadsMany, read: Sequence[_Read], took: list[tuple[str, float, int]]
    ) -> list[Reading | None]:
        """A detector's reading of each text; None where it could not."""
        began = self._clock()
        try:
            readings: list[Reading | None] = list(detector.read_many([one.text for one in read]))
        except Exception as error:  # noqa: BLE001 - whatever a detector raises, a person looks at the comment
            if len(read) > 1:  # one text's fault is not the others'
                return [reading for one in read for reading in self._read_ahead(detector, [one], took)]
            self._report(detector.name, error)
            readings = [None]
        took.append((detector.name, self._clock() - began, len(read)))
        return readings

    def _take(self, detector: Detector, reading: Reading | None, one: _Read) -> None:
        if reading is None:
            one.notes.add(f"detector_failed:{detector.name}")
            return
        one.scores = dict(reading.scores)
        one.findings += self._sound(detector, reading.findings, one.text, one.notes)

    def _decide(
        self,
        one: _Read,
        house_rules: HouseRules,
        others: Sequence[tuple[Field, PreparedText]],
        kinds: Mapping[str, str],
        head: SiteHead | None,
    ) -> Decision:
        text = one.text
        values = self._values_of(house_rules)
        if values or self.back_ends:
            one = replace(one, findings=list(one.findings), notes=set(one.notes))
            kinds = {**kinds, **{detector.name: detector.kind for detector in values}}
            for detector in values:
                self._run_on(detector, one, others)
            one.findings += self._ask(one.submission, house_rules, one.findings, kinds, one.notes)
        findings = sorted(one.findings, key=order)
        if not any(finding.category == "hate" for finding in findings):
            findings = [finding for finding in findings if kinds.get(finding.detector) != "mention"]
        failed = any(note.startswith(("detector_failed:", "back_end_needed:")) for note in one.notes)
        outcome, citations = decide(findings, house_rules, kinds, failed, head.taught if head else None)
        return Decision(
            outcome=outcome,
            language=text.language,
            findings=tuple(findings),
            citations=citations,
            scores=scores_of(findings, one.scores),
            notes=tuple(sorted({*one.notes, *(f"signal:{signal}" for signal in text.signals)})),
            engine_version=f"{ENGINE_VERSION}+site.{head.version}" if head else ENGINE_VERSION,
        )

    def _other_fields(self, submission: Submission) -> list[tuple[Field, PreparedText]]:
        if not (submission.author_name or submission.author_website):
            return []
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
        if not found:
            return found
        sound = self._sound(detector, found, text, notes)
        return sound if field is Field.TEXT else [replace(finding, field=field) for finding in sound]

    def _sound(
        self, detector: Detector, found: Sequence[Finding], text: PreparedText, notes: set[str]
    ) -> list[Finding]:
        sound = [finding for finding in found if _is_sound(finding, text)]
        if len(sound) < len(found):
            notes.add(f"detector_failed:{detector.name}")
        return sound

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
        scores: Mapping[str, float] = by_category(findings)
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
