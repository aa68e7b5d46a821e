"""Tokens: what a device proves itself by, and what a link sent out carries.

Nothing here draws random numbers or reads a clock: secrets, random tokens and the time are the caller's.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

__all__ = ["SealError", "derive_device_token", "device_digest", "is_device_token", "open_seal", "seal"]

_DEVICE_TOKEN = re.compile(r"[A-Za-z0-9_-]{43,128}", re.ASCII)
_SEAL_LENGTH_MAXIMUM = 1024
_SEAL_CONTEXT = b"comity-seal|"


def is_device_token(token: str) -> bool:
    """Whether this can be a device token: 43 to 128 letters, digits, `-` and `_`, so 256 bits when made at random."""
    return bool(_DEVICE_TOKEN.fullmatch(token))


def device_digest(site_id: int, token: str) -> str:
    """What is stored of a device token: 64 hexadecimal digits.

    The site is part of it: one token used at two sites makes two devices that nobody can tell to be the same.
    """
    return sha256(f"comity-device|{site_id}|{token}".encode()).hexdigest()


def derive_device_token(secret: str, *, site_id: int, idempotency_key: str, body_digest: str) -> str:
    """The token of a device that had none when it posted with an idempotency key.

    A repeat of a request whose answer was lost derives the same token, so that its sender still becomes the author.
    Whoever can repeat key and body can be nobody but the sender: keys are long and never shown.
    """
    message = f"device|{site_id}|{idempotency_key}|{body_digest}"
    return _encode(hmac.digest(secret.encode(), message.encode(), "sha256"))


class SealError(ValueError):
    """A sealed token is not ours, or its time is over.

    Attributes:
        expired: it is ours and was right until its time was over.
    """

    def __init__(self, *, expired: bool) -> None:
        super().__init__("expired" if expired else "invalid")
        self.expired = expired


def seal(secret: str, *, site_id: int, purpose: str, subject: str, expires_at: datetime) -> str:
    """A token for a link sent out, good for one site and one purpose until `expires_at` (to the second).

    `subject` is an id that means something to the purpose alone; its holder could read it, so it is never an address,
    a name or a text.
    """
    payload = f"{int(expires_at.timestamp())}|{subject}".encode()
    return _encode(payload) + "." + _encode(_seal_mac(secret, site_id, purpose, payload))


def open_seal(token: str, *, secrets: Sequence[str], site_id: int, purpose: str, now: datetime) -> str:
    """The subject of a sealed token.

    Args:
        secrets: signing secrets, newest first; any of them may have sealed the token.

    Raises:
        SealError: not sealed by us for this site and purpose, or expired.
    """
    encoded_payload, dot, encoded_mac = token.partition(".")
    if not dot or len(token) > _SEAL_LENGTH_MAXIMUM:
        raise SealError(expired=False)
    try:
        payload, mac = _decode(encoded_payload), _decode(encoded_mac)
    except (ValueError, Base64Error):
        raise SealError(expired=False) from None
    # Every secret is tried, whichever fits, so that the time taken says nothing about which one is in use.
    fits = [hmac.compare_digest(mac, _seal_mac(secret, site_id, purpose, payload)) for secret in secrets]
    if not any(fits):
        raise SealError(expired=False)
    expiry, _, subject = payload.decode().partition("|")
    if now.timestamp() >= int(expiry):
        raise SealError(expired=True)
    return subject


def _seal_mac(secret: str, site_id: int, purpose: str, payload: bytes) -> bytes:
    # The purpose's length stands before it, so that no two (site, purpose, payload) give the same message.
    message = _SEAL_CONTEXT + f"{site_id}|{len(purpose)}|{purpose}|".encode() + payload
    return hmac.digest(secret.encode(), message, "sha256")


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text, re.ASCII):
        raise ValueError("not base64url")
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _encode(raw) != text:  # unused low bits set: the same token in another spelling
        raise ValueError("not canonical")
    return raw
