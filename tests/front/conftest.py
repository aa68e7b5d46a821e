"""Driving the front by hand, message by message, without a server, a network or a clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from comity.stream.front import Front

Message = dict[str, Any]


@dataclass
class Answer:
    """What the front sent."""

    messages: list[Message]

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.messages[0]["headers"]}

    @property
    def body(self) -> bytes:
        assert not self.messages[-1].get("more_body", False)
        return b"".join(each["body"] for each in self.messages[1:])


@dataclass
class Client:
    """One request. `sent` are the messages that arrive; after them, nothing ever does."""

    front: Front
    method: str = "GET"
    path: str = "/"
    query: bytes = b""
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = ()
    sent: Iterable[Message] = ({"type": "http.request", "body": b""},)
    hold_back: asyncio.Event | None = None
    """When set, nothing of the answer is taken before it is."""
    break_after: int = 10**9
    """Messages of the answer that are taken before the connection breaks."""
    asked_for_more: int = 0
    answer: list[Message] = field(default_factory=list)

    async def ask(self) -> Answer:
        arriving = iter(self.sent)
        pairs = self.headers.items() if isinstance(self.headers, Mapping) else self.headers

        async def receive() -> Message:
            self.asked_for_more += 1
            message = next(arriving, None)
            if message is None:
                await asyncio.Event().wait()
                raise AssertionError
            return message

        async def send(message: Any) -> None:
            if self.hold_back is not None:
                await self.hold_back.wait()
            if len(self.answer) >= self.break_after:
                raise OSError
            self.answer.append(dict(message))

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query,
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in pairs],
            "client": ("198.51.100.9", 40000),
            "server": ("comity.example", 80),
        }
        await self.front(scope, receive, send)
        return Answer(self.answer)

    def get(self) -> Answer:
        return asyncio.run(self.ask())


@dataclass
class Echo:
    """A WSGI application that remembers what it was given and answers with the body it read."""

    requests: list[WSGIEnvironment] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.requests.append(environ)
        read = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(read)))])
        return [read]


@pytest.fixture
def echo() -> Echo:
    return Echo()


def front_of(application: Callable[..., Iterable[bytes]], **more: Any) -> Front:
    return Front(application, **{"body_limit": 1000, "body_deadline": 20.0, **more})


def body(*chunks: bytes) -> list[Message]:
    """The messages by which a body arrives."""
    last = len(chunks) - 1
    return [{"type": "http.request", "body": chunk, "more_body": number < last} for number, chunk in enumerate(chunks)]
