"""The shipped word lists in one file, worked out once: a process maps it, and reads what it looks at.

`make` writes the file, a wheel holds it, git does not. It counts only while it fits the lists and the code that reads
them; without it the lists are worked out in memory, which takes seconds and megabytes, and gives the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from mmap import ACCESS_READ, mmap
from pathlib import Path
from zlib import crc32

from comity.screening.book_writing import write_book
from comity.screening.entries import Entry, lists, shipped_entries
from comity.screening.sections import Sections

__all__ = ["read_compiled", "read_shipped", "write_compiled"]

_FILE = "data/lexicon.bin"
_READERS = (
    *("entries.py", "book_writing.py", "sections.py", "morphology.py", "folding.py", "disguise.py"),
    "data/languages.txt",
)


def _digest() -> int:
    """Of everything that the file rests on."""
    package = resources.files("comity.screening")
    total = 0
    for path in (*(path for _, path in lists()), *(package.joinpath(name) for name in _READERS)):
        total = crc32(path.read_bytes(), total)
    return total


def read_shipped() -> Sections:
    """The shipped lists, worked out."""
    with resources.as_file(resources.files("comity.screening").joinpath(_FILE)) as path:
        compiled = read_compiled(path)
    return Sections(write_book(shipped_entries())) if compiled is None else compiled


def read_compiled(path: Path) -> Sections | None:
    """What the file holds, where it lies; None where there is none, or one of other lists."""
    try:
        with path.open("rb") as file:
            sections = Sections(mmap(file.fileno(), 0, access=ACCESS_READ))
    except (OSError, ValueError):  # `SectionsError` is a kind of the latter
        return None
    return sections if sections.about.get("digest") == _digest() else None


def write_compiled(path: Path, entries: Iterable[Entry] | None = None) -> None:
    """Write the file; `entries` are the shipped ones unless given."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(write_book(shipped_entries() if entries is None else entries, digest=_digest()))
    draft.replace(path)  # atomic: a running process never reads half a file
