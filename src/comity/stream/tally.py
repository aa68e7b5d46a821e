"""Answers from memory in the access log: counted, since a line for each would cost more than answering."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter

__all__ = ["Tally"]

access_log = logging.getLogger("comity.access")

EVERY_SECONDS = 10.0


class Tally:
    """How often each route was answered from memory; a line for each, every ten seconds and at the end."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, int]] = Counter()

    def count(self, method: str, route: str, status: int) -> None:
        """Count one answer. Called in the event loop."""
        if not self._counts:
            asyncio.get_running_loop().call_later(EVERY_SECONDS, self.tell)
        self._counts[method, route, status] += 1

    def tell(self) -> None:
        """Write what was counted, and begin anew."""
        counts, self._counts = self._counts, Counter()
        for (method, route, status), times in counts.items():
            access_log.info("%s %s %s from memory, times %d", method, route, status, times)
