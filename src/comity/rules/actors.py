"""Who asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Actor", "StaffRole"]


class StaffRole(StrEnum):
    """What a member of staff may do; see `comity.rules.permissions`."""

    EDITOR = "editor"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Someone at one site: a guest with or without a device, a reader, a member of staff."""

    site_id: int
    device_id: int | None = None
    """The device the request proved by its token."""
    new_device_token: str | None = None
    """A token that the device shall get if this request makes it a device; stored only as a digest."""
    reader_id: int | None = None
    staff_id: int | None = None
    staff_role: StaffRole | None = None
    staff_name: str = ""
    network_digest: str = ""
    """Keyed digest of the client's network, rotating daily; counts and compares, never identifies."""

    @property
    def is_staff(self) -> bool:
        """Whether a member of staff of this site asks."""
        return self.staff_id is not None
