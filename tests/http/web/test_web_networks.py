"""Whose address is believed: the rightmost hop that is not one of our proxies."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from comity.web.networks import client_address, is_https, network_digest

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PROXIES = ["10.0.0.0/8", "2001:db8:1::/48"]


@pytest.fixture(autouse=True)
def _proxies(settings: Settings) -> None:
    settings.COMITY = {**settings.COMITY, "trusted_proxies": PROXIES}


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", None, "192.0.2.7"),
        ("192.0.2.7", "203.0.113.9", "192.0.2.7"),  # not our proxy: what it says is not believed
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # the client wrote the first itself
        ("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.2.3.4", "203.0.113.9"),
        ("10.0.0.1", "10.9.9.9, 203.0.113.9, 10.2.3.4", "203.0.113.9"),
        ("10.0.0.1", "10.9.9.9, 10.2.3.4", "10.9.9.9"),
        ("10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.1", "[2001:db8:2::1]:4711", "2001:db8:2::1"),
        ("10.0.0.1", "2001:db8:2::1", "2001:db8:2::1"),
        ("2001:db8:1::5", "203.0.113.9", "203.0.113.9"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, _hidden", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, ", "10.0.0.1"),
        ("10.0.0.1", "x" * 100_000, "10.0.0.1"),
        ("10.0.0.1", ",".join(["10.0.0.1"] * 5000 + ["203.0.113.9"]), "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9," + ",".join(["10.0.0.1"] * 5000), "10.0.0.1"),
        ("", "203.0.113.9", None),
    ],
)
def test_client_address(peer: str, forwarded: str | None, expected: str | None) -> None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    address = client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))
    assert (None if address is None else str(address)) == expected


def _digest(peer: str, now: datetime = NOON) -> str:
    return network_digest(RequestFactory().get("/", REMOTE_ADDR=peer), now=now)


def test_a_network_is_an_ipv4_address_or_a_64() -> None:
    assert _digest("2001:db8:2:3::1") == _digest("2001:db8:2:3:ffff::2")
    assert _digest("2001:db8:2:3::1") != _digest("2001:db8:2:4::1")
    assert _digest("192.0.2.7") == _digest("::ffff:192.0.2.7")
    assert _digest("192.0.2.7") != _digest("192.0.2.8")


def test_digests_rotate_daily_and_are_keyed(settings: Settings) -> None:
    before = _digest("192.0.2.7")
    assert before == _digest("192.0.2.7", NOON.replace(hour=23))
    assert before != _digest("192.0.2.7", NOON.replace(day=2))
    assert "192" not in before
    settings.COMITY = {**settings.COMITY, "secrets": ("another secret",)}
    assert _digest("192.0.2.7") != before


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", "https", False),
        ("10.0.0.1", "https", True),
        ("10.0.0.1", "http", False),
        ("10.0.0.1", "https, http", False),
        ("10.0.0.1", "http, HTTPS", True),
        ("10.0.0.1", "", False),
    ],
)
def test_https_behind_a_proxy(peer: str, forwarded: str, expected: bool) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-Proto": forwarded}, REMOTE_ADDR=peer)
    assert is_https(request) is expected


def test_https_of_the_connection_itself() -> None:
    assert is_https(RequestFactory().get("/", secure=True))
