"""Detectors of other packages, by the entry point of a distribution that is really installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = """
from comity.screening.types import Finding

class Detector:
    name = "rhymes"
    version = "1"
    kind = "facts"
    def find(self, text, submission):
        if "orange" in text.words:
            yield Finding("spam", 0.7, self.name, (), ("rhyme",))

class Raises(Detector):
    def find(self, text, submission):
        raise RuntimeError(text.raw)

def cannot_be_made():
    raise RuntimeError
"""
SCRIPT = """
import json, sys
from comity.screening import house_rules
from comity.screening.engine import Engine
from comity.screening.types import Submission
for text in ("Une orange.", "Une pomme."):
    decision = Engine().screen(Submission(text), house_rules.shipped())
    print(json.dumps([decision.outcome, [one.detector for one in decision.findings], list(decision.notes)]))
"""


def screened(folder: Path, factory: str) -> list[list[object]]:
    """What a fresh process decides with a package installed that announces a detector."""
    (folder / "rhyming.py").write_text(MODULE)
    information = folder / "rhyming-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: rhyming\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(f"[comity.detectors]\nrhymes = rhyming:{factory}\n")
    (information / "RECORD").write_text("")
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_the_detector_of_an_installed_package_is_in_the_line(tmp_path: Path) -> None:
    first, second = screened(tmp_path, "Detector")
    assert first == ["hold", ["rhymes"], []]
    assert second == ["publish", [], []]


@pytest.mark.parametrize("factory", ["Raises", "cannot_be_made", "is_not_there", "MODULE"])
def test_one_that_fails_or_cannot_be_made_holds_every_comment(tmp_path: Path, factory: str) -> None:
    for outcome, _, notes in screened(tmp_path, factory):
        assert outcome == "hold"
        assert notes == ["detector_failed:rhymes"]
