"""Django as the front meets it: a WSGI application that needs its request made ready."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.urls import Resolver404, resolve

from comity.stream.bodies import Message, Receive, Scope
from comity.web.etags import MADE_OF

__all__ = ["ROUTE", "for_wsgi", "noting_route", "replay"]

access_log = logging.getLogger("comity.access")

ROUTE = "comity.route"
"""Where the scope of a request carries its route, for the access log."""


def for_wsgi(scope: Scope, body: bytes) -> Scope:
    """The scope that Django's environment is made from.

    The body has arrived, so its length is known and its transfer encoding gone. A header with an underscore would share
    its name in the environment with one that has a hyphen, and could forge it: it is dropped. A query string is ASCII.
    """
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if b"_" not in name and name not in {b"content-length", b"transfer-encoding"}
    ]
    if body or scope["method"] not in {"GET", "HEAD"}:
        headers.append((b"content-length", str(len(body)).encode()))
    query: bytes = scope["query_string"]
    if not query.isascii():
        query = quote(query, safe=bytes(range(0x21, 0x7F))).encode()
    scope["headers"] = headers
    scope["query_string"] = query
    return scope


def replay(body: bytes) -> Receive:
    """What gives a body that has arrived as if it were arriving."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def noting_route(application: WSGIApplication) -> WSGIApplication:
    """`application`, noting in the ASGI scope which route it took and what its answer was made of."""

    def noting(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        scope: dict[str, Any] = environ["asgi.scope"]
        if access_log.isEnabledFor(logging.INFO):
            scope[ROUTE] = _route(environ["PATH_INFO"].encode("latin-1").decode(errors="replace"))
        answered = application(environ, start_response)
        scope[MADE_OF] = environ.get(MADE_OF)  # noted by the view, in what Django calls the request's META
        return answered

    return noting


def _route(path: str) -> str:
    try:
        return resolve(path).route or "/"
    except Resolver404:
        return "static" if settings.STATIC_URL and path.startswith(settings.STATIC_URL) else "unknown"
