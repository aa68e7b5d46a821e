"""Read replicas: public pages are read from them, everything else from the first database.

A reader who has written is known by a cookie or a token. Such a request may want to see what was just written, so it is
never answered from a replica, which may lag.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse

__all__ = ["ReplicaRouter", "public_reads_from_replicas", "reading_from_a_replica"]

_chosen: ContextVar[str] = ContextVar("comity_replica", default=DEFAULT_DB_ALIAS)
_READING = frozenset({"GET", "HEAD"})


class ReplicaRouter:
    """Django's router: reads go where the request's reads go, the rest to the first database."""

    def db_for_read(self, model: Any, **hints: Any) -> str:  # noqa: ARG002 - the signature of all routers
        """The database that this request reads from."""
        return _chosen.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:  # noqa: ARG002 - likewise
        """The first database."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:  # noqa: ARG002 - likewise
        """All are the same database, seen at different moments."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:  # noqa: ARG002 - likewise
        """Tables are made in the first database; replicas follow by themselves."""
        return db == DEFAULT_DB_ALIAS


@contextmanager
def reading_from_a_replica() -> Iterator[None]:
    """Read from a replica as long as this lasts; from the first database where there is none.

    A process keeps to one: what it hears of is then there to be read, however far the others lag.
    """
    replicas: list[str] = settings.READ_REPLICAS
    token = _chosen.set(replicas[os.getpid() % len(replicas)] if replicas else DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        _chosen.reset(token)


Answer = Callable[[HttpRequest], HttpResponse]


def public_reads_from_replicas(get_response: Answer) -> Answer:
    """Middleware: a request that names no reader and changes nothing is answered from a replica."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in _READING or request.COOKIES or "Authorization" in request.headers:
            return get_response(request)
        with reading_from_a_replica():
            return get_response(request)

    return answer
