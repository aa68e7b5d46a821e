"""The command as its own process, in a folder of its own, and as a function."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Comity = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(data: Path, **more: str) -> dict[str, str]:
    """An environment with no settings but these."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
    return {**bare, "COMITY_DATA": str(data), "PYTHONPATH": str(ROOT / "src"), **more}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def comity(data: Path) -> Comity:
    """Runs `comity` with words, standard input and variables; nothing it says is a trace."""

    def run(*words: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        ended = subprocess.run(
            [sys.executable, "-m", "comity.cli", *words],
            input=given, env=environment(data, **more), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert "Traceback" not in ended.stderr
        return ended

    return run
