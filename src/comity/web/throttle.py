"""Request limits: the table of `rules.limits`, counted by the `limits` library where `conf` says."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
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

_NAMESPACE = "comity"
_STORAGE_RETRY_SECONDS = 5


def spend(purpose: Purpose, actor: Actor) -> None:
    """Count one request of this actor, against its device (or the newcomers of its network) and its network.

    Raises:
        Refusal: `too_many_requests` with the seconds until the next may be made; `service_unavailable` when the counts
            can't be reached, since limits that fail open are none.
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
        Refusal: as `spend`.
    """
    # A digest, since the key's name is the publisher's and the counts may stand in another machine's memory.
    whose = device_digest(site_id, key_id)
    _spend(
        Purpose.SIGNED_CALL,
        [((str(site_id), "key", whose), each) for each in LIMITS[Purpose.SIGNED_CALL].device],
    )


def _spend(purpose: Purpose, asked: Sequence[tuple[tuple[str, ...], Allowance]]) -> None:
    configuration = conf.current()
    if not configuration.limits_enabled:
        return
    limiter = _limiter(configuration.limit_storage)
    together = getattr(limiter.storage, "together", nullcontext)
    used_up: Allowance | None = None
    reset = 0.0
    try:
        with together():  # in a table, one transaction for all counts; a refusal waits for its end, which keeps them
            for whose, allowance in asked:
                item = _item(allowance)
                if not limiter.hit(item, purpose.value, *whose):
                    used_up, reset = allowance, limiter.get_window_stats(item, purpose.value, *whose).reset_time
                    break
    except StorageError:
        raise Refusal(RefusalCode.SERVICE_UNAVAILABLE, retry_after=_STORAGE_RETRY_SECONDS) from None
    if used_up is not None:
        wait = max(1, min(used_up.seconds, math.ceil(reset - time.time())))
        raise Refusal(RefusalCode.TOO_MANY_REQUESTS, retry_after=wait)


@lru_cache(maxsize=8)
def _limiter(storage: str) -> SlidingWindowCounterRateLimiter:
    # `comity+table` is registered by comity.actions.limits, which the app's `ready` imports: this room knows no action.
    # Its errors stay the database's own: the edge knows what to make of those.
    wrap = not storage.startswith("comity+")
    return SlidingWindowCounterRateLimiter(storage_from_string(storage, wrap_exceptions=wrap))


def _item(allowance: Allowance) -> RateLimitItem:
    return RateLimitItemPerSecond(allowance.count, allowance.seconds, namespace=_NAMESPACE)
