"""Compiles the message catalogues without gettext: every `locale/*/LC_MESSAGES/*.po` of the package."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "src" / "comity" / "locale"


def compile_all(folder: Path = LOCALE) -> int:
    """Compile every catalogue under `folder`; how many there are."""
    sources = sorted(folder.glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        draft = source.with_suffix(".mo.draft")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        os.replace(draft, source.with_suffix(".mo"))  # noqa: PTH105 - atomic: a running server never reads half a file
    return len(sources)


if __name__ == "__main__":
    print(f"{compile_all()} catalogues compiled")
    sys.exit(0)
