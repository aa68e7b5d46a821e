"""Reports: for which reasons, and what each asks of whoever reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from comity.rules.posting import check_email, check_name
from comity.rules.refusals import Refusal, RefusalCode
from comity.text import plain

__all__ = ["CaseState", "Notice", "ReportReason", "check_notice"]

EXPLANATION_MINIMUM = 20
"""Characters that a notice of illegal content must explain itself in."""
EXPLANATION_MAXIMUM = 3000
KEPT_REPORTS_MAXIMUM = 200
"""Reports of one case that are kept word for word; more are counted. A notice of illegal content, or of danger, is
always kept: it has legal effect, and names its sender."""


class ReportReason(StrEnum):
    """Why a comment is reported."""

    HATE = "hate"
    INSULT = "insult"
    THREAT = "threat"
    PERSONAL_DATA = "personal_data"
    SPAM = "spam"
    OTHER = "other"
    ILLEGAL = "illegal"
    """Illegal content, with everything that article 16 of the DSA asks of a notice."""
    CHILD_ABUSE = "child_abuse"
    """Sexual abuse of minors: the law spares whoever reports it name and address."""
    DANGER = "danger"
    """Somebody's life or safety is in danger."""


class CaseState(StrEnum):
    """How far the reports of a comment have got."""

    OPEN = "open"
    REMOVED = "removed"
    KEPT = "kept"


_EXPLAINED = frozenset({ReportReason.ILLEGAL, ReportReason.CHILD_ABUSE, ReportReason.DANGER})
_SIGNED = frozenset({ReportReason.ILLEGAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A report, cleaned."""

    reason: ReportReason
    explanation: str
    name: str
    email: str
    good_faith: bool

    @property
    def is_kept(self) -> bool:
        """Whether it is kept word for word however many there are."""
        return self.reason in _EXPLAINED

    @property
    def is_urgent(self) -> bool:
        """Whether somebody is in danger."""
        return self.reason is ReportReason.DANGER


def check_notice(*, reason: str, explanation: str, name: str, email: str, good_faith: bool) -> Notice:
    """The report, cleaned.

    Raises:
        Refusal: `report_reason_missing`, `report_explanation_missing` (also one too short), `text_too_long`,
            `name_missing` and `email_missing` (illegal content only), `name_too_long`, `name_invalid`,
            `email_invalid`, `report_good_faith_missing` (illegal content only).
    """
    try:
        why = ReportReason(reason)
    except ValueError:
        raise Refusal(RefusalCode.REPORT_REASON_MISSING, field="reason") from None
    if len(explanation) > 4 * EXPLANATION_MAXIMUM:
        raise Refusal(
            RefusalCode.TEXT_TOO_LONG, field="explanation", limit=EXPLANATION_MAXIMUM, length=len(explanation)
        )
    cleaned = plain.clean(explanation)
    if len(cleaned) > EXPLANATION_MAXIMUM:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field="explanation", limit=EXPLANATION_MAXIMUM, length=len(cleaned))
    if why in _EXPLAINED and len(cleaned) < EXPLANATION_MINIMUM:
        raise Refusal(RefusalCode.REPORT_EXPLANATION_MISSING, field="explanation", limit=EXPLANATION_MINIMUM)
    signed = why in _SIGNED
    if signed and not good_faith:
        raise Refusal(RefusalCode.REPORT_GOOD_FAITH_MISSING, field="good_faith")
    return Notice(
        reason=why,
        explanation=cleaned,
        name=check_name(name, field="reporter_name") if signed or name.strip() else "",
        email=check_email(email, "required" if signed else "optional", field="reporter_email"),
        good_faith=good_faith,
    )
