"""Odd and hostile bytes on a real socket, through the real server library."""

from __future__ import annotations

import logging
import re
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from tests.front.conftest import Echo, front_of

pytestmark = pytest.mark.server

HOST = b"Host: comity.example\r\n"


@pytest.fixture(scope="module")
def application() -> Echo:
    return Echo()


@pytest.fixture(scope="module")
def address(application: Echo) -> Iterator[tuple[str, int]]:
    """A server on a port of its own, as `comity serve` sets it up."""
    listener = socket.create_server(("127.0.0.1", 0))
    started = threading.Event()
    front = front_of(application, body_deadline=0.3, on_start=started.set)
    config = uvicorn.Config(
        front, proxy_headers=False, access_log=False, log_config=None, http="httptools", loop="uvloop", lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    assert started.wait(20)
    yield listener.getsockname()
    server.should_exit = True
    thread.join(20)
    listener.close()


def talk(address: tuple[str, int], *sent: bytes, closes: bool = False) -> bytes:
    """Send bytes and read until the server closes, or until a whole answer is there."""
    with socket.create_connection(address, timeout=20) as connection:
        for piece in sent:
            connection.sendall(piece)
        received = b""
        while True:
            piece = connection.recv(65536)
            received += piece
            head, found, rest = received.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            if not piece or (not closes and found and length and len(rest) >= int(length[1])):
                return received


def test_an_ordinary_request(address: tuple[str, int]) -> None:
    answer = talk(address, b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\nmots")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\nmots")


def test_a_chunked_body(address: tuple[str, int]) -> None:
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    answer = talk(address, head, b"4\r\nmots\r\n", b"6\r\n dits.\r\n", b"0\r\n\r\n")
    assert answer.endswith(b"\r\n\r\nmots dits.")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"rien de bon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost comity.example\r\n\r\n",
        b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
        b"GET /threads/x?q=\xff\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: quatre\r\n\r\nmots",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\nmots",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nmots!",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nmots\r\n0\r\n\r\n",
    ],
)
def test_what_is_no_http_is_answered_400_and_never_reaches_django(
    address: tuple[str, int], application: Echo, request_bytes: bytes
) -> None:
    before = len(application.requests)
    assert talk(address, request_bytes).startswith(b"HTTP/1.1 400 ")
    assert len(application.requests) == before


@pytest.mark.parametrize(
    "target",
    [
        b"/threads/%FF%FE",
        b"/threads/%00",
        b"/?%%%",
        b"//evil.example/..;/",
        b"/" + b"x" * 20000,
    ],
)
def test_odd_addresses_reach_the_application_and_break_nothing(address: tuple[str, int], target: bytes) -> None:
    assert talk(address, b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_large_body_hears_why_it_was_refused(address: tuple[str, int]) -> None:
    size = 1_048_576
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n" % size
    answer = talk(address, head, b"x" * size, closes=True)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"body_too_large" in answer


def test_a_client_that_asks_first_is_refused_before_it_sends(address: tuple[str, int]) -> None:
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
    assert talk(address, head, closes=True).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_trickles_is_cut_off(address: tuple[str, int], application: Echo) -> None:
    before = len(application.requests)
    answer = talk(address, b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 900\r\n\r\nBon", closes=True)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert len(application.requests) == before


def test_a_websocket_is_not_opened(address: tuple[str, int]) -> None:
    answer = talk(
        address,
        b"GET /live HTTP/1.1\r\n" + HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    )
    assert not answer.startswith(b"HTTP/1.1 101 ")


def test_requests_one_after_another_on_one_connection(address: tuple[str, int]) -> None:
    first = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\nuno"
    last = b"POST / HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Length: 3\r\n\r\ndue"
    answer = talk(address, first + last, closes=True)
    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert answer.index(b"uno") < answer.index(b"due")


def test_head_over_the_wire_has_no_body(address: tuple[str, int]) -> None:
    answer = talk(address, b"HEAD /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", closes=True)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n")


def test_the_server_library_logs_no_path(address: tuple[str, int], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        talk(address, b"GET /secret?email=secret HTTP/1.1\r\n" + HOST + b"\r\n")
        talk(address, b"rien de secret\r\n\r\n")
    assert not logging.getLogger("uvicorn.access").propagate
    # pytest hangs its own handler even on loggers that are shut off, such as the library's access log
    assert "secret" not in "".join(each.getMessage() for each in caplog.records if each.name != "uvicorn.access")
