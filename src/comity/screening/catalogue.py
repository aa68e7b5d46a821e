"""The detectors, in one ordered tuple. The order is for people: the result does not depend on it.

Other packages add theirs by the entry point `comity.detectors`: a name, and a callable without arguments that gives a
`Detector`. One that cannot be made is not left out in silence: it fails on every text, and every text is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module

from comity.screening.detectors.bare_link import BareLinkDetector
from comity.screening.detectors.contacts import ContactsDetector
from comity.screening.detectors.defamation import DefamationDetector
from comity.screening.detectors.honeypot import HoneypotDetector
from comity.screening.detectors.lexicon import LexiconDetector
from comity.screening.detectors.links import LinksDetector
from comity.screening.detectors.mentions import MentionsDetector
from comity.screening.detectors.near_duplicates import NearDuplicatesDetector
from comity.screening.detectors.personal_data import PersonalDataDetector
from comity.screening.detectors.repetition import RepetitionDetector
from comity.screening.detectors.statements import StatementsDetector
from comity.screening.detectors.watch import WatchDetector
from comity.screening.normalise import PreparedText
from comity.screening.types import Detector, Finding, Submission

__all__ = ["FACTORIES", "default_detectors", "third_party_detectors"]

FACTORIES: tuple[Callable[[], Detector], ...] = (
    LexiconDetector,
    StatementsDetector,
    WatchDetector,
    MentionsDetector,
    DefamationDetector,
    PersonalDataDetector,
    LinksDetector,
    BareLinkDetector,
    ContactsDetector,
    NearDuplicatesDetector,
    RepetitionDetector,
    HoneypotDetector,
)

_MODEL = "comity.screening.detectors.model"


def _model_detectors() -> tuple[Detector, ...]:
    """The trained model's detector, last; numpy and its weights wait for the first text.

    Without its weights it fails on every text, so that every text is held.
    """
    made: Detector = import_module(_MODEL).ModelDetector()
    return (made,)


class DetectorMissingError(RuntimeError):
    """A detector that a package announced could not be made."""


class MissingDetector:
    """Stands where a detector should be; fails on every text, so that every text is held and the desk says why."""

    version = "missing"

    def __init__(self, name: str) -> None:
        self.name = name

    def find(self, _text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """Never finds.

        Raises:
            DetectorMissingError: always.
        """
        raise DetectorMissingError(self.name)


def default_detectors(*, model: bool = True) -> tuple[Detector, ...]:
    """Fresh instances of every shipped detector, then of those that other packages add.

    Args:
        model: whether the trained model is among them.
    """
    trained = _model_detectors() if model else ()
    return (*(factory() for factory in FACTORIES), *trained, *third_party_detectors())


@cache
def third_party_detectors() -> tuple[Detector, ...]:
    """The detectors of the entry point `comity.detectors`, by name."""
    from importlib.metadata import entry_points  # slow to import, and needed once

    found: list[Detector] = []
    for entry in sorted(entry_points(group="comity.detectors"), key=lambda one: one.name):
        try:
            made = entry.load()()
        except Exception:  # noqa: BLE001 - whatever a foreign package raises, its detector counts as missing
            made = MissingDetector(entry.name)
        found.append(made if callable(getattr(made, "find", None)) else MissingDetector(entry.name))
    return tuple(found)
