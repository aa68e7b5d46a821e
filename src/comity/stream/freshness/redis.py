"""Redis as the carrier: whoever has written rings, whoever listens looks. Needs the extra `redis`."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

from comity.stream.freshness.carriers import CHANNEL, CarrierAwayError

__all__ = ["RedisBell", "RedisCarrier"]

logger = logging.getLogger("comity.freshness")

RING_SECONDS = 0.5
"""How long a writer waits for Redis at most; the look at the table every second makes up for a word that got lost."""


def _client(address: str, *, patience: float | None) -> Any:
    import redis

    return redis.Redis.from_url(address, socket_connect_timeout=RING_SECONDS, socket_timeout=patience)


class RedisCarrier:
    """Hears what is rung; see `Carrier`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._heard: Any = None

    def wait(self, seconds: float) -> bool:
        """See `Carrier.wait`."""
        import redis

        try:
            if self._heard is None:
                self._heard = _client(self._address, patience=None).pubsub(ignore_subscribe_messages=True)
                self._heard.subscribe(CHANNEL)
                return True  # what came before is unknown
            until = monotonic() + seconds
            while True:
                # None also for what is not a message, such as the word that we are listening.
                if self._heard.get_message(timeout=max(0.0, until - monotonic())) is not None:
                    break
                if monotonic() >= until:
                    return False
            while self._heard.get_message(timeout=0) is not None:
                pass  # many words say no more than one
            return True
        except (redis.RedisError, OSError) as failure:
            self.close()
            raise CarrierAwayError(type(failure).__name__) from None

    def close(self) -> None:
        """See `Carrier.close`."""
        heard, self._heard = self._heard, None
        if heard is not None:
            heard.close()


class RedisBell:
    """Rung by `actions.outbox` after each commit; `set` is what it calls. Never raises: what was written is written."""

    def __init__(self, address: str) -> None:
        self._client = _client(address, patience=RING_SECONDS)
        self._is_away = False

    def set(self) -> None:
        """Say that something was written."""
        import redis

        try:
            self._client.publish(CHANNEL, b"")
        except (redis.RedisError, OSError) as failure:
            if not self._is_away:
                name = type(failure).__name__
                logger.warning("Redis is away (%s): other processes hear of writes within a second", name)
            self._is_away = True
        else:
            self._is_away = False
