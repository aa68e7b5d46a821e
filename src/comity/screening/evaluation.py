"""Compares versions of the screening on the site's own history, in shadow: nothing is decided, nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from comity.screening.types import Decision, Outcome, Submission

__all__ = ["Comparison", "Figures", "Judged", "Version", "compare"]

_AT_ONCE = 64
"""Texts judged together."""

Version = Callable[[Sequence[Submission]], Sequence[Decision]]
"""One version of the screening, its rules, its head, its detectors: a decision for each submission."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A text of the past and what people made of it in the end."""

    submission: Submission
    refused: bool
    identity: str = ""


@dataclass(slots=True)
class Figures:
    """Counts of one version's outcomes on texts that people kept and refused."""

    kept: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    refused: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))

    def add(self, judged: Judged, decision: Decision) -> None:
        """Counts one text."""
        (self.refused if judged.refused else self.kept)[decision.outcome] += 1

    @property
    def alarms(self) -> float:
        """Share of kept texts that would have been held or removed, 0 to 1."""
        return _share(self.kept[Outcome.HOLD] + self.kept[Outcome.REMOVE], sum(self.kept.values()))

    @property
    def wrong_removals(self) -> float:
        """Share of kept texts that would have been removed."""
        return _share(self.kept[Outcome.REMOVE], sum(self.kept.values()))

    @property
    def caught(self) -> float:
        """Share of refused texts that would have been held or removed."""
        return _share(self.refused[Outcome.HOLD] + self.refused[Outcome.REMOVE], sum(self.refused.values()))

    @property
    def removed(self) -> float:
        """Share of refused texts that would have been removed d'office."""
        return _share(self.refused[Outcome.REMOVE], sum(self.refused.values()))

    @property
    def precision(self) -> float:
        """Share of removals that people made too."""
        return _share(self.refused[Outcome.REMOVE], self.refused[Outcome.REMOVE] + self.kept[Outcome.REMOVE])


@dataclass(slots=True)
class Comparison:
    """Two versions on the same history."""

    one: Figures = field(default_factory=Figures)
    other: Figures = field(default_factory=Figures)
    changed: list[tuple[str, Outcome, Outcome, bool]] = field(default_factory=list)
    """(identity, first outcome, second outcome, refused by people) where the versions differ."""


def compare(history: Iterable[Judged], one: Version, other: Version | None) -> Comparison:
    """Both versions' figures and where they differ; with `other` None, only the first one's."""
    comparison = Comparison()
    left = iter(history)
    while some := list(islice(left, _AT_ONCE)):
        submissions = [judged.submission for judged in some]
        firsts = one(submissions)
        for judged, first in zip(some, firsts, strict=True):
            comparison.one.add(judged, first)
        if other is None:
            continue
        for judged, first, second in zip(some, firsts, other(submissions), strict=True):
            comparison.other.add(judged, second)
            if first.outcome is not second.outcome:
                comparison.changed.append((judged.identity, first.outcome, second.outcome, judged.refused))
    return comparison


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
