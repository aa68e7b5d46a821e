"""The weight file: one uncompressed .npz with everything that the model knows, and a description in JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

__all__ = ["HEADS", "Weights", "WeightsError", "digest", "load", "save", "shipped"]

HEADS = ("hate", "toxicity", "insult", "threat", "obscenity", "antisemitism", "spam")
"""The order of every column of the model."""

FORMAT = 1
_FILE = "data/model/weights.npz"

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
    # numpy dates every member 1980, so that the bytes depend on the arrays alone.
    np.savez(path, allow_pickle=False, **described)


def load(path: Path) -> Weights:
    """Read a weight file.

    Raises `WeightsError` when it is missing, damaged or of another format.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        about = json.loads(arrays.pop("about").tobytes().decode("ascii"))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise WeightsError(f"the weight file cannot be read: {type(error).__name__}") from error
    if about.get("format") != FORMAT:
        raise WeightsError(f"the weight file is of format {about.get('format')}, this engine reads {FORMAT}")
    return Weights(arrays, about)


@lru_cache(maxsize=1)
def shipped() -> Weights:
    """The weights that come with the package. Raises `WeightsError`."""
    with resources.as_file(resources.files("comity.screening").joinpath(_FILE)) as path:
        return load(path)
