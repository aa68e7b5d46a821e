"""Labelled texts: reading the table, keeping the dev split apart, and never letting a dev text into training."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["HEADS", "LEFT_OUT", "Row", "is_dev", "letters_only", "read_table"]

HEADS = ("hate", "toxicity", "insult", "threat", "obscenity", "antisemitism", "spam")
"""The order of labels everywhere in the model."""

LEFT_OUT = frozenset({"ethos", "smsfr"})
"""Sources of the table that what ships is never trained on: one is GPL, the other's licence is unclear."""

_SMALL_FRENCH = frozenset({"ftr", "jigfr", "tfagree"})
_COMMENTS = 6.0
_LETTERS = re.compile(r"[\W_]+")

Labels = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text."""

    text: str
    language: str
    source: str
    origin: str
    """How the text came to be: `native`, `pseudo` (rewritten), `frame` (our grammar), `prose` (sentence pairs)."""
    weight: float
    labels: Labels
    """One of 1, 0 or None (that source says nothing) for each of `HEADS`."""
    dev: bool = False
    family: str = ""


def letters_only(text: str) -> str:
    """Letters and figures of `text` in lower case: two texts alike here count as the same text."""
    return _LETTERS.sub("", text.lower())


def is_dev(text: str, source: str) -> bool:
    """Whether a text is kept for dev: 5 % of each source by checksum, 15 % of the three small French ones."""
    share = 15 if source in _SMALL_FRENCH else 5
    return zlib.crc32(letters_only(text).encode()) % 100 < share


def _label(value: str) -> float | None:
    return None if value == "" else float(value)


def read_table(path: Path) -> Iterator[Row]:
    """The rows of the table, sources that do not ship left out.

    Raises `ValueError` when the columns are not the ones that the table is known by.
    """
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        header = next(lines, "").rstrip("\n").split("\t")
        if header[:4] != ["text", "lang", "source", "weight"] or len(header) != 4 + len(HEADS):
            raise ValueError("the first line must name: text lang source weight and the seven labels")
        for line in lines:
            text, language, source, weight, *labels = line.rstrip("\n").split("\t")
            if source in LEFT_OUT or not text.strip():
                continue
            values = tuple(_label(value) for value in labels)
            if source == "mlma":
                # Its hate label is noise on its own dev rows; its tone label is kept for French only.
                if language != "fr":
                    continue
                values = (None, values[1], None, None, None, None, None)
            if values[0] == 1 and values[1] is None:
                # Hatred is toxic whatever a source was asked about; the reverse does not hold.
                values = (values[0], 1.0, *values[2:])
            if language == "fr":
                weight = str(2 * float(weight))
            if source == "yt":
                # The only comments among the advertisements: without this, text messages say what one looks like.
                weight = str(_COMMENTS * float(weight))
            yield Row(text, language, source, "native", float(weight), values, is_dev(text, source))
