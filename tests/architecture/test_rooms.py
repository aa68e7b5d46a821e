"""The rooms keep to their contracts, and the files to the rules of the house."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (ROOT / "src" / "comity", ROOT / "src" / "comity_server")
SOURCES = [path for package in PACKAGES for path in package.rglob("*.py")]
LONGEST = 300


def test_contracts_are_kept() -> None:
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout
    assert " 0 broken" in ended.stdout


def test_nothing_is_called_by_a_word_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "core", "common", "misc", "shared"}
    found = [path for package in PACKAGES for path in package.rglob("*") if path.stem.lower() in empty]
    assert not found


def test_files_hold_one_idea() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if "migrations" not in path.parts and (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "migrations" not in path.parts
        and path.read_text("utf-8").strip()
        and not path.read_text("utf-8").startswith('"""')
    ]
    assert not silent


def test_nothing_is_left_for_later() -> None:
    left = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|NotImplemented" r"Error|pytest\.(mark\.)?(sk" r"ip|xf" r"ail))\b")
    tests = (ROOT / "tests").rglob("*.py")
    tools = (ROOT / "tools").rglob("*.py")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*SOURCES, *tests, *tools)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if left.search(line)
    ]
    assert not found


def test_exceptions_to_the_tools_give_their_code_and_reason() -> None:
    unexplained = re.compile(
        r"#\s*noqa(?!: ?[A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)* --? \S)|#\s*type: ignore(?!\[[\w, -]+\]\s+#\s*\S)"
    )
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*SOURCES, *tests)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if unexplained.search(line)
    ]
    assert not found
