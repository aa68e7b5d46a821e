"""Bodies are read whole before a thread is taken, and what is wrong with them is said in the reader's language."""

from __future__ import annotations

import json

import pytest

from comity.stream.bodies import DRAIN_BYTES
from tests.front.conftest import Client, Echo, body, front_of

FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"}


def test_a_body_in_pieces_arrives_whole_with_its_length(echo: Echo) -> None:
    answer = Client(
        front_of(echo), "POST", headers={"transfer-encoding": "chunked"}, sent=body(b"one ", b"", b"two ", b"three")
    ).get()
    assert (answer.status, answer.body) == (200, b"one two three")
    (environ,) = echo.requests
    assert environ["CONTENT_LENGTH"] == "13"
    assert "HTTP_TRANSFER_ENCODING" not in environ


@pytest.mark.parametrize(("size", "status"), [(0, 200), (999, 200), (1000, 200), (1001, 413), (1_048_576, 413)])
def test_the_cap_is_exact_and_an_ordinary_mistake_is_heard_out(echo: Echo, size: int, status: int) -> None:
    client = Client(front_of(echo), "POST", sent=body(*[b"x" * (size // 4)] * 3, b"x" * (size - size // 4 * 3)))
    answer = client.get()
    assert answer.status == status
    assert len(echo.requests) == (1 if status == 200 else 0)
    assert client.asked_for_more >= 4
    assert answer.headers.get("connection") == (None if status == 200 else "close")


def test_an_enormous_body_is_not_read_at_all(echo: Echo) -> None:
    client = Client(front_of(echo), "POST", headers={"content-length": str(DRAIN_BYTES + 1)}, sent=())
    assert client.get().status == 413
    assert client.asked_for_more == 0


def test_an_endless_body_is_not_heard_out(echo: Echo) -> None:
    piece = {"type": "http.request", "body": b"x" * 1_000_000, "more_body": True}
    client = Client(front_of(echo), "POST", sent=[piece] * 100)
    assert client.get().status == 413
    assert client.asked_for_more == DRAIN_BYTES // 1_000_000 + 1


def test_a_body_that_does_not_come_in_time_is_not_waited_for(echo: Echo) -> None:
    piece = {"type": "http.request", "body": b"Bon", "more_body": True}
    answer = Client(front_of(echo, body_deadline=0.01), "POST", sent=[piece]).get()
    assert (answer.status, answer.headers["connection"]) == (408, "close")
    assert json.loads(answer.body)["code"] == "body_too_slow"
    assert echo.requests == []


def test_who_hangs_up_gets_no_answer(echo: Echo) -> None:
    piece = {"type": "http.request", "body": b"Bon", "more_body": True}
    client = Client(front_of(echo), "POST", sent=[piece, {"type": "http.disconnect"}])
    assert client.get().messages == []
    assert echo.requests == []


def test_programs_are_told_in_a_problem_that_any_page_may_read(echo: Echo) -> None:
    answer = Client(front_of(echo), "POST", "/api/v1/threads/x/comments", b"lang=en", sent=body(b"x" * 1001)).get()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"
    problem = json.loads(answer.body)
    assert (problem["status"], problem["code"]) == (413, "body_too_large")
    assert problem["detail"] == "What was sent is too large: at most 1,000 bytes."


def test_people_are_told_on_a_page(echo: Echo) -> None:
    answer = Client(front_of(echo), "POST", query=b"lang=en", headers=FORM, sent=body(b"x" * 1001)).get()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == "en"
    assert '<html lang="en" dir="ltr">' in answer.body.decode()
    assert "What was sent is too large: at most 1,000 bytes." in answer.body.decode()
    assert "<form" not in answer.body.decode()


@pytest.mark.parametrize(
    ("query", "language"),
    [(b"", "fr"), (b"lang=fr", "fr"), (b"lang=en", "en"), (b"lang=xx", "fr"), (b"lang=\xff", "fr")],
)
def test_the_language_is_the_one_asked_for(echo: Echo, query: bytes, language: str) -> None:
    answer = Client(front_of(echo), "POST", "/", query, sent=body(b"x" * 1001)).get()
    assert answer.headers["content-language"] == language
