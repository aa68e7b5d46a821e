"""The people and places of the conversation's tests, and a moderator."""

from __future__ import annotations

import pytest

from comity.actions.readers import add_staff
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor, StaffRole
from tests.conversation.conftest import clock, editor, guest, other_site, post, site, story

__all__ = ["clock", "editor", "guest", "moderator", "other_site", "post", "site", "story"]


@pytest.fixture
def moderator(site: SiteShape) -> Actor:
    staff = add_staff(
        site=site, username="paul", role=StaffRole.MODERATOR, name="Paul Rédac", password="une phrase assez longue"
    )
    return Actor(site_id=site.id, staff_id=staff.id, staff_role=staff.role, staff_name=staff.name)
