"""Putting evidence aside when life or safety is in danger (DSA article 18): what is done, and what it asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from comity.rules.refusals import Refusal, RefusalCode
from comity.text import plain

__all__ = ["PreservationStep", "check_authority", "check_reference", "check_told_at", "check_why", "document_digest"]

WHY_MINIMUM = 10
WHY_MAXIMUM = 500
AUTHORITY_MAXIMUM = 200
REFERENCE_MAXIMUM = 100
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead a form's clock may be."""


class PreservationStep(StrEnum):
    """What was done about a case for authorities. Every step is a row that nobody can change."""

    PRESERVED = "preserved"
    EXPORTED = "exported"
    TOLD = "told"
    RELEASED = "released"


def _line(value: str, maximum: int, field: str) -> str:
    said = " ".join(plain.clean(value[: 4 * maximum]).split())
    if len(said) > maximum:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field=field, limit=maximum, length=len(said))
    return said


def check_why(why: str) -> str:
    """Why something is put aside or let go, cleaned.

    Raises:
        Refusal: `preservation_reason_missing`, `text_too_long`.
    """
    said = _line(why, WHY_MAXIMUM, "why")
    if len(said) < WHY_MINIMUM:
        raise Refusal(RefusalCode.PRESERVATION_REASON_MISSING, field="why", limit=WHY_MINIMUM)
    return said


def check_authority(authority: str) -> str:
    """Which authority was told, cleaned.

    Raises:
        Refusal: `authority_missing`, `text_too_long`.
    """
    said = _line(authority, AUTHORITY_MAXIMUM, "authority")
    if not said:
        raise Refusal(RefusalCode.AUTHORITY_MISSING, field="authority")
    return said


def check_reference(reference: str) -> str:
    """The number that the authority gave the matter, cleaned; empty for none.

    Raises:
        Refusal: `text_too_long`.
    """
    return _line(reference, REFERENCE_MAXIMUM, "reference")


def check_told_at(told_at: datetime | None, *, now: datetime) -> datetime:
    """When the authority was told; now when nobody says.

    Raises:
        Refusal: `field_invalid`: it is in the future.
    """
    if told_at is not None and told_at > now + CLOCK_TOLERANCE:
        raise Refusal(RefusalCode.FIELD_INVALID, field="told_at")
    return told_at or now


def document_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of what is put aside: JSON in ASCII, keys sorted, without blanks."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
