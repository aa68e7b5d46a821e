"""Plain text: what is kept of what was typed, and how two names are compared."""

from __future__ import annotations

import re
import unicodedata

from comity.text.look_alikes import LOOK_ALIKES

__all__ = ["clean", "direction", "excerpt", "fold_name"]

# Overrides, embeddings and isolates reorder what stands around them; marks (LRM, RLM, ALM) are harmless and needed.
_REORDERING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_DROPPED = frozenset({"Cc", "Cs", "Cn", "Co"})


def clean(text: str) -> str:
    """The text without control characters (line feed and tab stay), reordering characters, lone surrogates and code
    points that stand for nothing; in NFC, with line feeds as line ends, trimmed. Cleaning twice changes nothing more."""
    text = _LINE_ENDS.sub("\n", text).translate(_REORDERING)
    if not text.isprintable():
        text = "".join(
            character for character in text if character in "\n\t" or unicodedata.category(character) not in _DROPPED
        )
    return unicodedata.normalize("NFC", text).strip()


def excerpt(text: str, length: int) -> str:
    """The first words of a text on one line, at most `length` code points with the ellipsis."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    if " " in cut:
        cut = cut.rsplit(" ", 1)[0]
    return cut.rstrip() + "…"


def fold_name(name: str) -> str:
    """What a name looks like: case, accents, spacing, invisible characters and look-alike letters folded. Two names
    with the same fold are one to a reader."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    letters = [
        LOOK_ALIKES.get(character, character)
        for character in unicodedata.normalize("NFKD", decomposed)
        if unicodedata.category(character)[0] in "LNS"
    ]
    folded = "".join(letters)
    # `rn` reads as `m`, `vv` as `w`; folded both ways to the single letter.
    return folded.replace("rn", "m").replace("vv", "w")


def direction(text: str) -> str:
    """`ltr` or `rtl` by the first letter with a direction of its own; `auto` when there is none."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in {"R", "AL"}:
            return "rtl"
    return "auto"
