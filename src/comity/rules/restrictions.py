"""What may be decided on an author rather than on a comment: visibility, suspension, ban."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["LIFT", "RESTRICTION_OUTCOMES", "RestrictionKind", "check_terms", "strongest"]

DAYS_MAXIMUM = 3650
LIFT = "lift"
"""The outcome of a decision that takes a restriction back."""


class RestrictionKind(StrEnum):
    """How far an author is restricted, the mildest first; the outcome of the decision that does it."""

    LIMIT = "limit"
    """Limited visibility: what they write waits until the newsroom has read it."""
    SUSPEND = "suspend"
    """They may not comment until a day."""
    BAN = "ban"
    """They may not comment, without a day."""


RESTRICTION_OUTCOMES = frozenset({*(each.value for each in RestrictionKind), LIFT})
"""Outcomes that say nothing of the comment that the decision was taken from."""
_ORDER = tuple(RestrictionKind)


def strongest(kinds: Iterable[RestrictionKind]) -> RestrictionKind | None:
    """The one of several restrictions that is felt."""
    return max(kinds, key=_ORDER.index, default=None)


def check_terms(kind: str, *, days: int | None, now: datetime) -> tuple[RestrictionKind, datetime | None]:
    """The kind, and until when.

    Args:
        days: needed for a suspension, possible for limited visibility, without meaning for a ban.

    Raises:
        Refusal: `field_invalid`: no such kind; `restriction_days_missing`: no number of days from 1 to 3650.
    """
    try:
        wanted = RestrictionKind(kind)
    except ValueError:
        raise Refusal(RefusalCode.FIELD_INVALID, field="kind") from None
    if wanted is RestrictionKind.BAN or (days is None and wanted is RestrictionKind.LIMIT):
        return wanted, None
    if days is None or not 1 <= days <= DAYS_MAXIMUM:
        raise Refusal(RefusalCode.RESTRICTION_DAYS_MISSING, field="days", limit=DAYS_MAXIMUM)
    return wanted, now + timedelta(days=days)
