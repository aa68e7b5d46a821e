"""Works the screening's word lists out into one file, which a fresh process reads in a few milliseconds."""

from __future__ import annotations

import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "src"


def compile_lists(sources: Path = SOURCES) -> int:
    """Write the file; how many forms it holds. Needs the standard library alone."""
    sys.path.insert(0, str(sources))
    from comity.screening.lexicon import Lexicon, shipped_entries
    from comity.screening.lexicon_file import write_compiled

    compiled = Lexicon(shipped_entries()).compiled()
    write_compiled(compiled, sources / "comity" / "screening" / "data")
    return len(compiled.forms)


if __name__ == "__main__":
    print(f"{compile_lists()} forms compiled")
