"""SIGKILL at every point between a request and what follows from it: nothing acknowledged is lost, nothing is doubled.

Here a part of the points, drawn from a seed; `python -m benchmarks.crashes` goes over all of them, again and again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tests.concurrency.conftest import Process

pytestmark = [pytest.mark.database, pytest.mark.server]


def test_nothing_is_lost_or_doubled_wherever_a_process_is_killed(start: Callable[[], Process], tmp_path: Path) -> None:
    found = start().do("crash", seed=1, folder=str(tmp_path), every=4, anywhere=40, without_disk=True)
    died = sum(count for place, count in found["deaths"].items() if place != "ended before its death")
    assert found["faults"] == []
    assert died > 150
    assert found["neighbours"] > 5


CARELESS = {
    "answer_before_the_commit": ("post", 0.25, "acknowledged as"),
    "keep_receipts_later": ("post", 0.25, "comments stored"),
    "tell_later": ("post", 0.25, "wrongly heard"),
    "finish_before_the_reaction": ("pump", 0.5, "wrongly heard"),
}
"""By the promise that is broken: the work in which to kill, how much of it from its end, and what must be said."""


@pytest.mark.parametrize("careless", CARELESS)
def test_a_broken_promise_would_be_seen(start: Callable[[], Process], tmp_path: Path, careless: str) -> None:
    if connection.vendor == "postgresql":
        return  # the accounts are the same
    kind, part, said = CARELESS[careless]
    found = start().do(
        "crash", seed=1, folder=str(tmp_path), kinds=[kind], part=part, careless=careless, without_disk=True
    )
    assert any(said in fault for fault in found["faults"]), found
