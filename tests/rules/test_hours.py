"""Office hours by the newsroom's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from comity.rules.hours import OfficeHours
from comity.rules.posting import state_in_force
from comity.rules.statuses import StoryState


@pytest.mark.parametrize(
    ("opens", "closes", "zone", "moment", "is_open"),
    [
        (time(8), time(20), "Europe/Paris", datetime(2026, 7, 1, 6, 0, tzinfo=UTC), True),
        (time(8), time(20), "Europe/Paris", datetime(2026, 7, 1, 5, 59, tzinfo=UTC), False),
        (time(8), time(20), "Europe/Paris", datetime(2026, 1, 1, 6, 30, tzinfo=UTC), False),
        (time(8), time(20), "Europe/Paris", datetime(2026, 7, 1, 18, 0, tzinfo=UTC), False),
        (time(20), time(2), "UTC", datetime(2026, 7, 1, 23, tzinfo=UTC), True),
        (time(20), time(2), "UTC", datetime(2026, 7, 1, 1, 59, tzinfo=UTC), True),
        (time(20), time(2), "UTC", datetime(2026, 7, 1, 2, tzinfo=UTC), False),
        (time(9), time(9), "UTC", datetime(2026, 7, 1, 3, tzinfo=UTC), True),
    ],
)
def test_hours(opens: time, closes: time, zone: str, moment: datetime, is_open: bool) -> None:
    hours = OfficeHours(opens_at=opens, closes_at=closes, time_zone=zone)
    assert hours.are_open(moment) is is_open
    state = state_in_force(
        state=StoryState.OPEN,
        closes_at=None,
        published_at=None,
        close_after_days=None,
        pre_moderated_site=False,
        office_hours=hours,
        now=moment,
    )
    assert state is (StoryState.OPEN if is_open else StoryState.CLOSED)
