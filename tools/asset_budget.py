"""Holds the browser's files to their budget: script and styles of a page, gzipped, together."""

from __future__ import annotations

import sys
from pathlib import Path

BUILT = Path(__file__).resolve().parent.parent / "src" / "comity" / "static" / "comity" / "built"
BUDGET = 15_000
"""Bytes of gzip, as docs/decisions has it."""


def main() -> int:
    """Print each file's size and the sum; 1 if it is over the budget or nothing is built."""
    sizes = {path.stem: path.stat().st_size for path in sorted(BUILT.glob("page.*.gz"))}
    if set(sizes) != {"page.js", "page.css"}:
        print("The browser assets are not built.", file=sys.stderr)
        return 1
    total = sum(sizes.values())
    for name, size in sizes.items():
        print(f"{name}: {size} bytes gzip")
    print(f"together {total} of {BUDGET}")
    return int(total > BUDGET)


if __name__ == "__main__":
    sys.exit(main())
