"""Moments in the desk's forms, which are in the server's time zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["as_typed", "moment_of"]


def as_typed(value: object) -> str:
    """A stored value as the form's fields hold it."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, (tuple, list)):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def moment_of(form: Mapping[str, str], field: str) -> datetime | None:
    """The moment in a field; None when it is empty.

    Raises:
        Refusal: `field_invalid`.
    """
    typed = form.get(field, "").strip()
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
        return found if timezone.is_aware(found) else timezone.make_aware(found)
    except (ValueError, OverflowError):
        raise Refusal(RefusalCode.FIELD_INVALID, field=field) from None
