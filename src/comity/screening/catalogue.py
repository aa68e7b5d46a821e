"""The detectors, in one ordered tuple. The order is for people: the result does not depend on it."""

from __future__ import annotations

from collections.abc import Callable

from comity.screening.detectors.contacts import ContactsDetector
from comity.screening.detectors.defamation import DefamationDetector
from comity.screening.detectors.honeypot import HoneypotDetector
from comity.screening.detectors.lexicon import LexiconDetector
from comity.screening.detectors.links import LinksDetector
from comity.screening.detectors.near_duplicates import NearDuplicatesDetector
from comity.screening.detectors.personal_data import PersonalDataDetector
from comity.screening.detectors.repetition import RepetitionDetector
from comity.screening.detectors.statements import StatementsDetector
from comity.screening.detectors.watch import WatchDetector
from comity.screening.types import Detector

__all__ = ["FACTORIES", "default_detectors"]

FACTORIES: tuple[Callable[[], Detector], ...] = (
    LexiconDetector,
    StatementsDetector,
    WatchDetector,
    DefamationDetector,
    PersonalDataDetector,
    LinksDetector,
    ContactsDetector,
    NearDuplicatesDetector,
    RepetitionDetector,
    HoneypotDetector,
)


def default_detectors() -> tuple[Detector, ...]:
    """Fresh instances of every shipped detector."""
    return tuple(factory() for factory in FACTORIES)
