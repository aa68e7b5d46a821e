"""What the steps of the record for authorities are called, in the language in force."""

from __future__ import annotations

from django.utils.translation import gettext as _

from comity.queries.preservation import StepShape
from comity.rules.preservation import PreservationStep

__all__ = ["step_text"]


def step_text(step: StepShape) -> str:
    """What was done."""
    match step.step:
        case PreservationStep.PRESERVED:
            return _("Put aside") if step.by else _("Put aside before an erasure")
        case PreservationStep.EXPORTED:
            return _("Taken out, with who reported") if step.with_reporters else _("Taken out, without who reported")
        case PreservationStep.TOLD:
            return _("Authority told")
        case PreservationStep.RELEASED:
            return _("What was put aside is let go")
