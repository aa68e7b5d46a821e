"""The shipped word lists in one file, worked out once: so that a fresh process reads forms, and does not make them.

`make` writes the file, a wheel holds it, git does not. It counts only while it fits the lists and the code that reads
them; without it the lists are read, which takes longer and gives the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, overload
from zlib import crc32

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["Compiled", "Entry", "Groups", "Kind", "lists", "read_compiled", "write_compiled"]

_FILE = "lexicon.json"
_FOLDERS = ("lexicon", "frames")
_LANGUAGES = ("fr", "en", "he", "ar", "es", "de", "any")
_READERS = ("lexicon.py", "lexicon_file.py", "morphology.py", "folding.py")

Kind = tuple[str, float, str, frozenset[str], str]
"""Category, weight, language, flags and spelling of an entry."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One form: what it is, how much it weighs by itself and where it counts."""

    form: str
    """As it is searched: folded words with single spaces."""
    category: str
    """A category of findings, `exception` (takes away what it covers), `class:...` (a part of statements),
    `words:...` (small words that may stand inside a statement; not searched for), or `watch:...`."""
    weight: float
    language: str
    flags: frozenset[str] = frozenset()
    written: str = ""
    """As it stands in the list, where the accents count."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the lists hold."""

    forms: Sequence[str]
    kinds: Sequence[Kind]
    groups: Sequence[str]
    """Of each form, the numbers of its entries' kinds, with blanks between."""
    words: Mapping[tuple[str, str], frozenset[str]]
    """The small words, by language and name."""


class Groups(Sequence[tuple[Entry, ...]]):
    """The entries of each form, made when somebody looks."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self.made: dict[int, tuple[Entry, ...]] = {}
        """Those that somebody looked at, by the number of their form."""

    def __len__(self) -> int:
        return len(self._compiled.forms)

    @overload
    def __getitem__(self, number: int) -> tuple[Entry, ...]: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[tuple[Entry, ...]]: ...
    def __getitem__(self, number: int | slice) -> tuple[Entry, ...] | Sequence[tuple[Entry, ...]]:
        if isinstance(number, slice):
            return [self[each] for each in range(len(self))[number]]
        made = self.made.get(number)
        if made is None:
            form, kinds = self._compiled.forms[number], self._compiled.kinds
            entries = tuple(Entry(form, *kinds[int(kind)]) for kind in self._compiled.groups[number].split())
            # Whoever comes first: an entry must stay the same object.
            made = self.made.setdefault(number, entries)
        return made


def lists() -> Iterator[tuple[str, Traversable]]:
    """Language and file of each list, in their order."""
    data = resources.files("comity.screening").joinpath("data")
    for folder in _FOLDERS:
        for language in _LANGUAGES:
            path = data.joinpath(f"{folder}/{language}.txt")
            if path.is_file():
                yield language, path


def _digest() -> int:
    """Of everything that the file rests on."""
    package = resources.files("comity.screening")
    total = 0
    for path in (*(path for _, path in lists()), *(package.joinpath(name) for name in _READERS)):
        total = crc32(path.read_bytes(), total)
    return total


def read_compiled(folder: Path | None = None) -> Compiled | None:
    """What the file holds; None where there is none, or one of other lists. `folder` is the package's unless given."""
    try:
        data = resources.files("comity.screening").joinpath("data") if folder is None else folder
        read = json.loads(data.joinpath(_FILE).read_text("utf-8"))
        if read["digest"] != _digest():
            return None
        kinds = [
            (category, weight, language, frozenset(flags), written)
            for category, weight, language, flags, written in read["kinds"]
        ]
        words = {(language, name): frozenset(forms) for language, name, forms in read["words"]}
        return Compiled(read["forms"].split("\n"), kinds, read["groups"].split("\n"), words)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def write_compiled(compiled: Compiled, folder: Path) -> None:
    """Write the file into a folder of data."""
    told = {
        "digest": _digest(),
        "kinds": [[*kind[:3], sorted(kind[3]), kind[4]] for kind in compiled.kinds],
        "words": [[*key, sorted(forms)] for key, forms in compiled.words.items()],
        "forms": "\n".join(compiled.forms),
        "groups": "\n".join(compiled.groups),
    }
    path = folder / _FILE
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    draft.replace(path)  # atomic: a running process never reads half a file
