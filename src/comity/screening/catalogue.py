"""The detectors, in one ordered tuple. The order is for people: the result does not depend on it."""

from __future__ import annotations

from collections.abc import Callable

from comity.screening.detectors.honeypot import HoneypotDetector
from comity.screening.detectors.lexicon import LexiconDetector
from comity.screening.detectors.links import LinksDetector
from comity.screening.detectors.repetition import RepetitionDetector
from comity.screening.detectors.statements import StatementsDetector
from comity.screening.types import Detector

__all__ = ["FACTORIES", "default_detectors"]

FACTORIES: tuple[Callable[[], Detector], ...] = (
    LexiconDetector,
    StatementsDetector,
    LinksDetector,
    RepetitionDetector,
    HoneypotDetector,
)


def default_detectors() -> tuple[Detector, ...]:
    """Fresh instances of every shipped detector."""
    return tuple(factory() for factory in FACTORIES)
