"""What staff may do, in one table."""

from __future__ import annotations

from enum import StrEnum

from comity.rules.actors import Actor, StaffRole
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["PERMISSIONS", "Permission", "require"]


class Permission(StrEnum):
    """A right at one site."""

    PUBLISH_STORIES = "publish_stories"
    MODERATE = "moderate"
    SEE_REPORTERS = "see_reporters"
    """Who reported, and requests for a right of reply."""

    PRESERVE_EVIDENCE = "preserve_evidence"
    """Putting evidence aside for authorities, handing it over, recording who was told, letting go."""

    EDIT_RULES = "edit_rules"
    """House rules and contact points."""


PERMISSIONS: dict[StaffRole, frozenset[Permission]] = {
    StaffRole.EDITOR: frozenset(Permission),
    StaffRole.MODERATOR: frozenset({Permission.MODERATE}),
}


def require(actor: Actor, permission: Permission) -> None:
    """Let the actor pass or refuse.

    Raises:
        Refusal: `authentication_required` for someone who is not staff; `permission_denied` without the right.
    """
    if actor.staff_role is None:
        raise Refusal(RefusalCode.AUTHENTICATION_REQUIRED)
    if permission not in PERMISSIONS[actor.staff_role]:
        raise Refusal(RefusalCode.PERMISSION_DENIED)
