"""Which decisions owe their author a statement of reasons."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

__all__ = ["AUTHOR_LIMITED", "RESTRICTING", "Source", "is_bulk_spam", "owes_statement"]

RESTRICTING = frozenset({"remove", "hold", "limit", "suspend", "ban"})
"""Outcomes that restrict a comment or its author."""
AUTHOR_LIMITED = "author_limited"
"""Note of a decision to hold what an author of limited visibility wrote."""
_BULK_DETECTORS = frozenset({"honeypot", "near_duplicates", "repetition"})
"""What only a machine that posts in bulk sets off: a field no person sees, the same text again and again."""


class Source(StrEnum):
    """What led to a decision."""

    MACHINE = "machine"
    """Automated means found it."""
    REPORT = "report"
    STAFF = "staff"
    """The newsroom looked of its own accord."""


def is_bulk_spam(*, outcome: str, by_machine: bool, rule_key: str, detectors: Collection[str]) -> bool:
    """Whether a removal is of deceptive commercial content sent in bulk, for which DSA article 17(2) asks no statement.

    Args:
        detectors: names of those that found spam.
    """
    return outcome == "remove" and by_machine and rule_key == "spam" and not _BULK_DETECTORS.isdisjoint(detectors)


def owes_statement(*, outcome: str, by_machine: bool, rule_key: str, detectors: Collection[str]) -> bool:
    """Whether a decision restricts the comment or its author, so that they are told why: removed, kept from readers
    while it waits, limited in visibility, suspended, banned."""
    return outcome in RESTRICTING and not is_bulk_spam(
        outcome=outcome, by_machine=by_machine, rule_key=rule_key, detectors=detectors
    )
