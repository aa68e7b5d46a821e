"""The words that the lists know, by language: what letters in disguise are read as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from comity.screening.book_writing import FREQUENT, FREQUENT_RANK, LATIN, LISTED_LANGUAGES
from comity.screening.lexicon import shipped_lexicon
from comity.screening.sections import Sections, StringTable

__all__ = ["FREQUENT", "FREQUENT_RANK", "GLUED_LETTERS", "LATIN", "Vocabulary", "latin_words", "vocabularies"]

GLUED_LETTERS = 12
"""Letters from which an unknown word may be a sentence without blanks."""


class _Costs(Mapping[str, float]):
    """What each word costs when letters are cut into words."""

    def __init__(self, sections: Sections, language: str, words: StringTable) -> None:
        self._words = words
        self._costs = sections.numbers(f"{language}.costs")

    def __len__(self) -> int:
        return len(self._words)

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __getitem__(self, word: str) -> float:
        number = self._words.find(word)
        if number < 0:
            raise KeyError(word)
        return self.of(number)

    def of(self, number: int) -> float:
        """The cost of a word by its number."""
        cost: float = self._costs[number]
        return cost


class _BySkeleton(Mapping[str, str]):
    """The cheapest word of each skeleton."""

    def __init__(self, sections: Sections, language: str, words: StringTable) -> None:
        self.skeletons = StringTable(sections, f"{language}.skeletons")
        self._numbers = sections.numbers(f"{language}.skeletons.words")
        self._words = words

    def __len__(self) -> int:
        return len(self.skeletons)

    def __iter__(self) -> Iterator[str]:
        return iter(self.skeletons)

    def __getitem__(self, skeleton: str) -> str:
        number = self.skeletons.find(skeleton)
        if number < 0:
            raise KeyError(skeleton)
        word: str = self._words[self._numbers[number]]
        return word


class Vocabulary:
    """The words of one language that the lists know."""

    def __init__(self, sections: Sections, language: str) -> None:
        self.words = StringTable(sections, f"{language}.words")
        self.costs = _Costs(sections, language, self.words)
        self.by_skeleton = _BySkeleton(sections, language, self.words)
        self._speaks = sections.numbers(f"{language}.speaks")
        self._masks = StringTable(sections, f"{language}.masks")
        self._masks_name = f"{language}.masks.numbers"
        self._sections = sections

    def get(self, word: str) -> float | None:
        """What a word costs; None where it is not known."""
        number = self.words.find(word)
        return None if number < 0 else self.costs.of(number)

    def speaks(self, word: str) -> bool:
        """Whether a word says something by itself."""
        number = self.words.find(word)
        return number >= 0 and bool(self._speaks[number])

    def masked(self, first: str, length: int, most: int) -> list[str]:
        """The words of so many letters that begin with this one, the cheapest first."""
        place = self._masks.find(f"{first}{length}")
        return (
            [] if place < 0 else [self.words[number] for number in self._sections.list(self._masks_name, place)[:most]]
        )


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """By language."""
    sections = shipped_lexicon().sections
    return {language: Vocabulary(sections, language) for language in LISTED_LANGUAGES}


@cache
def latin_words() -> StringTable:
    """The words of all languages in Latin letters."""
    return StringTable(shipped_lexicon().sections, "latin")
