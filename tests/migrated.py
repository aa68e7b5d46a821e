"""A database with every table of this release, copied: to make one costs seven seconds, and dozens are needed.

It is made once for all runs of `make test` and by the command itself. That migrating works on nothing, and on
PostgreSQL, is seen where the tests do it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["copy_migrated", "migrated_folder"]

_ROOT = Path(__file__).parents[1]
_NAME = "comity.sqlite3"


def copy_migrated(to: Path) -> None:
    """Put a SQLite file with every table and nothing in them at `to`, unless there is one."""
    if to.exists():
        return
    shutil.copyfile(_template(), to)
    to.chmod(0o600)


def migrated_folder(data: Path) -> None:
    """Make `data` the folder of an installation that was migrated and holds nothing yet."""
    data.mkdir(mode=0o700, exist_ok=True)
    copy_migrated(data / _NAME)


def _template() -> Path:
    folder = Path(os.environ["COMITY_TEST_TEMPLATE"])
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "made" / _NAME
    with (folder / "lock").open("w") as lock:  # of several workers, one makes it
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            being_made = folder / f"being-made-{os.getpid()}"
            bare = {name: value for name, value in os.environ.items() if not name.startswith(("COMITY_", "DJANGO_"))}
            subprocess.run(
                [sys.executable, "-m", "comity.cli", "migrate"],
                env={**bare, "COMITY_DATA": str(being_made), "PYTHONPATH": str(_ROOT / "src")},
                check=True, capture_output=True,
            )  # fmt: skip
            being_made.rename(made.parent)
    return made
