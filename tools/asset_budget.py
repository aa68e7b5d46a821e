"""Holds each of the browser's files to its budget, gzipped, styles and all."""

from __future__ import annotations

import sys
from pathlib import Path

BUILT = Path(__file__).resolve().parent.parent / "src" / "comity" / "static" / "comity" / "built"
LOADED_TOGETHER = {
    "the widget, for a new reader": (15_000, ("comity.js",)),
    "the widget's deeds, once": (9_000, ("acts-*.js",)),
    "what came meanwhile, once there is something": (3_000, ("live-*.js",)),
    "a page": (15_000, ("page.js", "page.css")),
    "the desk, over a page": (3_000, ("desk.css",)),
}
"""What a browser loads at once: at most so many bytes of gzip, in these files."""


def main() -> int:
    """Print each sum with its files; 1 if one is over its budget, not built, or counted nowhere."""
    failed = False
    counted: set[Path] = set()
    for subject, (budget, patterns) in LOADED_TOGETHER.items():
        files = [path for pattern in patterns for path in sorted(BUILT.glob(f"{pattern}.gz"))]
        if len(files) < len(patterns):
            print("The browser assets are not built.", file=sys.stderr)
            return 1
        counted.update(files)
        sizes = {path.name.removesuffix(".gz"): path.stat().st_size for path in files}
        listed = ", ".join(f"{name} {size}" for name, size in sizes.items())
        print(f"{subject}: {sum(sizes.values())} of {budget} bytes gzip ({listed})")
        failed |= sum(sizes.values()) > budget
    for path in sorted(set(BUILT.glob("*.gz")) - counted):
        print(f"{path.name} has no budget", file=sys.stderr)
        failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
