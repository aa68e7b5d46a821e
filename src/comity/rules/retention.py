"""How long what is kept, by class of data, and what is replaced by a tombstone thereafter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from comity.rules.appeals import appeal_until

__all__ = ["DataClass", "cutoffs"]

_APPEAL_AT_MOST = timedelta(days=184)
"""Six months are never longer; see `rules.appeals.appeal_until`."""


class DataClass(StrEnum):
    """A class of data that has a period of its own: the setting `retention_<class>_days`."""

    DETAILS = "details"
    """Findings, citations and notes of decisions, and the salts that tie them to the chain."""
    EVIDENCE = "evidence"
    """The author's words that detectors named."""
    REVISIONS = "revisions"
    """Earlier wordings of comments."""
    NETWORKS = "networks"
    """Digests of the networks that appeals came from."""
    REPORTERS = "reporters"
    """Names and addresses of who reported or asked for a right of reply, once it is answered."""
    ADDRESSES = "addresses"
    """E-mail addresses that guests gave with comments."""


_APPEALABLE = frozenset({DataClass.DETAILS, DataClass.EVIDENCE})


def cutoffs(periods: Mapping[DataClass, int], *, now: datetime) -> dict[DataClass, datetime]:
    """The moment before which each class of data has served its time.

    What a decision rests on is kept as long as the decision can be appealed, whatever the period.

    Args:
        periods: days; 0 keeps the class for good, and it is then absent from the answer.
    """
    found = {}
    for each, days in periods.items():
        if days <= 0:
            continue
        before = now - timedelta(days=days)
        if each in _APPEALABLE and appeal_until(before) > now:
            before = now - _APPEAL_AT_MOST
        found[each] = before
    return found
