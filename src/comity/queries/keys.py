"""Reading publishers' keys."""

from __future__ import annotations

import msgspec

from comity.models import SiteKey
from comity.queries.shapes import SiteShape

__all__ = ["SiteKeyShape", "find_key", "site_keys"]


class SiteKeyShape(msgspec.Struct, frozen=True, kw_only=True):
    """A key that signs calls for one site."""

    site_id: int
    key_id: str
    label: str
    revoked: bool


def _shape(key: SiteKey) -> SiteKeyShape:
    return SiteKeyShape(site_id=key.site_id, key_id=key.key_id, label=key.label, revoked=key.revoked_at is not None)


def find_key(*, key_id: str) -> SiteKeyShape | None:
    """The key with this id, of whatever site; None if there is none."""
    found = SiteKey.objects.filter(key_id=key_id).first() if "\x00" not in key_id else None
    return _shape(found) if found else None


def site_keys(*, site: SiteShape) -> tuple[SiteKeyShape, ...]:
    """The site's keys, oldest first."""
    return tuple(_shape(each) for each in SiteKey.objects.filter(site_id=site.id).order_by("pk"))
