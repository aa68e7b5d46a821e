"""Where pages of a thread begin and end."""

from __future__ import annotations

import base64
import binascii
import math
from datetime import UTC, datetime, timedelta

import msgspec
from django.db.models import Q

from comity.queries.shapes import Cursor
from comity.rules.identifiers import is_identifier
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["ORDERINGS", "SORTS", "after", "decode", "encode", "moment_key", "moment_of"]

SORTS = ("newest", "oldest", "popular")
ORDERINGS: dict[str, tuple[str, ...]] = {
    "newest": ("-prominence", "-created_at", "-id"),
    "oldest": ("-prominence", "created_at", "id"),
    "popular": ("-prominence", "-popularity", "-id"),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_decoder = msgspec.json.Decoder(Cursor)


def moment_key(moment: datetime) -> float:
    """A moment as whole microseconds since 1970; exact in a float until the year 2255."""
    return float((moment - _EPOCH) // _MICROSECOND)


def moment_of(key: float) -> datetime:
    """The moment of a key made by `moment_key`.

    Raises:
        Refusal: `cursor_invalid`.
    """
    try:
        return _EPOCH + timedelta(microseconds=int(key))
    except (OverflowError, ValueError):
        raise Refusal(RefusalCode.CURSOR_INVALID, field="cursor") from None


def encode(cursor: Cursor) -> str:
    """The cursor as it stands in addresses."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).rstrip(b"=").decode("ascii")


def decode(text: str, *, sort: str) -> Cursor:
    """The cursor of an address.

    Raises:
        Refusal: `cursor_invalid`: not one of ours, or of another sort.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        cursor = _decoder.decode(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError):
        raise Refusal(RefusalCode.CURSOR_INVALID, field="cursor") from None
    if cursor.sort != sort or not math.isfinite(cursor.key) or not is_identifier(cursor.id):
        raise Refusal(RefusalCode.CURSOR_INVALID, field="cursor")
    if not 0 <= cursor.prominence <= 9:
        raise Refusal(RefusalCode.CURSOR_INVALID, field="cursor")
    return cursor


def after(cursor: Cursor) -> Q:
    """The rows that stand after the cursor in its sort."""
    if cursor.sort == "popular":
        within = Q(popularity__lt=cursor.key) | Q(popularity=cursor.key, id__lt=cursor.id)
    elif cursor.sort == "newest":
        moment = moment_of(cursor.key)
        within = Q(created_at__lt=moment) | Q(created_at=moment, id__lt=cursor.id)
    else:
        moment = moment_of(cursor.key)
        within = Q(created_at__gt=moment) | Q(created_at=moment, id__gt=cursor.id)
    return Q(prominence__lt=cursor.prominence) | (Q(prominence=cursor.prominence) & within)
