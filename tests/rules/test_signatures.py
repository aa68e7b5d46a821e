"""Signed calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules.refusals import Refusal
from comity.rules.signatures import canonical, header_value, sign, site_secret, verify

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TIME = int(NOW.timestamp())
CALL = {"method": "PUT", "path": "/api/v1/stories/treve?site=gazette", "body": b"{}"}


def _header(time: int = TIME, secret: str = "server secret") -> str:
    return header_value(site_secret(secret, "key1"), key_id="key1", time=time, **CALL)  # type: ignore[arg-type]  # one table for all calls


def _code(header: str, **changes: object) -> str | None:
    asked: dict[str, object] = {"server_secrets": ["server secret"], "now": NOW, **CALL, **changes}
    try:
        signed = verify(header, **asked)  # type: ignore[arg-type]  # the table's own keyword arguments
    except Refusal as refusal:
        return refusal.code.value
    assert signed.key_id == "key1"
    return None


def test_the_canonical_text_is_the_documented_one() -> None:
    assert canonical(time=7, method="put", path="/a?b", body=b"") == (
        b"comity-v1\n7\nPUT\n/a?b\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    # Computed once with OpenSSL: printf 'comity-v1\n7\nPUT\n/a?b\ne3b0…' | openssl dgst -sha256 -hmac secret
    assert (
        sign("secret", time=7, method="PUT", path="/a?b", body=b"")
        == "63372e2b456adf5970fd2427dd504bc73a33b9c0629356ff703d961ed21c5a80"
    )


def test_what_was_signed_is_verified() -> None:
    assert _code(_header()) is None
    assert _code(_header(), server_secrets=["new", "server secret"]) is None
    assert _code(_header().replace(", ", ",")) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"method": "POST"}, "signature_invalid"),
        ({"path": "/api/v1/stories/autre?site=gazette"}, "signature_invalid"),
        ({"path": "/api/v1/stories/treve?site=tribune"}, "signature_invalid"),
        ({"body": b"{ }"}, "signature_invalid"),
        ({"server_secrets": ["new"]}, "signature_invalid"),
        ({"now": NOW + timedelta(seconds=300)}, None),
        ({"now": NOW + timedelta(seconds=301)}, "signature_expired"),
        ({"now": NOW - timedelta(seconds=301)}, "signature_expired"),
    ],
)
def test_what_was_not_signed_is_refused(changes: dict[str, object], code: str | None) -> None:
    assert _code(_header(), **changes) == code


def test_a_time_that_was_not_signed() -> None:
    assert _code(_header().replace(f"time={TIME}", f"time={TIME + 1}")) == "signature_invalid"
    assert _code("") == "authentication_required"


@given(st.text(max_size=200))
def test_any_header_is_refused(header: str) -> None:
    assert _code(header) in {"signature_invalid", "authentication_required"}
