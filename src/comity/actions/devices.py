"""Making a device of a browser that acts for the first time."""

from __future__ import annotations

from datetime import datetime

from comity.actions.rows import insert_row
from comity.models import Device
from comity.rules.actors import Actor
from comity.rules.tokens import device_digest

__all__ = ["device_of", "holds_token_of"]


def device_of(actor: Actor, *, now: datetime) -> tuple[Device | None, str | None]:
    """The actor's device, made if needed, and the token to hand out if it was made now.

    None for staff and for an actor that brought no token and wants none.
    """
    if actor.device_id is not None:
        return Device(pk=actor.device_id, site_id=actor.site_id, reader_id=actor.reader_id), None
    if actor.is_staff or actor.new_device_token is None:
        return None, None
    device = Device(
        site_id=actor.site_id,
        token_digest=device_digest(actor.site_id, actor.new_device_token),
        created_at=now,
    )
    insert_row(device, unique=("site", "token_digest"), replaces=("token_digest",))
    return device, actor.new_device_token


def holds_token_of(actor: Actor, device: Device | None) -> bool:
    """Whether the token that the actor would become a device by is this device's already."""
    return (
        device is not None
        and actor.new_device_token is not None
        and device.token_digest == device_digest(actor.site_id, actor.new_device_token)
    )
