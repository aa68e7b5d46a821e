"""What is committed names no package host and no place on anybody's machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Written in two parts, so that this file is not found itself.
HOSTS = tuple(
    f"{name}.{top}"
    for name, top in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb.debian", "org"),
    )
)
PLACES = re.compile(r"/(?:work/(?:main|shared)|root/|tmp/wt|home/[a-z]+/|opt/wheels|opt/pypi)")


def _committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_files_are_listed() -> None:
    assert ROOT / "pyproject.toml" in _committed()


@pytest.mark.parametrize("host", HOSTS)
def test_no_package_host(host: str) -> None:
    assert not [str(path.relative_to(ROOT)) for path in _committed() if host in _text(path)]


def test_no_place_of_a_machine() -> None:
    assert not [
        f"{path.relative_to(ROOT)}: {found[0]}" for path in _committed() if (found := PLACES.search(_text(path)))
    ]


def test_locks_have_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text("utf-8")
        pins = re.findall(r"^[a-z0-9][\w.\-]*==.*$", text, re.MULTILINE | re.IGNORECASE)
        assert len(pins) > 15
        # torch has a wheel of its own for each kind of processor under one version: see tools/lock.
        assert all(pin.rstrip().endswith("\\") for pin in pins) != (lock.name == "peers.txt")
        assert "://" not in text
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")


def test_nothing_built_is_committed() -> None:
    assert not [path for path in _committed() if path.suffix == ".mo" or "built" in path.parts]
