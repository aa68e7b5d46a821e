"""Arrays and sorted strings in one run of bytes, which may be a mapped file: read where they lie, never unpacked.

A process that maps the file shares it with every other one, and holds only the pages that it looks at.
"""

from __future__ import annotations

import json
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from mmap import mmap
from typing import Any, overload
from zlib import crc32

__all__ = ["Bytes", "Sections", "SectionsError", "SectionsWriter", "StringTable", "hash_of"]

Bytes = bytes | mmap
_MAGIC = f"COMITY {sys.byteorder}\n".encode().ljust(16)
"""Numbers stand in the order of the machine that wrote them; another one reads its own file or none."""
_EVEN = 8


def hash_of(string: str) -> int:
    """A number for a string, the same in every process."""
    return crc32(string.encode("utf-8", "surrogatepass"))


class SectionsError(ValueError):
    """The bytes are something else, or cut."""


class SectionsWriter:
    """Collects arrays and strings by name."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._places: dict[str, tuple[str, int, int]] = {}
        self._size = 0

    def numbers(self, name: str, kind: str, values: Iterable[Any]) -> None:
        """An array; `kind` as `array.array` names it."""
        self._add(name, kind, array(kind, values).tobytes())

    def strings(self, name: str, strings: Iterable[str], *, find: bool = True, begin: bool = True) -> dict[str, int]:
        """A table of strings, each once; the number that each has in it.

        Args:
            find: whether they are to be found, and
            begin: whether the beginnings of texts are to be found among them. What is not needed takes no room.
        """
        keys = sorted({one.encode("utf-8", "surrogatepass") for one in strings})
        offsets = [0]
        for key in keys:
            offsets.append(offsets[-1] + len(key))
        self._add(f"{name}.bytes", "B", b"".join(keys))
        self.numbers(f"{name}.offsets", "I", offsets)
        self.numbers(f"{name}.slots", "I", _slots(keys) if find else ())
        self.numbers(f"{name}.links", "I", _links(keys) if begin else ())
        self.numbers(f"{name}.firsts", "I", [bisect_left(keys, bytes((first,))) for first in range(256)] + [len(keys)])
        self.numbers(f"{name}.longest", "I", [max(map(len, keys), default=0)])
        return {key.decode("utf-8", "surrogatepass"): number for number, key in enumerate(keys)}

    def lists(self, name: str, lists: Iterable[Sequence[int]]) -> None:
        """Lists of small whole numbers, one behind the other."""
        bounds, values = [0], list[int]()
        for each in lists:
            values += each
            bounds.append(len(values))
        self.numbers(f"{name}.bounds", "I", bounds)
        self.numbers(name, "I", values)

    def _add(self, name: str, kind: str, data: bytes) -> None:
        self._places[name] = (kind, self._size, self._size + len(data))
        self._parts += (data, bytes(-len(data) % _EVEN))
        self._size += len(data) + len(self._parts[-1])

    def finished(self, about: Mapping[str, Any]) -> bytes:
        """Everything, with a description that can be written in JSON."""
        told = json.dumps({"about": about, "places": self._places}, ensure_ascii=False).encode()
        told += b" " * (-len(told) % _EVEN)
        return b"".join((_MAGIC, len(told).to_bytes(8, "little"), told, *self._parts))


def _slots(keys: Sequence[bytes]) -> list[int]:
    """Where a key is looked for: from its hash on, until a place is empty. A number is one more than a key's."""
    size = 4
    while size < 1.5 * len(keys):
        size *= 2
    slots = [0] * size
    for number, key in enumerate(keys):
        place = crc32(key) & (size - 1)
        while slots[place]:
            place = (place + 1) & (size - 1)
        slots[place] = number + 1
    return slots


def _links(keys: Sequence[bytes]) -> list[int]:
    """For each key the longest other one that it begins with, likewise; 0 where there is none."""
    links: list[int] = []
    above: list[int] = []
    for number, key in enumerate(keys):
        while above and not key.startswith(keys[above[-1]]):
            above.pop()
        links.append(above[-1] + 1 if above else 0)
        above.append(number)
    return links


class Sections:
    """What a `SectionsWriter` wrote."""

    def __init__(self, data: Bytes) -> None:
        """Raises `SectionsError`."""
        head = len(_MAGIC) + 8
        if data[: len(_MAGIC)] != _MAGIC:
            raise SectionsError("not a file of sections, or one of another kind of machine")
        size = int.from_bytes(data[len(_MAGIC) : head], "little")
        try:
            told = json.loads(data[head : head + size])
            self.about: Mapping[str, Any] = told["about"]
            self._places: dict[str, tuple[str, int, int]] = told["places"]
            last = max(end for _, _, end in self._places.values())
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SectionsError("a file of sections that cannot be read") from error
        self.data = data
        self._first = head + size
        if self._first + last > len(data):
            raise SectionsError("a file of sections that was cut")
        self._view = memoryview(data)

    def place(self, name: str) -> tuple[int, int]:
        """Where a section begins and ends."""
        _, first, last = self._places[name]
        return self._first + first, self._first + last

    def numbers(self, name: str) -> memoryview[Any]:
        """An array, where it lies."""
        first, last = self.place(name)
        kind: Any = self._places[name][0]
        if first == last:  # nothing cannot be cast
            return memoryview(array(kind))
        view: memoryview[Any] = self._view[first:last]
        return view.cast(kind)

    def list(self, name: str, number: int) -> list[int]:
        """One of the lists of a name."""
        bounds = self.numbers(f"{name}.bounds")
        return self.numbers(name)[bounds[number] : bounds[number + 1]].tolist()


class StringTable(Sequence[str]):
    """Strings in the order of their code points, each once."""

    def __init__(self, sections: Sections, name: str) -> None:
        self._data = sections.data
        self._first, _ = sections.place(f"{name}.bytes")
        self._offsets = sections.numbers(f"{name}.offsets")
        self._slots = sections.numbers(f"{name}.slots")
        self._links = sections.numbers(f"{name}.links")
        self.longest: int = sections.numbers(f"{name}.longest")[0]
        """Bytes of the longest string; none has more letters."""
        self._firsts = sections.numbers(f"{name}.firsts")
        """Where the strings of each first byte begin."""
        self._mask = len(self._slots) - 1
        self._numbers = range(len(self._offsets) - 1)

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[str]: ...
    def __getitem__(self, number: int | slice) -> str | Sequence[str]:
        if isinstance(number, slice):
            return [self[each] for each in self._numbers[number]]
        return self.key(self._numbers[number]).decode("utf-8", "surrogatepass")

    def __contains__(self, string: object) -> bool:
        return isinstance(string, str) and self.find(string) >= 0

    def key(self, number: int) -> bytes:
        """A string, encoded."""
        first, offsets = self._first, self._offsets
        return self._data[first + offsets[number] : first + offsets[number + 1]]

    def find(self, string: str) -> int:
        """The number of a string; -1 where there is none such."""
        key = string.encode("utf-8", "surrogatepass")
        slots, mask = self._slots, self._mask
        place = crc32(key) & mask
        while number := slots[place]:
            if self.key(number - 1) == key:
                return number - 1  # type: ignore[no-any-return]  # the kinds of a memoryview are only known as it runs
            place = (place + 1) & mask
        return -1

    def beginning(self, key: bytes) -> Iterator[int]:
        """The strings that an encoded text begins with, the longest first."""
        if not key:
            return
        low, high = self._firsts[key[0]], self._firsts[key[0] + 1]
        number = bisect_right(self._numbers, key, low, high, key=self.key) - 1
        # Whatever the text begins with also begins the last string before it.
        while number >= low:
            if key.startswith(self.key(number)):
                yield number
            number = self._links[number] - 1

    def shared(self, string: str) -> int:
        """How many letters of a text's beginning are the beginning of one of the strings."""
        key = string.encode("utf-8", "surrogatepass")
        place = bisect_right(self._numbers, key, key=self.key)
        most = 0
        for number in (place - 1, place):
            if 0 <= number < len(self):
                alike = 0
                for letter, other in zip(string, self[number], strict=False):
                    if letter != other:
                        break
                    alike += 1
                most = max(most, alike)
        return most
