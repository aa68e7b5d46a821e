"""Cached answers at the wire, through the real server library: the same bytes as the usual way, and in their turn."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import uvicorn

from comity.stream.cache import Cache
from comity.stream.freshness.listening import Change
from comity.web.etags import MADE_OF, MadeOf
from comity_server.wire import WireProtocol
from tests.front.conftest import front_of

pytestmark = pytest.mark.server

BODY = b"<p>" + b"mot " * 2000 + b"</p>"


class Pages:
    """Django's place: a page that is kept, under `/threads/`; whatever else says what was asked."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ["PATH_INFO"])
        if path.startswith("/threads/large"):
            body = BODY * 100
        elif path.startswith("/threads/"):
            self.made += 1
            body = BODY
        else:
            read = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            body = f"{environ['REQUEST_METHOD']} {path} ".encode() + read
        if path.startswith("/threads/") and environ["REQUEST_METHOD"] == "GET":
            environ[MADE_OF] = MadeOf(1, ((7, "treve"),))
        start_response("200 OK", [("ETag", 'W/"1"'), ("Content-Length", str(len(body))), ("X-Own", "one")])
        return [body]


@dataclass
class Running:
    address: tuple[str, int]
    pages: Pages
    cache: Cache
    server: uvicorn.Server

    def talk(self, sent: bytes, answers: int = 1) -> list[tuple[bytes, bytes]]:
        """Send bytes on one connection; head and body of so many answers."""
        found: list[tuple[bytes, bytes]] = []
        with socket.create_connection(self.address, timeout=20) as connection:
            connection.sendall(sent)
            received = b""
            while len(found) < answers:
                head, whole, rest = received.partition(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head.lower())
                size = int(length[1]) if length and b"HEAD " not in sent else 0
                if whole and len(rest) >= size:
                    found.append((head, rest[:size]))
                    received = rest[size:]
                    continue
                piece = connection.recv(65536)
                assert piece, received
                received += piece
        return found


@pytest.fixture(params=[WireProtocol, "httptools"], ids=["wire", "usual"])
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    listener = socket.create_server(("127.0.0.1", 0))
    started = threading.Event()
    pages, cache = Pages(), Cache(50_000_000)
    front = front_of(pages, cache=cache, on_start=started.set)
    config = uvicorn.Config(
        front, proxy_headers=False, access_log=False, log_config=None, http=request.param, loop="uvloop", lifespan="on",
        server_header=False, timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    assert started.wait(20)
    yield Running(listener.getsockname(), pages, cache, server)
    server.should_exit = True
    thread.join(20)
    listener.close()


def ask(target: str, method: str = "GET", body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _without_date(head: bytes) -> bytes:
    assert head.count(b"\r\ndate: ") == 1
    return re.sub(rb"\r\ndate: [^\r]+", b"", head)


def test_what_is_kept_is_the_same_bytes_each_time(running: Running) -> None:
    first = running.talk(ask("/threads/treve"))[0]
    again = running.talk(ask("/threads/treve") * 3, 3)
    assert {body for _, body in again} == {BODY}
    assert {_without_date(head) for head, _ in again} == {_without_date(first[0])}
    assert first[0].startswith(b"HTTP/1.1 200 OK\r\n")
    assert running.pages.made == 1


def test_readers_of_one_connection_are_answered_in_turn(running: Running) -> None:
    running.talk(ask("/threads/treve"))
    mixed = [
        ask("/threads/treve"),
        ask("/comments/3/vote", "POST", b"value=1"),
        ask("/threads/treve"),
        ask("/threads/treve", if_none_match='"0", "1"'),
        ask("/healthz"),
        ask("/threads/treve"),
    ]
    found = running.talk(b"".join(mixed), len(mixed))
    assert [head.split(b" ")[1] for head, _ in found] == [b"200", b"200", b"200", b"304", b"200", b"200"]
    assert [body for _, body in found] == [
        BODY, b"POST /comments/3/vote value=1", BODY, b"", b'{"status":"ok"}\n', BODY,
    ]  # fmt: skip


def test_compressed_and_conditional(running: Running) -> None:
    for _ in range(2):
        head, body = running.talk(ask("/threads/treve", accept_encoding="gzip, br"))[0]
        assert b"content-encoding: br" in head
        assert len(body) < len(BODY) / 10
        head, body = running.talk(ask("/threads/treve", if_none_match='W/"1"'))[0]
        assert (head.split(b"\r\n")[0], body) == (b"HTTP/1.1 304 Not Modified", b"")
        assert b"x-own: one" in head.lower()


def test_the_head_alone(running: Running) -> None:
    for _ in range(2):
        head, _ = running.talk(ask("/threads/treve", "HEAD"))[0]
        assert f"content-length: {len(BODY)}".encode() in head


def test_a_connection_that_shall_close_is_closed(running: Running) -> None:
    running.talk(ask("/threads/treve"))
    for sent in (ask("/threads/treve", connection="close"), b"GET /threads/treve HTTP/1.0\r\nHost: localhost\r\n\r\n"):
        with socket.create_connection(running.address, timeout=20) as connection:
            connection.sendall(sent)
            received = b""
            while piece := connection.recv(65536):
                received += piece
        assert received.endswith(BODY)


def test_a_slow_reader_of_much_gets_all(running: Running) -> None:
    whole = running.talk(ask("/threads/large"))[0][1]
    assert len(whole) == 100 * len(BODY)
    assert {body for _, body in running.talk(ask("/threads/large") * 20, 20)} == {whole}


def test_a_change_reaches_readers_who_keep_their_connection(running: Running) -> None:
    running.talk(ask("/threads/treve"))
    running.cache.forget(Change(story_ids=frozenset({7})))
    until = time.monotonic() + 20
    while running.pages.made < 2:
        running.talk(ask("/threads/treve"))
        assert time.monotonic() < until
    assert running.talk(ask("/threads/treve"))[0][1] == BODY


def test_bytes_that_are_no_request_get_no_page(running: Running) -> None:
    running.talk(ask("/threads/treve"))
    head, _ = running.talk(b"GET /threads/treve HTTP/1.1\r\nHost: a\r\n bad\x00: x\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.1 400 ")
    two_hosts = b"GET /threads/treve HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n"
    running.talk(two_hosts)
    assert running.pages.made == 2  # what two hosts would share is kept for neither
