"""Signed calls: how a publisher's system proves that a request is its own.

    Comity-Signature: key=<key id>, time=<unix seconds>, signature=<hexadecimal HMAC-SHA256>

What is signed is the canonical text of the request; see `canonical`. The secret of a key is derived from the server's
secret, so that the database holds nothing that signs.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["SIGNATURE_HEADER", "Signed", "canonical", "header_value", "sign", "site_secret", "verify"]

SIGNATURE_HEADER = "Comity-Signature"
TOLERANCE_SECONDS = 300
_HEADER = re.compile(
    r"\s*key=(?P<key>[A-Za-z0-9_-]{1,32})\s*,\s*time=(?P<time>[0-9]{1,12})\s*,\s*signature=(?P<signature>[0-9a-f]{64})\s*",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a call, and when."""

    key_id: str
    signed_at: datetime


def site_secret(server_secret: str, key_id: str) -> str:
    """The secret that belongs to a key: 64 hexadecimal digits, shown to the publisher once, stored nowhere."""
    return hmac.digest(server_secret.encode(), f"comity-site-key|{key_id}".encode(), "sha256").hex()


def canonical(*, time: int, method: str, path: str, body: bytes) -> bytes:
    """The text that is signed.

    Args:
        time: seconds since 1970.
        path: path with query. In the path, every byte that is not a letter, a digit or one of `-._~/` is written as
            `%` and two upper-case hexadecimal digits, however it was sent; the query stands as it was sent.
    """
    return f"comity-v1\n{time}\n{method.upper()}\n{path}\n{sha256(body).hexdigest()}".encode()


def sign(secret: str, *, time: int, method: str, path: str, body: bytes) -> str:
    """The signature: 64 hexadecimal digits."""
    return hmac.digest(secret.encode(), canonical(time=time, method=method, path=path, body=body), "sha256").hex()


def header_value(secret: str, *, key_id: str, time: int, method: str, path: str, body: bytes) -> str:
    """What a caller puts into the `Comity-Signature` header."""
    signature = sign(secret, time=time, method=method, path=path, body=body)
    return f"key={key_id}, time={time}, signature={signature}"


def verify(header: str, *, server_secrets: Sequence[str], method: str, path: str, body: bytes, now: datetime) -> Signed:
    """Who signed this request. That the key exists and is not revoked is the caller's to check.

    Args:
        server_secrets: the server's secrets, newest first: a key given out before a rotation still signs.

    Raises:
        Refusal: `authentication_required` without a header, `signature_invalid`, `signature_expired` when the time
            signed is more than 300 seconds from `now`.
    """
    if not header:
        raise Refusal(RefusalCode.AUTHENTICATION_REQUIRED)
    parts = _HEADER.fullmatch(header)
    if parts is None:
        raise Refusal(RefusalCode.SIGNATURE_INVALID)
    key_id, time = parts["key"], int(parts["time"])
    # Every secret is tried, whichever fits, so that the time taken says nothing about which one is in use.
    fits = [
        hmac.compare_digest(
            parts["signature"], sign(site_secret(secret, key_id), time=time, method=method, path=path, body=body)
        )
        for secret in server_secrets
    ]
    if not any(fits):
        raise Refusal(RefusalCode.SIGNATURE_INVALID)
    if abs(now.timestamp() - time) > TOLERANCE_SECONDS:
        raise Refusal(RefusalCode.SIGNATURE_EXPIRED, limit=TOLERANCE_SECONDS)
    return Signed(key_id=key_id, signed_at=datetime.fromtimestamp(time, UTC))
