"""Appeals: how long, by whom, how many."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from enum import StrEnum

from comity.rules.posting import check_text
from comity.rules.reasons import RESTRICTING
from comity.rules.refusals import Refusal, RefusalCode
from comity.text import plain

__all__ = [
    "AppealState",
    "appeal_until",
    "check_appeal_open",
    "check_appeal_text",
    "check_decider",
    "check_reason",
    "due_at",
    "next_reminder",
]

APPEAL_MONTHS = 6
ANSWER_WITHIN = timedelta(days=7)
REMIND_BEFORE = timedelta(days=2)
REMIND_AGAIN = timedelta(days=7)
SAME_DECIDER_AFTER = timedelta(hours=24)
OPEN_APPEALS_MAXIMUM = 5
"""Open appeals that one device, or else one network, may have at a site."""
APPEAL_TEXT_MINIMUM = 10
APPEAL_TEXT_MAXIMUM = 5000
REASON_MINIMUM = 10
REASON_MAXIMUM = 5000


class AppealState(StrEnum):
    """How far an appeal has got."""

    OPEN = "open"
    UPHELD = "upheld"
    """The decision stands."""
    REVERSED = "reversed"


def appeal_until(decided_at: datetime) -> datetime:
    """The moment from which a decision can no longer be appealed: the same day six months later, or the last day of
    that month."""
    months = decided_at.month - 1 + APPEAL_MONTHS
    year, month = decided_at.year + months // 12, months % 12 + 1
    return decided_at.replace(year=year, month=month, day=min(decided_at.day, calendar.monthrange(year, month)[1]))


def due_at(filed_at: datetime) -> datetime:
    """When an appeal should have been answered."""
    return filed_at + ANSWER_WITHIN


def next_reminder(due: datetime, *, now: datetime) -> datetime:
    """When the newsroom is next reminded of an open appeal: two days before it is due, when it is due, then weekly."""
    for moment in (due - REMIND_BEFORE, due):
        if now < moment:
            return moment
    weeks = (now - due) // REMIND_AGAIN + 1
    return due + weeks * REMIND_AGAIN


def check_reason(reason: str) -> str:
    """What an author is told, cleaned.

    Raises:
        Refusal: `reason_missing`, `text_too_long`.
    """
    if len(reason) > 4 * REASON_MAXIMUM:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field="reason", limit=REASON_MAXIMUM, length=len(reason))
    said = plain.clean(reason)
    if len(said) < REASON_MINIMUM:
        raise Refusal(RefusalCode.REASON_MISSING, field="reason", limit=REASON_MINIMUM)
    if len(said) > REASON_MAXIMUM:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field="reason", limit=REASON_MAXIMUM, length=len(said))
    return said


def check_appeal_text(text: str) -> str:
    """Why an author thinks a decision wrong, cleaned.

    Raises:
        Refusal: `text_too_short` (also an empty one), `text_too_long`.
    """
    try:
        return check_text(text, minimum=APPEAL_TEXT_MINIMUM, maximum=APPEAL_TEXT_MAXIMUM)
    except Refusal as refusal:
        if refusal.code is not RefusalCode.TEXT_EMPTY:
            raise
    raise Refusal(RefusalCode.TEXT_TOO_SHORT, field="text", limit=APPEAL_TEXT_MINIMUM, length=0)


def check_appeal_open(*, outcome: str, ends_appeal: bool, exempt: bool, decided_at: datetime, now: datetime) -> None:
    """Let an appeal against a decision pass.

    Args:
        outcome: what the decision did; whatever restricts a comment or its author can be appealed.
        ends_appeal: the decision is itself the outcome of an appeal.
        exempt: the decision goes without a statement of reasons; see `rules.reasons`.

    Raises:
        Refusal: `appeal_not_possible`, `appeal_too_late`.
    """
    if outcome not in RESTRICTING or ends_appeal or exempt:
        raise Refusal(RefusalCode.APPEAL_NOT_POSSIBLE)
    if now >= appeal_until(decided_at):
        raise Refusal(RefusalCode.APPEAL_TOO_LATE)


def check_decider(*, staff_id: int, decided_by: int | None, others: bool, filed_at: datetime, now: datetime) -> bool:
    """Let a member of staff decide an appeal.

    Args:
        decided_by: who took the decision appealed against; None for the machine.
        others: whether anybody else of the site's staff may decide it.

    Returns:
        Whether the decider is the one who took the decision, which the record then says.

    Raises:
        Refusal: `appeal_own_decision`: somebody else must decide, or 24 hours must pass where there is nobody else.
    """
    if decided_by != staff_id:
        return False
    wait = filed_at + SAME_DECIDER_AFTER - now
    if others:
        raise Refusal(RefusalCode.APPEAL_OWN_DECISION)
    if wait > timedelta(0):
        raise Refusal(RefusalCode.APPEAL_OWN_DECISION, retry_after=max(1, int(wait.total_seconds())))
    return True
