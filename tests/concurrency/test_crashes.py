"""SIGKILL at every point between a request and what follows from it: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.concurrency.conftest import Process

pytestmark = [pytest.mark.database, pytest.mark.server]


def test_nothing_is_lost_or_doubled_wherever_a_process_is_killed(start: Callable[[], Process], tmp_path: Path) -> None:
    found = start().do("crash", seed=1, folder=str(tmp_path), anywhere=60)
    print(found)
    assert found["faults"] == []
