"""The chain over a site's decisions: what was decided, in which order, provable without keeping who wrote what.

Each decision's content is digested with a random salt; each link digests the content's digest and the link before. When
retention takes a decision's details, its salt goes with them: the digest then says nothing of what it was made from,
and the chain still holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

__all__ = ["content_digest", "link_digest"]


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"no plain value: {type(value).__name__}")


def content_digest(salt: str, content: Mapping[str, Any]) -> str:
    """Digest of a decision's content: 64 hexadecimal digits.

    Args:
        content: JSON values and times, by name; the order of the names is of no weight.
    """
    document = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=_plain)
    return sha256(f"comity-decision-1|{salt}|{document}".encode()).hexdigest()


def link_digest(previous: str, *, sequence: int, content: str) -> str:
    """Digest of a link: 64 hexadecimal digits.

    Args:
        previous: the digest of the link before; empty for the first.
        sequence: the link's number, from 1.
        content: what `content_digest` gave.
    """
    return sha256(f"comity-chain-1|{previous}|{sequence}|{content}".encode()).hexdigest()
