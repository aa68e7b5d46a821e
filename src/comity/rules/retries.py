"""When failing work is tried again, and when it is put aside."""

from __future__ import annotations

from datetime import datetime, timedelta

__all__ = ["FIRST_DELAY", "LONGEST_DELAY", "next_attempt"]

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)


def next_attempt(*, attempts: int, limit: int, now: datetime, jitter: float) -> datetime | None:
    """When work that has failed `attempts` times is due again; None when it is to be parked.

    The delay doubles from `FIRST_DELAY` to `LONGEST_DELAY`, and up to a quarter of it is added by chance, so that what
    failed together does not come back together.

    Args:
        attempts: failures so far, 1 or more.
        limit: failures after which work is parked.
        now: the time of the last failure.
        jitter: a random number, 0 to 1.
    """
    if attempts >= limit:
        return None
    doublings = min(attempts - 1, 32)
    delay: timedelta = min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)
    return now + delay * (1 + jitter / 4)
