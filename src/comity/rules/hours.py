"""Office hours: when a newsroom takes comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

__all__ = ["OfficeHours"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """From when to when on each day, by the clock of the newsroom. Hours that end before they begin pass midnight;
    hours that begin and end at once are the whole day."""

    opens_at: time
    closes_at: time
    time_zone: str

    def are_open(self, now: datetime) -> bool:
        """Whether `now` is within the hours: the opening minute is, the closing minute is not.

        Raises:
            ZoneInfoNotFoundError: no such time zone.
        """
        here = now.astimezone(ZoneInfo(self.time_zone)).time()
        if self.opens_at == self.closes_at:
            return True
        if self.opens_at < self.closes_at:
            return self.opens_at <= here < self.closes_at
        return here >= self.opens_at or here < self.closes_at
