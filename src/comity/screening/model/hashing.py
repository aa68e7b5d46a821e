"""From words to numbered features: every n-gram of a text, or of a thousand texts, in a few passes over arrays.

No dictionary is kept: a feature's number is a hash of its characters. One implementation serves training (many texts
at once) and use (one text), so that both see the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from comity.screening.model.marks import GROUP, NEGATED, QUOTED, SPEECH, mark_words
from comity.screening.model.tokens import Tokens

__all__ = [
    "CHARACTER_BITS",
    "ROW_BITS",
    "WORD_BITS",
    "Layout",
    "Numbers",
    "character_features",
    "lay_out",
    "word_features",
    "word_rows",
]

CHARACTER_BITS = 18
"""The linear model's character n-grams fall into 2 ** CHARACTER_BITS places."""
WORD_BITS = 18
ROW_BITS = 17
"""The sequence model's words are sums of rows of a table of 2 ** ROW_BITS: half for words, half for n-grams."""

Numbers = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]

_PRIME = np.uint32(0x01000193)
_SALTS = {n: np.uint32(0x9E3779B1 * n & 0xFFFFFFFF) for n in range(1, 12)}
_POWERS = np.array([pow(0x01000193, k, 1 << 32) for k in range(64)], dtype=np.uint32)
_GROUP_WORD = np.uint32(0x5EED6E0F)
_SPACE = 32
_HALF = 1 << (ROW_BITS - 1)


def _mix(values: Numbers) -> Numbers:
    """Spread the bits, so that neighbouring sums fall into distant places. Works on the array it is given."""
    values ^= values >> np.uint32(15)
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values


@dataclass(slots=True)
class Layout:
    """Texts laid out as one row of characters: each text is a blank, then its words with a blank after each."""

    codes: Numbers
    """Scattered code points."""
    blanks_before: Places
    """How many blanks stand at or before each character."""
    blank: npt.NDArray[np.bool_]
    text_of_code: Places
    text_of_word: Places
    first: Places
    """Where each word starts in `codes`."""
    length: Places
    """Characters of each word."""
    word: Numbers
    """One hash a word."""
    marks: npt.NDArray[np.int64]
    texts: int
    runs: dict[int, Numbers] = field(default_factory=dict)
    """Hashes of all runs of three and of four characters, by their first place, once they were computed."""

    def rows_of(self, words: Sequence[int]) -> tuple[Places, Places]:
        """What `word_rows` gives for some of the words laid out, from the runs that `character_features` has hashed.

        Raises `KeyError` before `character_features` has read this layout.
        """
        threes, fours = self.runs[3], self.runs[4]
        numbers: list[Numbers] = []
        starts: list[int] = []
        place = 0
        for word in words:
            start, length = int(self.first[word]) - 1, int(self.length[word])
            numbers += (self.word[word : word + 1], threes[start : start + length], fours[start : start + length - 1])
            starts.append(place)
            place += 2 * length
        return _rows(numbers, np.array(starts))

    def word_of(self, place: Places) -> Places:
        """The word at a character; a blank belongs to the word before it, a text's first blank to its first word."""
        words: Places = np.maximum(self.blanks_before[place] - 1 - self.text_of_code[place], 0)
        return words


def lay_out(many: Sequence[Tokens]) -> Layout:
    """Lay out many texts' words; the marks of scope are computed here."""
    words: list[str] = []
    marks: list[int] = []
    counts: list[int] = []
    pieces: list[str] = []
    for tokens in many:
        words.extend(tokens.words)
        marks.extend(mark_words(tokens))
        counts.append(len(tokens.words))
        pieces.append(" ".join(("", *tokens.words, "")) if tokens.words else " ")
    raw = np.frombuffer("".join(pieces).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    blank = raw == _SPACE
    codes = _mix(raw * np.uint32(0x9E3779B1))
    texts = len(many)
    length = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    first = np.cumsum(length + 1) - length
    if texts == 1:
        text_of_code = np.zeros(len(raw), dtype=np.int64)
        text_of_word = np.zeros(len(words), dtype=np.int64)
    else:
        text_of_code = np.repeat(np.arange(texts), [len(piece) for piece in pieces])
        text_of_word = np.repeat(np.arange(texts), counts)
        # Two blanks stand between texts: the end of one and the start of the next.
        first += text_of_word
    return Layout(
        codes=codes,
        blanks_before=np.cumsum(blank),
        blank=blank,
        text_of_code=text_of_code,
        text_of_word=text_of_word,
        first=first,
        length=length,
        word=_hash_runs(codes, first, length),
        marks=np.array(marks, dtype=np.int64),
        texts=texts,
    )


def _hash_runs(codes: Numbers, first: Places, length: Places) -> Numbers:
    """One number a word, by its characters and their order; words are runs of `codes` with something between them."""
    if not len(first):
        return np.zeros(0, dtype=np.uint32)
    place = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    weighted = codes[np.repeat(first, length) + place] * _POWERS[np.minimum(place + 1, 63)]
    return _mix(np.add.reduceat(weighted, np.cumsum(length) - length, dtype=np.uint32))


def hash_words(words: Sequence[str]) -> Numbers:
    """One number a word; no word may be empty."""
    raw = np.frombuffer(" ".join(words).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    length = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    return _hash_runs(_mix(raw * np.uint32(0x9E3779B1)), np.cumsum(length + 1) - length - 1, length)


def _windows(codes: Numbers, size: int) -> Numbers:
    """Every run of `size` characters as a number that `_mix` has yet to spread, by its first place."""
    count = len(codes) - size + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint32)
    total = codes[:count] * _POWERS[size]
    for step in range(1, size):
        total += codes[step : count + step] * _POWERS[size - step]
    salted: Numbers = total ^ _SALTS[size]
    return salted


def character_features(layout: Layout) -> tuple[Places, Places, Places]:
    """The linear model's character n-grams: their numbers, the text of each, the word of each.

    Runs of three to five characters, blanks counted, and runs of five letters with the blanks taken out: these still
    see a word whose blanks were moved.
    """
    codes, owner = layout.codes, layout.text_of_code
    letters = np.flatnonzero(~layout.blank)
    windows = [_windows(codes, 3), _windows(codes, 4), _windows(codes, 5), _windows(codes[letters], 5)]
    lengths = [len(window) for window in windows]
    mixed = _mix(np.concatenate(windows))
    layout.runs = {3: mixed[: lengths[0]], 4: mixed[lengths[0] : lengths[0] + lengths[1]]}
    numbers = mixed & np.uint32((1 << CHARACTER_BITS) - 1)
    numbers[len(numbers) - lengths[3] :] ^= _SALTS[11] & np.uint32((1 << CHARACTER_BITS) - 1)
    at = np.concatenate([*(np.arange(length) for length in lengths[:3]), letters[: lengths[3]]])
    if layout.texts > 1:
        last = np.concatenate(
            [*(np.arange(n) + size - 1 for n, size in zip(lengths, (3, 4, 5), strict=False)), letters[4:]]
        )
        kept = owner[at] == owner[last]
        numbers, at = numbers[kept], at[kept]
    return numbers.astype(np.int64), owner[at], at


def word_features(layout: Layout) -> tuple[Places, Places, Places]:
    """The linear model's word n-grams: their numbers, the text of each, the word of each.

    Words alone, with their scope, with what the whole text holds (a quotation, a denial, a group, a verb of saying),
    and in twos and threes, where the name of a group also counts as "a group".
    """
    word, marks, owner = layout.word, layout.marks, layout.text_of_word
    count = len(word)
    every = np.arange(count)
    common = np.where(marks & GROUP, _GROUP_WORD, word)
    numbers: list[Numbers] = [word.copy()]
    places: list[Places] = [every]
    for salt, bit in ((5, QUOTED), (6, NEGATED)):
        marked = np.flatnonzero(marks & bit)
        if len(marked):
            numbers.append(common[marked] * _POWERS[2] ^ _SALTS[salt])
            places.append(marked)
    for salt, bit in ((7, QUOTED), (8, NEGATED), (9, GROUP), (10, SPEECH)):
        holds = np.zeros(layout.texts, dtype=bool)
        holds[owner[(marks & bit) != 0]] = True
        inside = every if layout.texts == 1 and holds[0] else np.flatnonzero(holds[owner])
        if len(inside):
            numbers.append(common[inside] * _POWERS[3] ^ _SALTS[salt])
            places.append(inside)
    for own, width, salt in ((word, 2, 1), (common, 2, 2), (common, 3, 3)):
        if count < width:
            continue
        run = own[: count - width + 1] * _POWERS[width]
        for step in range(1, width):
            run += own[step : count - width + 1 + step] * _POWERS[width - step]
        place = every[: len(run)]
        if layout.texts > 1:
            kept = owner[: len(run)] == owner[width - 1 :]
            run, place = run[kept], place[kept]
        numbers.append(run ^ _SALTS[salt])
        places.append(place)
    at = np.concatenate(places)
    mask = np.uint32((1 << WORD_BITS) - 1)
    return (_mix(np.concatenate(numbers)) & mask).astype(np.int64), owner[at], at


def word_rows(words: Sequence[str]) -> tuple[Places, Places]:
    """The sequence model's rows for each word, and where each word's rows start: its own row, then its n-grams.

    A word's own row comes first; the n-grams of three and four characters include the blanks around it.
    """
    codes = _mix(
        np.frombuffer((" " + " ".join(words) + " ").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        * np.uint32(0x9E3779B1)
    )
    own = hash_words(words)
    threes, fours = _mix(_windows(codes, 3)), _mix(_windows(codes, 4))
    numbers: list[Numbers] = []
    starts: list[int] = []
    start = place = 0
    for number, word in enumerate(words):
        length = len(word)
        numbers += (own[number : number + 1], threes[start : start + length], fours[start : start + length - 1])
        starts.append(place)
        place += 2 * length
        start += length + 1
    return _rows(numbers, np.array(starts))


def _rows(numbers: Sequence[Numbers], starts: Places) -> tuple[Places, Places]:
    """Rows of the table from hashes: those at `starts` are of words, the others of n-grams."""
    rows = (_mix(np.concatenate(numbers)) & np.uint32(_HALF - 1)).astype(np.int64)
    rows += _HALF
    rows[starts] -= _HALF
    return rows, starts
