"""The front: the ASGI application that stands before Django.

It answers what everybody reads from memory; reads every other request's body whole, with a cap and a deadline, before a
thread is taken; refuses in the reader's language what it cannot pass on; keeps whole answers until they are ready, so
that slow readers hold no thread; and writes the access log. Django runs as a WSGI application in a fixed thread pool.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from time import perf_counter
from wsgiref.types import WSGIApplication

from a2wsgi import WSGIMiddleware

from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.bodies import ClientGone, Message, Receive, Scope, Send, read_body
from comity.stream.cache import Cache
from comity.stream.exchange import Exchange, WholeAnswer
from comity.stream.health import HEALTH_PATH, HEALTHY
from comity.stream.live import HOLDS, LIVE_PATH, STORY_HEADER, LiveStreams
from comity.stream.reading import Answer, Found, PublicReads
from comity.stream.refusing import refusal_answer
from comity.stream.tally import Tally
from comity.stream.wsgi import ROUTE, for_wsgi, noting_route, replay
from comity.web.etags import MADE_OF

__all__ = ["Front"]

access_log = logging.getLogger("comity.access")
logger = logging.getLogger("comity.front")

CLIENT_GONE = 499
"""Logged, never sent: the client closed the connection before its answer began."""
RETRY_AFTER_SECONDS = 2
_PUBLIC_METHODS = frozenset({"GET", "HEAD"})
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
        cache: keeps finished answers of what everybody reads; None to ask Django each time.
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
        cache: Cache | None = None,
        live: LiveStreams | None = None,
        public_only: bool = False,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._django = WSGIMiddleware(
            noting_route(wsgi_application),  # type: ignore[arg-type]  # a2wsgi has WSGI types of its own
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
        self.reads = PublicReads(cache, self._ask_for_everybody) if cache is not None else None
        """What everybody reads, from memory; None without a cache."""
        self.tally = Tally()
        """Counts what was answered from memory, for the log."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI 3 has it."""
        if scope["type"] == "http":
            found = self.reads.at_hand(scope) if self.reads and scope["method"] in _PUBLIC_METHODS else None
            if found is None:
                await self._answer(scope, receive, send)
            else:
                self.tally.count(scope["method"], found.route, found.start["status"])
                await _send(scope, send, found)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})

    async def drain(self, seconds: float) -> None:
        """Let readers go: streams end, and whoever sends another request within `seconds` is answered and told that the
        connection ends."""
        self._draining = True
        if self.reads is not None:
            self.reads.leave()
        if self._live_streams is not None:
            self._live_streams.end()
        await asyncio.sleep(seconds)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = self._clock()
        exchange = Exchange(scope, send, closes=self._draining)
        scope[ROUTE] = "unread"
        try:
            if scope["path"] == HEALTH_PATH and scope["method"] in {"GET", "HEAD"}:
                scope[ROUTE] = HEALTH_PATH.lstrip("/")
                await exchange.answer(200, _HEALTH_HEADERS, HEALTHY)
                return
            if self._live_streams is not None and scope["path"].endswith(LIVE_PATH) and scope["method"] == "GET":
                await self._answer_live(self._live_streams, scope, receive, exchange, send)
                return
            if self.reads is None or scope["method"] not in _PUBLIC_METHODS or not await self._read(scope, exchange):
                await self._answer_by_django(scope, receive, exchange)
        except ClientGone:
            exchange.gone = True
        finally:
            self._log(scope, exchange, began)

    async def _read(self, scope: Scope, exchange: Exchange) -> bool:
        """Answer what everybody reads; whether it was that."""
        assert self.reads is not None
        try:
            found = await self.reads.find(scope)
        except Refusal as refusal:
            await exchange.answer(*refusal_answer(refusal, scope, b""))
            return True
        if found is None:
            return False
        scope[ROUTE] = found.route
        await exchange.collect(found.start)
        await exchange.collect(found.body)
        await exchange.finish()
        return True

    async def _ask_for_everybody(self, scope: Scope) -> Answer:
        """What Django says to a request that is nobody's."""
        answer = WholeAnswer()
        await self._run_django(scope, b"", answer.collect)
        return Answer(answer.status, answer.headers, answer.body, scope.get(MADE_OF))

    async def _run_django(self, scope: Scope, body: bytes, send: Send) -> None:
        """Have Django answer.

        Raises:
            Refusal: `service_unavailable`: it has too much to do; `internal_error`.
        """
        self._admit()
        try:
            await self._django(for_wsgi(scope, body), replay(body), send)  # type: ignore[arg-type]  # a2wsgi types messages by its own TypedDicts
        except Exception as failure:  # noqa: BLE001 - the server's last resort; Django answers its own errors
            logger.error("Django did not answer: %s", type(failure).__name__)  # noqa: TRY400 - a trace may hold text
            raise Refusal(RefusalCode.INTERNAL_ERROR) from None
        finally:
            self._inside -= 1

    async def _answer_live(
        self, live: LiveStreams, scope: Scope, receive: Receive, exchange: Exchange, send: Send
    ) -> None:
        """Hold the connection, once Django has said that the address is good and which story it is about."""
        scope[ROUTE] = LIVE_PATH.lstrip("/")
        async with live.finding(scope) as story_id:
            if story_id is None:
                scope[HOLDS] = True
                if not await self._ask_django(scope, receive, exchange):
                    return
                found = exchange.header(STORY_HEADER)
                if not found.isdigit() or exchange.status != HTTPStatus.OK:
                    await exchange.finish()
                    return
                story_id = int(found)
                live.remember(scope, story_id)
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
            await self._run_django(scope, body, exchange.collect)
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
            self.tally.tell()
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
        access_log.info("%s %s %s %.1f ms", method, scope[ROUTE], status, (self._clock() - began) * 1000)


_HEALTH_HEADERS = (
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)


async def _send(scope: Scope, send: Send, found: Found) -> None:
    """Send an answer from memory, with as little as possible between it and the wire."""
    with suppress(OSError):  # the client has gone
        await send(found.start)
        await send(_NOTHING if scope["method"] == "HEAD" else found.body)


_NOTHING: Message = {"type": "http.response.body", "body": b""}


def _is_public(exchange: Exchange) -> bool:
    """Whether an answer is the same for everybody: it says so itself. One without a word on keeping it says that there
    is nothing, that it stands elsewhere, or that something failed; an open connection is kept by nobody."""
    keeping = exchange.header(b"cache-control")
    if not keeping or exchange.status != HTTPStatus.OK or exchange.header(STORY_HEADER):
        return True
    return b"public" in keeping
