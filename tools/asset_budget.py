"""Holds the browser's files to their budget, gzipped, styles and all."""

from __future__ import annotations

import sys
from pathlib import Path

BUILT = Path(__file__).resolve().parent.parent / "src" / "comity" / "static" / "comity" / "built"
BUDGET = 15_000
"""Bytes of gzip for each thing that a reader's browser loads at once."""
LOADED_TOGETHER = {"a page": ("page.js", "page.css"), "the widget": ("comity.js",)}


def main() -> int:
    """Print each file's size and the sums; 1 if one is over the budget or something is not built."""
    over = 0
    for subject, names in LOADED_TOGETHER.items():
        files = [BUILT / f"{name}.gz" for name in names]
        if not all(path.exists() for path in files):
            print("The browser assets are not built.", file=sys.stderr)
            return 1
        sizes = [path.stat().st_size for path in files]
        listed = ", ".join(f"{name} {size}" for name, size in zip(names, sizes, strict=True))
        print(f"{subject}: {sum(sizes)} of {BUDGET} bytes gzip ({listed})")
        over += sum(sizes) > BUDGET
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
