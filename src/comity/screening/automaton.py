"""One automaton that finds all of many words at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ahocorasick_rs

__all__ = ["automaton_of"]

_MANY = 20_000
"""Patterns from which a quick build is worth a slightly slower search."""


def automaton_of(patterns: list[str]) -> ahocorasick_rs.AhoCorasick | None:
    """The automaton of these patterns; None without any."""
    if not patterns:
        return None
    from ahocorasick_rs import AhoCorasick, Implementation  # the lists can be compiled where it is not installed

    kind = Implementation.ContiguousNFA if len(patterns) > _MANY else None
    return AhoCorasick(patterns, store_patterns=False, implementation=kind)
