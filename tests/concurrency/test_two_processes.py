"""Two real processes on one database: nothing is lost, nothing counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tests.concurrency.conftest import Process

pytestmark = [pytest.mark.database, pytest.mark.server]

Pair = tuple[Process, Process]


def test_counters_stand_whatever_two_processes_do_at_once(pair: Pair) -> None:
    for seed, process in enumerate(pair):
        process.order("take_part", seed=seed, count=60)
    outcomes: Counter[str] = Counter()
    for process in pair:
        outcomes.update(process.answer()["outcomes"])
    found = pair[0].do("compare")
    assert found["differences"] == []
    assert found["comments"] == outcomes["post"] + outcomes["reply"]
    assert found["highest_version"] <= found["story_version"]
    assert outcomes["service_unavailable"] == 0
    assert min(outcomes[step] for step in ("post", "reply", "vote", "decide")) > 0


def test_two_processes_that_learn_at_once_make_one_head(pair: Pair) -> None:
    for second in range(3):
        pair[0].do("take_part", seed=second, count=40)
        for process in pair:
            process.order("learn", at=10 * second)
        for process in pair:
            process.answer()
    first, second_answer = (process.do("learn", at=100, replay=True) for process in pair)
    assert first == second_answer
    assert first["lessons"] > 0
    assert first["loaded"] == first["version"]
    assert first["same"] is True


@pytest.mark.parametrize(("cases", "code"), [(False, "decided_meanwhile"), (True, "case_already_decided")])
def test_of_two_deciders_one_decides_and_the_other_is_told_so(pair: Pair, cases: bool, code: str) -> None:
    offered = pair[0].do("offer_cases")["offered"]
    for process, remove in zip(pair, (True, False), strict=True):
        process.order("decide_all", offered=offered, cases=cases, remove=remove)
    first, second = (process.answer()["came_to"] for process in pair)
    for one, other in zip(first, second, strict=True):
        assert sorted((one, other)) == sorted(("done", code))
    found = pair[0].do("decided", offered=offered)
    assert found["decisions"] == [1] * len(offered)
    expected = {"remove": "removed", "hold": "held", "publish": "published"}
    assert found["statuses"] == [expected[each] for each in found["outcomes"]]
    assert found["fault"] == ""


@pytest.mark.parametrize("window", ["fixed", "sliding"])
def test_a_limit_shared_by_processes_is_exact(pair: Pair, window: str) -> None:
    for process in pair:
        process.order("spend", window=window, limit="50/hour", count=40)
    assert sum(process.answer()["passed"] for process in pair) == 50


def test_two_pumps_share_the_work(pair: Pair, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    pair[0].do("take_part", seed=1, count=60)
    for process in pair:
        process.order("pump", notes=str(notes))
    noted = [process.answer()["noted"] for process in pair]
    reactions = Counter(notes.read_text().split())
    assert set(reactions.values()) == {1}
    assert sum(noted) == len(reactions) == pair[0].do("compare")["comments"]


def test_a_killed_pump_loses_nothing_and_repeats_the_one_in_flight(pair: Pair, tmp_path: Path) -> None:
    first, second = pair
    notes = tmp_path / "notes"
    first.do("take_part", seed=1, count=40)
    first.order("pump", notes=str(notes), kill_at=7)
    assert first.wait() == -9
    second.do("pump", notes=str(notes))
    second.do("pump", notes=str(notes), later=61)
    reactions = Counter(notes.read_text().split())
    assert len(reactions) == second.do("compare")["comments"]
    assert sorted(reactions.values())[-2:] == [1, 2]


def test_only_what_may_be_forgotten_does_not_wait_for_the_disk(start: Callable[[], Process]) -> None:
    full, loose = ("2", "1") if connection.vendor == "sqlite" else ("on", "off")
    assert start().do("commit_levels")["levels"] == [full, loose, full]


def test_the_doctor_sees_a_database_that_does_not_wait_for_the_disk(start: Callable[[], Process]) -> None:
    name = "synchronous" if connection.vendor == "sqlite" else "synchronous_commit"
    off, on = (
        ("PRAGMA synchronous = OFF", "PRAGMA synchronous = FULL")
        if connection.vendor == "sqlite"
        else ("SET synchronous_commit TO off", "SET synchronous_commit TO on")
    )
    newsroom = start()
    ((verdict, said),) = newsroom.do("doctor", subject="commits", after=off)["found"]
    assert verdict == "wrong"
    assert name in said
    ((verdict, said),) = newsroom.do("doctor", subject="commits", after=on)["found"]
    assert name not in said
