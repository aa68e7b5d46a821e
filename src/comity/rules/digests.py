"""Keyed digests of several parts, which can't be confused with those of other parts or purposes."""

from __future__ import annotations

import hashlib
import hmac

__all__ = ["keyed_digest"]


def keyed_digest(secret: str, purpose: str, *parts: str) -> str:
    """HMAC-SHA256 over the purpose and the parts, each preceded by its length in bytes; 64 hex digits."""
    mac = hmac.new(secret.encode(), digestmod=hashlib.sha256)
    for part in (purpose, *parts):
        encoded = part.encode("utf-8", "surrogatepass")
        mac.update(len(encoded).to_bytes(8, "big"))
        mac.update(encoded)
    return mac.hexdigest()
