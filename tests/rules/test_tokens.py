"""Device tokens, and sealed tokens for links sent out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules.tokens import (
    SealError,
    derive_device_token,
    device_digest,
    is_device_token,
    open_seal,
    seal,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("token", "good"),
    [
        ("a" * 43, True),
        ("A-_0" * 32, True),
        ("a" * 42, False),
        ("a" * 129, False),
        ("é" * 43, False),
        ("a" * 43 + "\n", False),
        ("a" * 42 + "=", False),
        ("", False),
    ],
)
def test_what_can_be_a_device_token(token: str, good: bool) -> None:
    assert is_device_token(token) is good


def test_a_token_makes_another_device_at_another_site() -> None:
    assert device_digest(1, "a" * 43) != device_digest(2, "a" * 43)
    assert device_digest(1, "a" * 43) == device_digest(1, "a" * 43)
    assert len(device_digest(1, "a" * 43)) == 64


def test_a_derived_token_depends_on_everything() -> None:
    base = {"site_id": 1, "idempotency_key": "k" * 16, "body_digest": "0" * 64}
    token = derive_device_token("secret", **base)
    assert is_device_token(token)
    assert token == derive_device_token("secret", **base)
    others = [
        derive_device_token("other", **base),
        derive_device_token("secret", **{**base, "site_id": 2}),
        derive_device_token("secret", **{**base, "idempotency_key": "l" * 16}),
        derive_device_token("secret", **{**base, "body_digest": "1" * 64}),
    ]
    assert len({token, *others}) == 5


@given(subject=st.text(max_size=40), purpose=st.text(max_size=20), site_id=st.integers(1, 2**31))
def test_a_sealed_subject_comes_back(subject: str, purpose: str, site_id: int) -> None:
    try:
        subject.encode()
        purpose.encode()
    except UnicodeEncodeError:
        return
    token = seal("secret", site_id=site_id, purpose=purpose, subject=subject, expires_at=TOMORROW)
    assert open_seal(token, secrets=["secret"], site_id=site_id, purpose=purpose, now=NOW) == subject


def _token() -> str:
    return seal("secret", site_id=1, purpose="unsubscribe", subject="12", expires_at=TOMORROW)


def test_a_seal_holds_for_its_site_purpose_and_time() -> None:
    def opened(**changes: object) -> bool:
        asked: dict[str, object] = {
            "secrets": ["secret"],
            "site_id": 1,
            "purpose": "unsubscribe",
            "now": NOW,
            **changes,
        }
        try:
            open_seal(_token(), **asked)  # type: ignore[arg-type]  # the table's own keyword arguments
        except SealError as error:
            return error.expired
        return True

    assert opened()
    assert opened(secrets=["new", "secret"])
    assert not opened(secrets=["new"])
    assert not opened(site_id=2)
    assert not opened(purpose="unsubscrib")
    assert opened(now=TOMORROW - timedelta(seconds=1))
    with pytest.raises(SealError) as refused:
        open_seal(_token(), secrets=["secret"], site_id=1, purpose="unsubscribe", now=TOMORROW)
    assert refused.value.expired


@given(st.integers(0, 200), st.sampled_from("ABab01-_.=é \n"))
def test_a_changed_seal_is_refused(position: int, letter: str) -> None:
    token = _token()
    position %= len(token)
    changed = token[:position] + letter + token[position + 1 :]
    if changed == token:
        return
    with pytest.raises(SealError) as refused:
        open_seal(changed, secrets=["secret"], site_id=1, purpose="unsubscribe", now=NOW)
    assert not refused.value.expired


@given(st.text(max_size=300))
def test_any_text_is_refused(token: str) -> None:
    with pytest.raises(SealError):
        open_seal(token, secrets=["secret"], site_id=1, purpose="unsubscribe", now=NOW)
