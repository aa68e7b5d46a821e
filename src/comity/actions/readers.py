"""Staff accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from comity.actions.writing import write_transaction
from comity.models import Staff
from comity.queries.readers import StaffShape
from comity.queries.shapes import SiteShape
from comity.rules.actors import StaffRole
from comity.rules.posting import check_name
from comity.rules.refusals import Refusal, RefusalCode
from comity.text.plain import fold_name

__all__ = ["add_staff", "set_password"]


def _checked(password: str) -> str:
    try:
        validate_password(password)
    except ValidationError:
        raise Refusal(RefusalCode.FIELD_INVALID, field="password") from None
    return password


def add_staff(*, site: SiteShape, username: str, role: StaffRole, name: str, password: str | None = None) -> StaffShape:
    """Make a member of a site's staff of the host's user with this name, who is made too if there is none.

    Args:
        password: for a user made now; an existing user's stays as it is.

    Raises:
        Refusal: `field_invalid` (password too weak or missing for a new user), `name_missing` and its kin.
    """
    shown = check_name(name)
    model: Any = get_user_model()  # the host's user model: its manager's methods are known only by convention
    with write_transaction():
        user = model.objects.filter(**{model.USERNAME_FIELD: username}).first()
        if user is None:
            if password is None:
                raise Refusal(RefusalCode.FIELD_INVALID, field="password")
            user = model(**{model.USERNAME_FIELD: username})
            user.set_password(_checked(password))
            user.save()
        staff, _ = Staff.objects.update_or_create(
            site_id=site.id,
            user_id=user.pk,
            defaults={"role": role.value, "name": shown, "name_skeleton": fold_name(shown), "active": True},
        )
    return StaffShape(id=staff.pk, site_id=site.id, role=role, name=shown)


def set_password(*, username: str, password: str) -> None:
    """Set the password of a host's user.

    Raises:
        Refusal: `field_invalid`: no such user, or the password is too weak.
    """
    model: Any = get_user_model()  # as above
    user = model.objects.filter(**{model.USERNAME_FIELD: username}).first()
    if user is None:
        raise Refusal(RefusalCode.FIELD_INVALID, field="username")
    user.set_password(_checked(password))
    with write_transaction():
        user.save()
