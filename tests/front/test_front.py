"""The front between a client and Django: threads, slow readers, broken connections, odd requests, its own log."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from django.core.handlers.wsgi import WSGIHandler

from comity.stream.exchange import KEPT_BYTES
from tests.front.conftest import Client, Echo, body, front_of


class Gate:
    """A WSGI application that answers once it is let."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.open = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.entered.release()
        assert self.open.wait(20)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]


def test_one_request_too_many_is_told_to_come_again_with_what_was_typed() -> None:
    gate = Gate()
    front = front_of(gate, threads=1, waiting=1)
    form = {"text": 'Deux mots & <un> "signe"', "author_name": "Anne", "website": ""}
    typed = urlencode(form).encode()
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html,*/*"}

    async def crowd() -> tuple[list[int], Any, Any]:
        inside = [asyncio.create_task(Client(front).ask()) for _ in range(2)]
        await asyncio.to_thread(gate.entered.acquire, timeout=20)
        page = await Client(front, "POST", "/threads/x/comments", b"lang=en", headers, sent=body(typed)).ask()
        problem = await Client(front, "POST", sent=body(b"{}")).ask()
        gate.open.set()
        return [(await task).status for task in inside], page, problem

    statuses, page, problem = asyncio.run(crowd())
    assert statuses == [200, 200]
    assert (page.status, page.headers["retry-after"]) == (503, "2")
    text = page.body.decode()
    field = '<textarea aria-label="What you wrote" name="text" rows="12" dir="auto">'
    assert f"{field}\nDeux mots &amp; &lt;un&gt; &quot;signe&quot;</textarea>" in text
    assert '<input type="hidden" name="author_name" value="Anne">' in text
    assert '<input type="hidden" name="website" value="">' in text
    assert (problem.status, json.loads(problem.body)["code"]) == (503, "service_unavailable")


@pytest.mark.parametrize("fields", [{"username": "claire", "password": "une phrase"}, {str(n): "" for n in range(60)}])
def test_a_sign_in_or_a_form_of_nobody_s_is_not_shown_again(fields: dict[str, str]) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}
    front = front_of(Echo(), threads=1, waiting=-1)
    answer = Client(front, "POST", headers=headers, sent=body(urlencode(fields).encode())).get()
    assert answer.status == 503
    assert b"<form" not in answer.body
    assert b"une phrase" not in answer.body


def test_a_slow_reader_holds_no_thread(echo: Echo) -> None:
    front = front_of(echo, threads=1, waiting=0)

    async def together() -> tuple[int, int]:
        hold_back = asyncio.Event()
        slow = asyncio.create_task(Client(front, "POST", sent=body(b"slow"), hold_back=hold_back).ask())
        while not echo.requests or front._inside:
            await asyncio.sleep(0)
        quick = await Client(front, "POST", sent=body(b"quick")).ask()
        assert not slow.done()
        hold_back.set()
        return (await slow).status, quick.status

    assert asyncio.run(together()) == (200, 200)


def long_answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (bytes([number]) * 100_000 for number in range(40))


def test_a_long_answer_is_sent_on_while_it_is_made() -> None:
    answer = Client(front_of(long_answer)).get()
    assert answer.body == b"".join(bytes([number]) * 100_000 for number in range(40))
    assert max(len(each["body"]) for each in answer.messages[1:]) <= KEPT_BYTES + 100_000


@pytest.mark.parametrize("break_after", [0, 1, 2, 5])
def test_a_broken_connection_frees_the_thread_and_is_no_error(
    break_after: int, caplog: pytest.LogCaptureFixture
) -> None:
    front = front_of(long_answer, threads=1, waiting=0)
    with caplog.at_level(logging.INFO):
        assert len(Client(front, break_after=break_after).get().messages) == break_after
    assert " 499 " in caplog.text
    assert Client(front).get().status == 200


def test_head_is_answered_without_a_body(echo: Echo) -> None:
    answer = Client(front_of(echo), "HEAD").get()
    assert (answer.status, answer.body) == (200, b"")
    assert Client(front_of(long_answer), "HEAD").get().body == b""


def test_a_failure_of_the_last_resort_says_nothing_of_the_request(caplog: pytest.LogCaptureFixture) -> None:
    def fail(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise ValueError(environ["wsgi.input"].read())

    answer = Client(front_of(fail), "POST", "/secret", b"q=secret", sent=body(b"secret")).get()
    assert (answer.status, json.loads(answer.body)["code"]) == (500, "internal_error")
    assert b"secret" not in answer.body
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_what_django_sees_is_what_came_save_for_forged_names(echo: Echo) -> None:
    headers = [
        ("X-Forwarded-For", "203.0.113.7"),
        ("X_Forwarded_For", "192.0.2.66"),
        ("X-Forwarded_For", "192.0.2.66"),
        ("X-Forwarded-Proto", "https"),
        ("Content_Length", "9"),
        ("Content-Length", "4"),
        ("Authorization", "Comity-Device abc"),
    ]
    query = "key=é&b=1%20%C3%A9".encode()
    Client(front_of(echo), "POST", "/threads/trêve", query, headers, body(b"mots")).get()
    (environ,) = echo.requests
    assert environ["REMOTE_ADDR"] == "198.51.100.9"
    assert environ["HTTP_X_FORWARDED_FOR"] == "203.0.113.7"
    assert environ["HTTP_X_FORWARDED_PROTO"] == "https"
    assert environ["HTTP_AUTHORIZATION"] == "Comity-Device abc"
    assert environ["CONTENT_LENGTH"] == "4"
    assert environ["QUERY_STRING"] == "key=%C3%A9&b=1%20%C3%A9"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/threads/trêve"


def test_websockets_are_refused(echo: Echo) -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(front_of(echo)({"type": "websocket"}, receive, send))
    assert [each["type"] for each in sent] == ["websocket.close"]


@pytest.mark.parametrize(
    ("failing", "expected"),
    [
        ("", ["start", "lifespan.startup.complete", "stop", "lifespan.shutdown.complete"]),
        ("start", ["start", "lifespan.startup.failed"]),
        ("stop", ["start", "lifespan.startup.complete", "stop", "lifespan.shutdown.failed"]),
    ],
)
def test_the_server_s_life_starts_and_stops_the_pump(echo: Echo, failing: str, expected: list[str]) -> None:
    happened: list[str] = []

    def note(what: str) -> None:
        happened.append(what)
        if what == failing:
            raise OSError(what)

    arriving = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> dict[str, Any]:
        return next(arriving)

    async def send(message: Any) -> None:
        happened.append(message["type"])

    front = front_of(echo, on_start=lambda: note("start"), on_stop=lambda: note("stop"))
    asyncio.run(front({"type": "lifespan"}, receive, send))
    assert happened == expected


@pytest.mark.django_db(transaction=True)  # the page of an unknown address asks which site it is
@pytest.mark.parametrize(
    ("method", "path", "line"),
    [
        ("GET", "/healthz", "GET healthz 200 5.0 ms"),
        ("HEAD", "/healthz", "HEAD healthz 200 5.0 ms"),
        ("GET", "/static/secret.js", "GET static 404 5.0 ms"),
        ("GET", "/secret/secret@example.org", "GET unknown 404 5.0 ms"),
        ("SECRET", "/secret", "OTHER unknown 404 5.0 ms"),
    ],
)
def test_the_access_log_names_routes_and_no_values(
    method: str, path: str, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    ticks = iter([1.0, 1.005])
    front = front_of(WSGIHandler(), clock=lambda: next(ticks))
    with caplog.at_level(logging.INFO, logger="comity.access"):
        Client(front, method, path, b"email=secret", {"host": "localhost", "cookie": "secret"}).get()
    messages = [each.getMessage() for each in caplog.records if each.name == "comity.access"]
    assert messages == [line]
