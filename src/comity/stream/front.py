"""The front: the ASGI application that stands before Django.

It reads every body whole, with a cap and a deadline, before a thread is taken; refuses in the reader's language what it
cannot pass on; keeps whole answers until they are ready, so that slow readers hold no thread; and writes the access
log. Django runs as a WSGI application in a fixed pool of threads.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from time import perf_counter
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.urls import Resolver404, resolve

from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.bodies import ClientGone, Message, Receive, Scope, Send, read_body
from comity.stream.exchange import Exchange
from comity.stream.health import HEALTH_PATH, HEALTHY
from comity.stream.live import HOLDS, LIVE_PATH, STORY_HEADER, LiveStreams
from comity.stream.refusing import refusal_answer

__all__ = ["Front"]

access_log = logging.getLogger("comity.access")
logger = logging.getLogger("comity.front")

CLIENT_GONE = 499
"""Logged, never sent: the client closed the connection before its answer began."""
RETRY_AFTER_SECONDS = 2
_ROUTE = "comity.route"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Front:
    """An ASGI application around a WSGI one.

    Args:
        wsgi_application: Django.
        body_limit: bytes; a longer body is answered 413.
        body_deadline: seconds within which a body must have arrived; else 408.
        threads: how many requests Django handles at once.
        waiting: how many more may wait for a thread; beyond, the answer is 503.
        on_start: called in a thread when the server starts; what it raises keeps the server from starting.
        on_stop: called in a thread when the server stops.
        live: holds the connections of readers who want to be told; without it each is answered once.
        public_only: answer what is the same for everybody and refuse the rest.
        clock: seconds, for the access log.
    """

    def __init__(
        self,
        wsgi_application: WSGIApplication,
        *,
        body_limit: int,
        body_deadline: float,
        threads: int = 16,
        waiting: int = 128,
        on_start: Callable[[], object] | None = None,
        on_stop: Callable[[], object] | None = None,
        live: LiveStreams | None = None,
        public_only: bool = False,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._django = WSGIMiddleware(
            _noting_route(wsgi_application),  # type: ignore[arg-type]  # a2wsgi has WSGI types of its own
            workers=threads,
        )
        self._body_limit = body_limit
        self._body_deadline = body_deadline
        self._capacity = threads + waiting
        self._inside = 0
        self._on_start = on_start
        self._on_stop = on_stop
        self._live_streams = live
        self._public_only = public_only
        self._draining = False
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI 3 has it."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})

    async def drain(self, seconds: float) -> None:
        """Let readers go: streams end, and whoever sends another request within `seconds` is answered and told that the
        connection ends."""
        self._draining = True
        if self._live_streams is not None:
            self._live_streams.end()
        await asyncio.sleep(seconds)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = self._clock()
        exchange = Exchange(scope, send, closes=self._draining)
        scope[_ROUTE] = "unread"
        try:
            if scope["path"] == HEALTH_PATH and scope["method"] in {"GET", "HEAD"}:
                scope[_ROUTE] = HEALTH_PATH.lstrip("/")
                await exchange.answer(200, _HEALTH_HEADERS, HEALTHY)
                return
            if self._live_streams is not None and scope["path"].endswith(LIVE_PATH) and scope["method"] == "GET":
                await self._answer_live(self._live_streams, scope, receive, exchange, send)
                return
            # A cache of finished bytes is asked here, before the body is read and a thread is taken.
            await self._answer_by_django(scope, receive, exchange)
        except ClientGone:
            exchange.gone = True
        finally:
            self._log(scope, exchange, began)

    async def _answer_live(
        self, live: LiveStreams, scope: Scope, receive: Receive, exchange: Exchange, send: Send
    ) -> None:
        """Hold the connection, once Django has said that the address is good and which story it is about."""
        story_id = live.story_of(scope)
        scope[_ROUTE] = LIVE_PATH.lstrip("/")
        if story_id is None:
            scope[HOLDS] = True
            if not await self._ask_django(scope, receive, exchange):
                return
            found = exchange.header(STORY_HEADER)
            if not found.isdigit() or exchange.status != HTTPStatus.OK:
                await exchange.finish()
                return
            story_id = int(found)
        exchange.take_over(HTTPStatus.OK)
        try:
            await live.hold(story_id, scope, receive, send)
        except Refusal as refusal:
            await Exchange(scope, send).answer(*refusal_answer(refusal, scope, b""))

    async def _answer_by_django(self, scope: Scope, receive: Receive, exchange: Exchange) -> None:
        if await self._ask_django(scope, receive, exchange):
            await exchange.finish()

    async def _ask_django(self, scope: Scope, receive: Receive, exchange: Exchange) -> bool:
        """Have Django's answer collected; whether it was. If not, the reader has been told why."""
        body = b""
        try:
            self._check_public(scope["method"] in _READING)
            body = await read_body(scope, receive, limit=self._body_limit, deadline=self._body_deadline)
            self._admit()
            try:
                await self._django(_for_wsgi(scope, body), _replay(body), exchange.collect)  # type: ignore[arg-type]  # a2wsgi types messages by its own TypedDicts
            except Exception as failure:  # noqa: BLE001 - the server's last resort; Django answers its own errors
                logger.error("Django did not answer: %s", type(failure).__name__)  # noqa: TRY400 - a trace may hold text
                raise Refusal(RefusalCode.INTERNAL_ERROR) from None
            finally:
                self._inside -= 1
            self._check_public(_is_public(exchange))
        except Refusal as refusal:
            await exchange.answer(*refusal_answer(refusal, scope, body))
            return False
        return True

    def _check_public(self, is_public: bool) -> None:
        if self._public_only and not is_public:
            raise Refusal(RefusalCode.NOT_SERVED_HERE)

    def _admit(self) -> None:
        if self._inside >= self._capacity:
            raise Refusal(RefusalCode.SERVICE_UNAVAILABLE, retry_after=RETRY_AFTER_SECONDS)
        self._inside += 1

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start and stop what runs beside the server. uvicorn raises SIGTERM again after this: nothing comes later."""
        await receive()
        try:
            if self._on_start is not None:
                await asyncio.to_thread(self._on_start)
        except Exception as failure:  # noqa: BLE001 - whatever it was, the server must say so and not start
            await send({"type": "lifespan.startup.failed", "message": f"{type(failure).__name__}: {failure}"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        try:
            if self._on_stop is not None:
                await asyncio.to_thread(self._on_stop)
        except Exception as failure:  # noqa: BLE001 - whatever it was, the server stops
            await send({"type": "lifespan.shutdown.failed", "message": f"{type(failure).__name__}: {failure}"})
            return
        await send({"type": "lifespan.shutdown.complete"})

    def _log(self, scope: Scope, exchange: Exchange, began: float) -> None:
        """One line: method, route, status, milliseconds. Never a path's values, a query string or an address."""
        status = CLIENT_GONE if exchange.gone else exchange.status
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        access_log.info("%s %s %s %.1f ms", method, scope[_ROUTE], status, (self._clock() - began) * 1000)


_HEALTH_HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


def _for_wsgi(scope: Scope, body: bytes) -> Scope:
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


def _replay(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _is_public(exchange: Exchange) -> bool:
    """Whether an answer is the same for everybody: it says so itself. One without a word on keeping it says that there
    is nothing, that it stands elsewhere, or that something failed; an open connection is kept by nobody."""
    keeping = exchange.header(b"cache-control")
    if not keeping or exchange.status != HTTPStatus.OK or exchange.header(STORY_HEADER):
        return True
    return b"public" in keeping


def _noting_route(application: WSGIApplication) -> WSGIApplication:
    """`application`, noting in the ASGI scope which route it took, for the access log."""

    def noting(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if access_log.isEnabledFor(logging.INFO):
            scope: dict[str, Any] = environ["asgi.scope"]
            scope[_ROUTE] = _route(environ["PATH_INFO"].encode("latin-1").decode(errors="replace"))
        return application(environ, start_response)

    return noting


def _route(path: str) -> str:
    try:
        return resolve(path).route or "/"
    except Resolver404:
        return "static" if settings.STATIC_URL and path.startswith(settings.STATIC_URL) else "unknown"
