"""`docs/background-work.md` names every event with its reactions, and every task."""

from __future__ import annotations

from pathlib import Path

from comity.worker.reactions import REACTIONS
from comity.worker.schedule import UPKEEP

PAGE = (Path(__file__).parents[2] / "docs" / "background-work.md").read_text(encoding="utf-8")


def test_every_event_stands_there_with_its_reactions() -> None:
    rows = {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `")}
    for event, reactions in REACTIONS.items():
        assert all(f"`{each.name}`" in rows[event.kind] for each in reactions)
        assert reactions or rows[event.kind].endswith("| none |")


def test_every_task_stands_there() -> None:
    assert all(f"`{task.name}`" in PAGE for task in UPKEEP)
