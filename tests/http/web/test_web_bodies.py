"""Reading bodies: what can't be read is refused, never guessed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from comity.rules.refusals import Refusal
from comity.web.bodies import body_digest, read_form, read_json

FORM = "application/x-www-form-urlencoded"


def _request(body: bytes, content_type: str) -> HttpRequest:
    return RequestFactory().generic("POST", "/", body, content_type=content_type, CONTENT_TYPE=content_type)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", {}),
        (b"text=Bonjour+%C3%A0+tous&author_name=Anne", {"text": "Bonjour à tous", "author_name": "Anne"}),
        (b"text=un&text=deux", {"text": "deux"}),
        (b"text=", {"text": ""}),
        (b"text=a%0D%0Ab", {"text": "a\r\nb"}),
        (b"text=%26%3D", {"text": "&="}),
    ],
)
def test_a_form(body: bytes, fields: dict[str, str]) -> None:
    assert read_form(_request(body, FORM)) == fields


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"text=%FF", FORM, "body_malformed"),
        (b"text=\xff", FORM, "body_malformed"),
        (b"&".join(b"f%d=x" % number for number in range(100)), FORM, "body_malformed"),
        (b"text=a", "text/plain", "media_type_unsupported"),
        (b"{}", "application/json", "media_type_unsupported"),
        (b"no boundary", "multipart/form-data", "body_malformed"),
        (b"text=" + b"a" * 300_000, FORM, "body_too_large"),
    ],
)
def test_a_form_that_cannot_be_read(body: bytes, content_type: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_form(_request(body, content_type))
    assert refused.value.code == code


def _multipart(content: str, *, file: bool = False) -> HttpRequest:
    name = '"; filename="a.txt' if file else ""
    body = f'--b\r\nContent-Disposition: form-data; name="text{name}"\r\n\r\n{content}\r\n--b--\r\n'
    return _request(body.encode(), "multipart/form-data; boundary=b")


def test_a_multipart_form_without_files() -> None:
    assert read_form(_multipart("Bonjour à tous")) == {"text": "Bonjour à tous"}
    with pytest.raises(Refusal):
        read_form(_multipart("Bonjour", file=True))


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=50), max_size=8))
def test_whatever_a_form_holds_arrives(fields: dict[str, str]) -> None:
    try:
        body = urlencode(fields).encode()
    except UnicodeEncodeError:  # half of a surrogate pair: no browser can send it
        return
    assert read_form(_request(body, FORM)) == fields


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    refused: set[str] = set()
    for read, content_type in ((read_form, FORM), (read_json, "application/json")):
        reader: Any = read
        try:
            value = reader(_request(body, content_type))
        except Refusal as refusal:
            refused.add(refusal.code)
        else:
            assert isinstance(value, dict)
    assert refused <= {"body_malformed"}


def test_the_limit_is_the_setting_s(settings: Settings) -> None:
    settings.COMITY = {**settings.COMITY, "body_limit_bytes": 10}
    assert len(body_digest(_request(b"a" * 10, FORM))) == 64
    with pytest.raises(Refusal) as refused:
        body_digest(_request(b"a" * 11, FORM))
    assert refused.value.code == "body_too_large"
    assert refused.value.details == {"limit": 10}
