"""The weight file: one uncompressed .npz with everything that the model knows, and a description in JSON."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np
import numpy.typing as npt

__all__ = ["HEADS", "Weights", "WeightsError", "digest", "load", "save", "shipped"]

HEADS = ("hate", "toxicity", "insult", "threat", "obscenity", "antisemitism", "spam")
"""The order of every column of the model."""

FORMAT = 1
_HEADER = 4096
"""Bytes in which an array's description ends."""
_FILE = "data/model/weights.npz"
_MEMBER_HEADER = 30
"""Bytes of a member's own header, before its name."""
_EVEN = 64
_FILLER = b"\x35\xd9\0\0"
"""How a part of a header that nobody reads begins: its kind, as Android's alignment tool names it, and its size."""

Array = npt.NDArray[Any]


class WeightsError(RuntimeError):
    """The weight file is missing, damaged or of another format."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Arrays by name, and what is known of them."""

    arrays: Mapping[str, Array]
    about: Mapping[str, Any]
    """`version`, `format`, `seed`, `date`, `command`, `calibration`, ... as the trainer wrote them."""


def digest(path: Path) -> str:
    """SHA-256 of a weight file, as its card gives it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save(path: Path, arrays: Mapping[str, Array], about: Mapping[str, Any]) -> None:
    """Write a weight file; the same arrays and description give the same bytes."""
    text = json.dumps({**about, "format": FORMAT}, sort_keys=True, ensure_ascii=True)
    described = {name: arrays[name] for name in sorted(arrays)}
    described["about"] = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    with path.open("wb") as out, ZipFile(out, "w", ZIP_STORED) as archive:
        for name, array in described.items():
            # Dated 1980, so that the bytes depend on the arrays alone.
            member = ZipInfo(f"{name}.npy")
            member.extra = _padding(-(out.tell() + _MEMBER_HEADER + len(member.filename)) % _EVEN)
            with archive.open(member, "w") as file:
                np.lib.format.write_array(file, array, version=(1, 0), allow_pickle=False)


def _padding(wanted: int) -> bytes:
    """What fills a member's header, so that its array lies even in the file and can be read where it lies."""
    size = wanted if wanted >= len(_FILLER) else wanted + _EVEN
    return _FILLER[:2] + (size - len(_FILLER)).to_bytes(2, "little") + bytes(size - len(_FILLER))


def load(path: Path) -> Weights:
    """Read a weight file.

    Raises `WeightsError` when it is missing, damaged or of another format.
    """
    try:
        arrays = _mapped(path)
        about = json.loads(arrays.pop("about").tobytes().decode("ascii"))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise WeightsError(f"the weight file cannot be read: {type(error).__name__}") from error
    if about.get("format") != FORMAT:
        raise WeightsError(f"the weight file is of format {about.get('format')}, this engine reads {FORMAT}")
    return Weights(arrays, about)


def _mapped(path: Path) -> dict[str, Array]:
    """The arrays where they lie in the file: what nobody looks at is never read, and processes share what is."""
    with ZipFile(path) as archive:
        members = archive.infolist()
    whole = np.memmap(path, dtype=np.uint8, mode="r")
    arrays: dict[str, Array] = {}
    for member in members:
        if member.compress_type != ZIP_STORED or not member.filename.endswith(".npy"):
            raise BadZipFile
        # The member's own header repeats its name and may have another extra field than the directory says.
        head = whole[member.header_offset : member.header_offset + 30].tobytes()
        start = (
            member.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        )
        file = BytesIO(whole[start : start + _HEADER].tobytes())
        version = np.lib.format.read_magic(file)
        if version != (1, 0):
            raise BadZipFile
        shape, fortran, kind = np.lib.format.read_array_header_1_0(file)
        first = start + file.tell()
        bytes_ = whole[first : first + math.prod(shape) * kind.itemsize]
        if fortran or kind.hasobject or first + len(bytes_) != start + member.file_size:
            raise BadZipFile
        array = bytes_.view(np.ndarray)
        # A table is also read eight bytes at a time, for which it must lie even.
        if array.ctypes.data % 8 and (kind.itemsize > 1 or shape[1:] == (8,)):
            array = array.copy()
        arrays[member.filename.removesuffix(".npy")] = array.view(kind).reshape(shape)
    return arrays


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """The weights that come with the package. Raises `WeightsError`."""
    with resources.as_file(resources.files("comity.screening").joinpath(_FILE)) as path:
        return load(path)
