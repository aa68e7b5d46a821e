"""What the reasons of reports are called, in the language in force."""

from __future__ import annotations

from django.utils.translation import gettext as _

from comity.rules.reports import ReportReason

__all__ = ["reason_choices", "reason_text"]


def reason_text(reason: ReportReason) -> str:
    """The reason, as whoever reports chooses it."""
    match reason:
        case ReportReason.HATE:
            return _("It is racist, antisemitic or hateful")
        case ReportReason.INSULT:
            return _("It insults or harasses someone")
        case ReportReason.THREAT:
            return _("It threatens or calls for violence")
        case ReportReason.PERSONAL_DATA:
            return _("It shows someone’s private data")
        case ReportReason.SPAM:
            return _("It is advertising or spam")
        case ReportReason.OTHER:
            return _("It breaks another house rule")
        case ReportReason.ILLEGAL:
            return _("It is illegal: I give notice of it")
        case ReportReason.CHILD_ABUSE:
            return _("It shows or praises the sexual abuse of a minor")
        case ReportReason.DANGER:
            return _("Someone’s life or safety is in danger")


def reason_choices() -> list[tuple[str, str]]:
    """Every reason with its words, in the order of the form."""
    return [(reason.value, reason_text(reason)) for reason in ReportReason]
