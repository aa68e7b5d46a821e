"""Request limits: the table of `rules.limits`, counted by the `limits` library where `conf` says."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import lru_cache

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from comity import conf
from comity.rules.actors import Actor
from comity.rules.limits import LIMITS, Allowance, Purpose
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.tokens import device_digest

__all__ = ["spend", "spend_signed"]

logger = logging.getLogger("comity.limits")

ANSWER_SECONDS = 0.5
"""How long a request waits for the counts of a Redis that does not answer."""
AWAY_SECONDS = 5.0
"""Between two attempts to reach counts that were out of reach."""
_NAMESPACE = "comity"
_TABLE = "comity+table://"
_REDIS = ("redis://", "rediss://", "redis+unix://", "valkey://", "valkeys://", "valkey+unix://")

Asked = tuple[tuple[str, ...], Allowance]
"""Who asks, and how much they may."""


def spend(purpose: Purpose, actor: Actor) -> None:
    """Count one request of this actor, against its device (or the newcomers of its network) and its network.

    Raises:
        Refusal: `too_many_requests` with the seconds until the next may be made.
        OperationalError: neither the counts nor the database can be reached: limits that fail open are none.
    """
    limit = LIMITS[purpose]
    if actor.is_staff:
        own, whose = limit.device, ("staff", str(actor.staff_id))
    elif actor.device_id is not None:
        own, whose = limit.device, ("device", str(actor.device_id))
    else:
        own, whose = limit.newcomers, ("newcomers", actor.network_digest)
    asked = [((str(actor.site_id), *whose), each) for each in own]
    if not actor.is_staff:
        asked += [((str(actor.site_id), "network", actor.network_digest), each) for each in limit.network]
    _spend(purpose, asked)


def spend_signed(site_id: int, key_id: str) -> None:
    """Count one signed call of a publisher's system.

    Raises:
        Refusal, OperationalError: as `spend`.
    """
    # A digest, since the key's name is the publisher's and the counts may stand in another machine's memory.
    whose = device_digest(site_id, key_id)
    _spend(
        Purpose.SIGNED_CALL,
        [((str(site_id), "key", whose), each) for each in LIMITS[Purpose.SIGNED_CALL].device],
    )


def _spend(purpose: Purpose, asked: Sequence[Asked]) -> None:
    configuration = conf.current()
    if not configuration.limits_enabled:
        return
    used_up, reset = _counts(configuration.limit_storage).spend(purpose, asked)
    if used_up is not None:
        wait = max(1, min(used_up.seconds, math.ceil(reset - time.time())))
        raise Refusal(RefusalCode.TOO_MANY_REQUESTS, retry_after=wait)


class _Counts:
    """Where requests are counted: as configured, or in the table while that is away.

    What was counted before stays where it was, so that a reader has at most one window's worth more; but limits go on,
    and so does the service.
    """

    def __init__(self, storage: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._table = _limiter(_TABLE)
        self._configured = _limiter(storage)
        self._away_until: float | None = None

    def spend(self, purpose: Purpose, asked: Sequence[Asked]) -> tuple[Allowance | None, float]:
        """Count; the allowance that is used up, if one is, and the moment from which there is room again.

        Raises:
            OperationalError: the table is away too.
        """
        if self._away_until is not None and self._clock() < self._away_until:
            return _count(self._table, purpose, asked)
        try:
            found = _count(self._configured, purpose, asked)
        except StorageError as failure:
            if self._away_until is None:
                logger.warning("Counts of requests are out of reach (%s): the database counts", _cause(failure))
            self._away_until = self._clock() + AWAY_SECONDS
            return _count(self._table, purpose, asked)
        if self._away_until is not None:
            logger.warning("Counts of requests are back")
            self._away_until = None
        return found


def _count(
    limiter: SlidingWindowCounterRateLimiter, purpose: Purpose, asked: Sequence[Asked]
) -> tuple[Allowance | None, float]:
    together = getattr(limiter.storage, "together", nullcontext)
    with together():  # in a table, one transaction for all counts; a refusal waits for its end, which keeps them
        for whose, allowance in asked:
            item = _item(allowance)
            if not limiter.hit(item, purpose.value, *whose):
                return allowance, limiter.get_window_stats(item, purpose.value, *whose).reset_time
    return None, 0.0


def _cause(failure: StorageError) -> str:
    """The class of what happened: a message may hold an address and its password."""
    return type(failure.storage_error).__name__


@lru_cache(maxsize=8)
def _counts(storage: str) -> _Counts:
    return _Counts(storage)


def _limiter(storage: str) -> SlidingWindowCounterRateLimiter:
    # `comity+table` is registered by comity.actions.limits, which the app's `ready` imports: this room knows no action.
    # Its errors stay the database's own: the edge knows what to make of those.
    wrap = not storage.startswith("comity+")
    options: dict[str, float] = {}
    if storage.startswith("unix://"):
        storage = f"redis+{storage}"
    if storage.startswith(_REDIS):
        options = {"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS}
    return SlidingWindowCounterRateLimiter(storage_from_string(storage, wrap_exceptions=wrap, **options))


def _item(allowance: Allowance) -> RateLimitItem:
    return RateLimitItemPerSecond(allowance.count, allowance.seconds, namespace=_NAMESPACE)
