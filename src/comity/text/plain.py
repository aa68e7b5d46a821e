"""Plain text: cleaning what was typed, cutting it, counting it, telling its direction and what a name looks like."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from comity.text.lookalikes import CAPITALS, LETTERS, MIXED, SEQUENCES

__all__ = ["Direction", "clean", "count_characters", "direction", "excerpt", "fold_name"]

Direction = Literal["ltr", "rtl", "auto"]

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls, bidirectional embeddings and overrides, the deprecated format characters, the byte order mark.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u206a-\u206f\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_POP_ISOLATE = "\u2069"
_LONGEST_RUN_OF_MARKS = 30
_GRAPHEME_JOINER = "\u034f"
_JOINS_BACKWARDS = ("\u200d", "\ufe0e", "\ufe0f")


def clean(source: str) -> str:
    """What was typed, without what nobody types: the same words, safe to store, show and compare.

    Line ends become newlines; control characters go, newline and tab stay; bidirectional overrides and embeddings go,
    and so do isolates left open or closed twice on their line (marks such as RLM stay); halves of surrogate pairs
    become U+FFFD; the rest is NFC, without white space at both ends. Cleaning twice changes nothing more.
    """
    text = _LINE_ENDS.sub("\n", source)
    text = _UNWANTED.sub("", text)
    text = _SURROGATES.sub("\ufffd", text)
    if _ISOLATES.search(text):
        text = "\n".join(_balanced(line) for line in text.split("\n"))
    return unicodedata.normalize("NFC", _with_short_runs_of_marks(text)).strip()


def _balanced(line: str) -> str:
    """The line with only those isolates that are opened and closed on it: their reach ends with the line anyway."""
    open_at: list[int] = []
    unmatched: set[int] = set()
    for found in _ISOLATES.finditer(line):
        if found[0] != _POP_ISOLATE:
            open_at.append(found.start())
        elif open_at:
            open_at.pop()
        else:
            unmatched.add(found.start())
    unmatched.update(open_at)
    if not unmatched:
        return line
    return "".join(character for index, character in enumerate(line) if index not in unmatched)


def _with_short_runs_of_marks(text: str) -> str:
    """Unicode's stream-safe form (UAX 15): a joiner after every thirty marks in a row.

    Putting marks in order takes time by the square of the run; five thousand marks on one letter are an attack.
    """
    if text.isascii() or not any(map(unicodedata.combining, text)):
        return text
    pieces: list[str] = []
    run = 0
    for character in text:
        decomposed = unicodedata.normalize("NFD", character)
        marks = [unicodedata.combining(each) != 0 for each in decomposed]
        leading = len(marks) if all(marks) else marks.index(False)
        if run + leading > _LONGEST_RUN_OF_MARKS:
            pieces.append(_GRAPHEME_JOINER)
            run = 0
        pieces.append(character)
        run = run + leading if leading == len(marks) else marks[::-1].index(False)
    return "".join(pieces)


def excerpt(text: str, length: int) -> str:
    """The beginning of a text on one line, at most `length` code points with the ellipsis, cut between words if it can.

    Raises:
        ValueError: `length` is less than 1.
    """
    if length < 1:
        raise ValueError("an excerpt has at least one character")
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    end = length - 1
    # A letter keeps its marks, and an emoji joined of several stays whole.
    while end > 0 and _continues(line, end):
        end -= 1
    cut = line[:end]
    space = cut.rfind(" ")
    if line[end : end + 1] != " " and space > end // 2:
        cut = cut[:space]
    return _balanced(cut.rstrip(" ,;:.-–—")) + "…"


def _continues(line: str, index: int) -> bool:
    return (
        unicodedata.combining(line[index]) != 0
        or unicodedata.category(line[index]) in {"Mn", "Mc", "Me"}
        or line[index] in _JOINS_BACKWARDS
        or line[index - 1] == "\u200d"
        or "\U0001f3fb" <= line[index] <= "\U0001f3ff"
    )


def count_characters(text: str) -> int:
    """The length in Unicode code points, which is what the wire counts.

    A letter with a mark that has no composed form, or a joined emoji, counts as several.
    """
    return len(text)


def direction(text: str) -> Direction:
    """The direction of a text by its first strong character outside isolates (UAX 9, P2); `auto` when it has none."""
    depth = 0
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"LRI", "RLI", "FSI"}:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
        elif kind == "B":
            depth = 0
        elif depth == 0 and kind == "L":
            return "ltr"
        elif depth == 0 and kind in {"R", "AL"}:
            return "rtl"
    return "auto"


def fold_name(name: str) -> str:
    """What a name looks like: equal for two names that a reader would take for one another.

    Case, accents, spaces, punctuation and invisible characters do not count; letters of other scripts and digits count
    as the Latin letters that they resemble. For comparing only, never for showing. Folding twice changes nothing more.
    """
    folded = name
    # Compatibility forms and case feed each other for a few characters; two rounds are the most seen.
    for _ in range(6):
        before, folded = folded, _fold_once(folded)
        if folded == before:
            break
    return folded


def _fold_once(name: str) -> str:
    text = unicodedata.normalize("NFKC", _SURROGATES.sub("\ufffd", name))
    text = _without_marks(text)
    # A capital eta looks like H and a small one like n. Where Latin letters stand beside it, its own shape counts;
    # in a Greek or Cyrillic name both cases must stay one name, and the capital's shape counts.
    if any(_is_latin(character) for character in text):
        text = text.translate(CAPITALS).translate(MIXED)
    text = _without_marks(unicodedata.normalize("NFKC", text.casefold()))
    digits = "".join(
        str(unicodedata.digit(each)) if each.isdigit() and not each.isascii() else each for each in text
    ).translate(LETTERS)
    for sequence, resembled in SEQUENCES:
        digits = digits.replace(sequence, resembled)
    kept = "".join(character for character in digits if unicodedata.category(character)[0] in "LNM")
    return kept or "".join(digits.split())


def _is_latin(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")


def _without_marks(text: str) -> str:
    """The text without accents, points and format characters; vowel signs that are letters of their word stay."""
    return "".join(
        character
        for character in unicodedata.normalize("NFD", text)
        if unicodedata.combining(character) == 0 and unicodedata.category(character) not in {"Cf", "Cc", "Me"}
    )
