"""A database that is locked or away: 503, when to come again, and nothing of what was typed is lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.utils.html import escape

from tests.concurrency.conftest import Process, server_connection

pytestmark = [pytest.mark.database, pytest.mark.server]

POSTED: dict[str, Any] = {
    "method": "POST",
    "path": "/api/v1/threads/treve/comments",
    "json": {"text": "Un commentaire courtois.", "author_name": "Anne"},
}
READ = {"method": "GET", "path": "/api/v1/threads/treve"}


def check_unavailable(answer: dict[str, Any]) -> None:
    assert answer["status"] == 503
    assert int(answer["headers"]["Retry-After"]) > 0
    problem = json.loads(answer["body"])
    assert problem["code"] == "service_unavailable"
    assert problem["detail"]


@pytest.fixture
def interruption(database: str) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """How to take the database away, and how to give it back."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
        yield lambda: other.execute("BEGIN IMMEDIATE"), lambda: other.execute("ROLLBACK")
        other.close()
        return
    name = database.rpartition("/")[2]
    with server_connection() as server:

        def away() -> None:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

        yield away, lambda: server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_posting_is_refused_and_possible_again(start: Callable[[], Process], interruption: Any) -> None:
    away, back = interruption
    newsroom = start()
    assert newsroom.do("ask", **READ)["status"] == 200
    if connection.vendor == "sqlite":
        newsroom.do("be_patient", milliseconds=20)
    away()
    check_unavailable(newsroom.do("ask", **POSTED))
    back()
    assert newsroom.do("ask", **POSTED)["status"] in {201, 202}  # published or held: screening has tests of its own
    assert newsroom.do("compare")["comments"] == 1


TYPED = "Une phrase écrite avec soin, qu'il ne faut pas perdre."
FORM: dict[str, Any] = {
    "method": "POST",
    "path": "/threads/treve/comments?lang=fr",
    "form": urlencode({"text": TYPED, "author_name": "Anne", "author_email": "", "website": ""}),
    "headers": {"Accept": "text/html", "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
}


def test_the_plain_form_comes_back_as_it_was_filled_in(start: Callable[[], Process], interruption: Any) -> None:
    away, back = interruption
    newsroom = start()
    assert newsroom.do("ask", method="GET", path="/threads/treve")["status"] == 200
    if connection.vendor == "sqlite":
        newsroom.do("be_patient", milliseconds=20)
    away()
    answer = newsroom.do("ask", **FORM)
    assert answer["status"] == 503
    assert int(answer["headers"]["Retry-After"]) > 0
    assert escape(TYPED) in answer["body"]
    assert "Anne" in answer["body"]
    back()
    assert newsroom.do("ask", **FORM)["status"] == 303
    assert newsroom.do("compare")["comments"] == 1


def test_reading_goes_on_while_somebody_writes(start: Callable[[], Process], interruption: Any) -> None:
    if connection.vendor == "postgresql":
        return  # readers and writers never meet there, and a database that is away cannot be read
    away, _ = interruption
    newsroom = start()
    newsroom.do("be_patient", milliseconds=20)
    away()
    assert newsroom.do("ask", **READ)["status"] == 200
    assert newsroom.do("ask", method="GET", path="/threads/treve")["status"] == 200
