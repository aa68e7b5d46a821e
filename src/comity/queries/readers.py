"""Who a token or a session stands for, and whose names are taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db.models import QuerySet

from comity.models import Device, Reader, Staff
from comity.queries.prepared import Prepared
from comity.queries.shapes import SiteShape
from comity.rules.actors import StaffRole
from comity.text.plain import fold_name

__all__ = ["DeviceShape", "StaffShape", "all_staff", "find_device", "find_staff", "is_reserved"]


class DeviceShape(msgspec.Struct, frozen=True, kw_only=True):
    """A known device."""

    id: int
    reader_id: int | None


class StaffShape(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff at one site."""

    id: int
    site_id: int
    role: StaffRole
    name: str
    active: bool = True


def _by_token(site_id: int, token_digest: str) -> QuerySet[Device, tuple[Any, ...]]:
    return Device.objects.filter(site_id=site_id, token_digest=token_digest).values_list("pk", "reader_id")


def _staff_named(site_id: int, skeleton: str) -> QuerySet[Staff, tuple[Any, ...]]:
    return Staff.objects.filter(site_id=site_id, name_skeleton=skeleton).order_by().values_list("pk")[:1]


def _readers_named(site_id: int, skeleton: str) -> QuerySet[Reader, tuple[Any, ...]]:
    return Reader.objects.filter(site_id=site_id, name_skeleton=skeleton).order_by().values_list("pk")[:1]


_prepared_device, _prepared_staff, _prepared_readers = (
    Prepared(_by_token), Prepared(_staff_named), Prepared(_readers_named),
)  # fmt: skip


def find_device(*, site_id: int, token_digest: str) -> DeviceShape | None:
    """The device with this token digest at this site."""
    found = _prepared_device.rows(site_id, token_digest)
    return DeviceShape(id=found[0][0], reader_id=found[0][1]) if found else None


def find_staff(*, site_id: int, user_id: int) -> StaffShape | None:
    """The active member of this site's staff that a host's user is."""
    found = Staff.objects.filter(site_id=site_id, user_id=user_id, active=True).first()
    if found is None:
        return None
    return StaffShape(id=found.pk, site_id=site_id, role=StaffRole(found.role), name=found.name)


def all_staff(*, site: SiteShape) -> tuple[StaffShape, ...]:
    """The site's staff, by name."""
    return tuple(
        StaffShape(id=each.pk, site_id=site.id, role=StaffRole(each.role), name=each.name, active=each.active)
        for each in Staff.objects.filter(site_id=site.id).order_by("name", "pk")
    )


def is_reserved(*, site: SiteShape, authors: Iterable[str], name: str) -> bool:
    """Whether a guest may not use this name: it is, or looks like, that of the site, of its staff, of an author of the
    story or of a proven reader."""
    skeleton = fold_name(name)
    if skeleton in {fold_name(site.name), fold_name(site.key)}:
        return True
    if _prepared_staff.rows(site.id, skeleton) or _prepared_readers.rows(site.id, skeleton):
        return True
    return any(fold_name(author) == skeleton for author in authors)
