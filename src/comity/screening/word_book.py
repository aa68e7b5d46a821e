"""The shipped word lists as they are searched: word by word, in tables that lie in a file.

What a search costs hangs on the text alone: neither on how many entries there are, nor on loading them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comity.screening.book_writing import INNER_LETTERS
from comity.screening.disguise import Skeleton
from comity.screening.entries import Entry, Kind
from comity.screening.normalise import PreparedText
from comity.screening.sections import Sections, StringTable, hash_of

__all__ = ["Match", "WordBook"]

Match = tuple[int, int, int]
"""Number of a form, of its first word in the text and of its last."""

_MASKED_TRIED = 64
_WORDS_REMEMBERED = 4096
_LONGEST_REMEMBERED = 40


class _Groups(dict[int, tuple[Entry, ...]]):
    """The entries of each form by its number, made when somebody looks."""

    def __init__(self, sections: Sections, forms: StringTable, kinds: Sequence[Kind]) -> None:
        self._sections, self._forms, self._kinds = sections, forms, kinds

    def __missing__(self, number: int) -> tuple[Entry, ...]:
        form = self._forms[number]
        entries = tuple(Entry(form, *self._kinds[kind]) for kind in self._sections.list("groups", number))
        return self.setdefault(number, entries)  # whoever comes first: an entry must stay the same object


class _Lists:
    """Strings that each stand for some forms."""

    def __init__(self, sections: Sections, name: str) -> None:
        self.strings = StringTable(sections, name)
        self._bounds = sections.numbers(f"{name}.numbers.bounds")
        self._numbers = sections.numbers(f"{name}.numbers")

    def __getitem__(self, place: int) -> list[int]:
        numbers: list[int] = self._numbers[self._bounds[place] : self._bounds[place + 1]].tolist()
        return numbers

    def of(self, string: str) -> list[int]:
        """The forms of one string."""
        place = self.strings.find(string)
        return [] if place < 0 else self[place]

    def beginning(self, key: bytes) -> Iterator[int]:
        """The forms whose strings an encoded text begins with."""
        for place in self.strings.beginning(key):
            yield from self[place]


class _Inner(_Lists):
    """Strings that are looked for at every letter."""

    def __init__(self, sections: Sections, name: str) -> None:
        super().__init__(sections, name)
        self._begins = sections.numbers(f"{name}.begins")
        self._mask = 8 * len(self._begins) - 1

    def inside(self, letters: str) -> Iterator[int]:
        """The forms whose strings stand anywhere in the letters."""
        begins, mask, longest = self._begins, self._mask, self.strings.longest
        for start in range(len(letters) - INNER_LETTERS + 1):
            place = hash_of(letters[start : start + INNER_LETTERS]) & mask
            if begins[place >> 3] >> (place & 7) & 1:
                yield from self.beginning(letters[start : start + longest].encode("utf-8", "surrogatepass"))


class WordBook:
    """The entries of the shipped lists."""

    def __init__(self, sections: Sections) -> None:
        about: Mapping[str, Any] = sections.about
        kinds: list[Kind] = [
            (category, weight, language, frozenset(flags), written)
            for category, weight, language, flags, written in about["kinds"]
        ]
        self.sections = sections
        self._forms = StringTable(sections, "forms")
        self.groups = _Groups(sections, self._forms, kinds)
        self._small = {(language, name): frozenset(forms) for language, name, forms in about["words"]}
        self._words = StringTable(sections, "words")
        self._ends = sections.numbers("phrases.ends")
        self._bounds = sections.numbers("phrases.bounds")
        self._following = sections.numbers("phrases.following")
        self._known: dict[str, int] = {}
        self._glued_known: dict[str, tuple[int, ...]] = {}
        self._skeletons = _Lists(sections, "skeletons")
        self._masked = _Lists(sections, "masked")
        self._inner = _Inner(sections, "inner")
        self._glued = _Inner(sections, "glued")

    def __len__(self) -> int:
        """How many forms there are; they are numbered from 0."""
        return len(self._forms)

    def words(self, language: str, name: str) -> frozenset[str]:
        """The small words of a language that a list names `= words:NAME`."""
        return self._small.get((language, name), frozenset())

    def _numbered(self, words: Sequence[str]) -> list[int]:
        """The words as numbers; -1 for those that stand in no form. Remembered."""
        try:
            return list(map(self._known.__getitem__, words))
        except KeyError:
            known = self._known
            new = {word: self._words.find(word) for word in words if word not in known}
            if len(known) + len(new) > _WORDS_REMEMBERED:
                # Others may be reading the full one.
                self._known = known = {}
                new = {word: self._words.find(word) for word in words}
            known.update({word: number for word, number in new.items() if len(word) <= _LONGEST_REMEMBERED})
            return [known[word] if word in known else new.get(word, -1) for word in words]

    def find_plain(self, text: PreparedText) -> list[Match]:
        """Every form in the words of a text, as they stand there."""
        numbers = self._numbered(text.words)
        ends, bounds, following, first_words = self._ends, self._bounds, self._following, len(self._words)
        found: list[Match] = []
        for first, last in text.sentences:
            for start in range(first, last + 1):
                at = numbers[start]
                if at < 0:
                    continue
                place = start
                while True:
                    end = ends[at]
                    if end:
                        found.append((end - 1, start, place))
                    low, high = bounds[at], bounds[at + 1]
                    if low == high or place == last:
                        break
                    place += 1
                    word = numbers[place]
                    if word < 0:
                        break
                    branch = bisect_left(following, word, low, high)
                    if branch == high or following[branch] != word:
                        break
                    at = first_words + branch
        return found

    def find_skeleton(self, skeleton: Skeleton) -> Iterator[Match]:
        """Every form in the words of a skeleton."""
        stream, strings = skeleton.stream, self._skeletons.strings
        for first, start in enumerate(skeleton.starts):
            key = stream[start : start + strings.longest].encode("utf-8", "surrogatepass")
            for place in strings.beginning(key):
                last = first + strings.key(place).count(b" ") - 1
                for number in self._skeletons[place]:
                    yield number, first, last

    def find_inside(self, joined: str) -> Iterator[int]:
        """Forms of five letters or more that stand anywhere in letters whose word borders were lost."""
        return self._inner.inside(joined)

    def glued_in(self, word: str) -> tuple[int, ...]:
        """Phrases written as one word, as a hashtag for instance, or a part of one; remembered, since most long words
        are met again and hold none."""
        found = self._glued_known.get(word)
        if found is None:
            found = tuple(self._glued.inside(word))
            if len(self._glued_known) >= _WORDS_REMEMBERED:
                self._glued_known = {}
            if len(word) <= _LONGEST_REMEMBERED:
                self._glued_known[word] = found
        return found

    def find_masked(self, word: str) -> Iterator[int]:
        """Forms that a word with some letters starred out can stand for; at most 64 are tried."""
        if word[0] == "*" or word[-1] == "*":
            return
        for number in self._masked.of(f"{word[0]}{word[-1]}{len(word)}")[:_MASKED_TRIED]:
            if all(mask in ("*", letter) for mask, letter in zip(word, self._forms[number], strict=True)):
                yield number
