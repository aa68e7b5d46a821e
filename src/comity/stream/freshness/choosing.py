"""Which carrier brings the news: by setting, else by the database."""

from __future__ import annotations

from django.db import connections

from comity import conf
from comity.queries.changes import database_alias
from comity.stream.freshness.carriers import Carrier, NotifyCarrier, SqliteCarrier
from comity.stream.freshness.redis import RedisBell, RedisCarrier

__all__ = ["bell", "carrier"]


def carrier() -> Carrier:
    """What this process listens to."""
    settings = conf.current()
    if settings.freshness:
        return RedisCarrier(settings.freshness)
    connection = connections[database_alias()]
    if connection.vendor == "sqlite":
        return SqliteCarrier(str(connection.settings_dict["NAME"]))
    if settings.freshness_database:
        return NotifyCarrier({"conninfo": settings.freshness_database})
    parameters = connection.get_connection_params()
    # Of the pool and of Django's cursors this connection needs nothing.
    for name in ("pool", "cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return NotifyCarrier(parameters)


def bell() -> RedisBell | None:
    """What this process rings after it has written; None where the database tells by itself."""
    address = conf.current().freshness
    return RedisBell(address) if address else None
