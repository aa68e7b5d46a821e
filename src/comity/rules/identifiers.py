"""Numbers that name rows, as they come from outside."""

from __future__ import annotations

__all__ = ["is_identifier"]

_LARGEST = 2**63 - 1
"""The largest key that both databases can hold; a larger number is no key, and would be an error there."""


def is_identifier(number: int) -> bool:
    """Whether a number can be a row's key."""
    return 0 < number <= _LARGEST
