"""HTML kept in memory as long as what it was made from is the same, bounded by its bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["Memory"]

Key = TypeVar("Key", bound=Hashable)
Source = TypeVar("Source")
_OVERHEAD = 700
"""Bytes that an entry takes besides its text, about."""


class Memory(Generic[Key, Source]):
    """Text by key, with the source it was made from. Nothing needs to be forgotten: what is found is compared.

    Args:
        most: bytes, about; what was not asked for the longest goes first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[Key, tuple[Source, str]] = OrderedDict()
        self._guard = threading.Lock()

    def find(self, key: Key, source: Source) -> str | None:
        """The text made from an equal source; None when there is none."""
        with self._guard:
            found = self._kept.get(key)
            if found is None or found[0] != source:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def keep(self, key: Key, source: Source, text: str) -> None:
        """Keep a text, in place of what the key had."""
        with self._guard:
            before = self._kept.pop(key, None)
            if before is not None:
                self._bytes -= len(before[1]) + _OVERHEAD
            self._kept[key] = (source, text)
            self._bytes += len(text) + _OVERHEAD
            while self._bytes > self._most and self._kept:
                _key, (_source, gone) = self._kept.popitem(last=False)
                self._bytes -= len(gone) + _OVERHEAD

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._kept.clear()
            self._bytes = 0
