"""Prepares a text for the detectors: raw, folded and skeleton views, with maps back to raw code points.

Folded: compatibility forms, case, accents, look-alike letters and invisible characters undone; then words, with a
stream of them (` word word `, a line feed between sentences) that word lists are searched in. Skeleton: the same
words after leetspeak, spaced, dotted and stretched letters are undone; a word that needed it is marked as altered.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TypeVar

from comity.screening.disguise import NOTHING, Skeleton, Span, skeleton_of
from comity.screening.folding import BIDI, FOLD, HOMOGLYPHS
from comity.screening.language import Tally, decide, may_be, tally, together

__all__ = ["PreparedText", "kept", "prepare"]

WORD = re.compile(r"[^\W_]+|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_BREAKS = frozenset(".!?\n;")
_QUOTES = re.compile(r'"')


@dataclass(frozen=True, eq=False)
class PreparedText:
    """One text in all its views. Spans that leave it are in code points of `raw`."""

    raw: str
    folded: str
    offsets: tuple[int, ...] | None
    """Folded index -> raw index, one more entry than `folded` has characters; None where they are equal."""
    words: tuple[str, ...]
    """Folded words, in order."""
    folded_spans: tuple[Span, ...]
    """Of each word, in `folded`."""
    sentence_of: tuple[int, ...]
    """Number of the sentence that each word belongs to."""
    signals: frozenset[str]
    """What hides: `bidi`, `invisible`, `mixed_script`."""
    hint: str | None = None
    """The language that the caller names, without region."""
    restored: bool = False
    """A reading of a text in disguise, in plain words: it has no disguise of its own."""

    def raw_span(self, start: int, end: int) -> Span:
        """A span of `folded` in raw code points."""
        if self.offsets is None:
            return start, end
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1

    def word_span(self, first: int, last: int | None = None) -> Span:
        """From word `first` to word `last` (included), in raw code points."""
        return self.raw_span(self.folded_spans[first][0], self.folded_spans[first if last is None else last][1])

    @cached_property
    def _stream(self) -> tuple[str, tuple[int, ...]]:
        return _stream_of(self.words, self.sentences)

    @property
    def stream(self) -> str:
        """The folded words between spaces, with a line feed between sentences."""
        return self._stream[0]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The language of each sentence by itself, so that one sentence never changes how another is read."""
        if self.raw.isascii():  # no letter tells anything
            return tuple(map(decide, self._tallies))
        found: list[str] = []
        for (first, last), said in zip(self.sentences, self._tallies, strict=True):
            start, end = self.word_span(first, last)
            found.append(decide(said, self.raw[start:end]))
        return tuple(found)

    def may_be_in(self, sentence: int, language: str) -> bool:
        """Whether a sentence of no clear language may be in this one."""
        start, end = self.word_span(*self.sentences[sentence])
        return may_be(self._tallies[sentence], language, self.raw[start:end])

    @cached_property
    def _tallies(self) -> tuple[Tally, ...]:
        return tuple(tally(self.words[first : last + 1]) for first, last in self.sentences)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """First and last word of each sentence; the numbers of `sentence_of` count them."""
        count = self.sentence_of[-1] + 1 if self.words else 0
        starts = [bisect_left(self.sentence_of, number) for number in range(count)]
        ends = [*starts[1:], len(self.words)]
        return tuple([(start, end - 1) for start, end in zip(starts, ends, strict=False)])

    @cached_property
    def questions(self) -> frozenset[int]:
        """Numbers of the sentences that end with a question mark."""
        if "?" not in self.folded:
            return frozenset()
        found = set()
        for number, (_, last) in enumerate(self.sentences):
            after = len(self.folded) if last + 1 == len(self.words) else self.folded_spans[last + 1][0]
            if "?" in self.folded[self.folded_spans[last][1] : after]:
                found.add(number)
        return frozenset(found)

    @cached_property
    def language(self) -> str:
        """The language of the whole: what the caller names, else what most words are in, else `und`."""
        return self.hint or decide(together(self._tallies), self.raw)

    @cached_property
    def skeleton(self) -> Skeleton:
        """The words with their disguises undone."""
        if self.restored:
            return NOTHING
        return skeleton_of(self.folded, self.folded_spans, self.sentence_of)

    @property
    def stream_starts(self) -> tuple[int, ...]:
        """Where each word starts in `stream`."""
        return self._stream[1]

    def words_in(self, start: int, end: int) -> tuple[int, int]:
        """First and last word that touch a span of `folded`; the last comes before the first when none does."""
        first = bisect_left(self.folded_spans, start + 1, key=lambda span: span[1])
        return first, bisect_left(self.folded_spans, end, key=lambda span: span[0]) - 1

    @cached_property
    def quoted(self) -> frozenset[int]:
        """Numbers of the words that stand between quotation marks opened and closed in the same sentence."""
        if '"' not in self.folded:
            return frozenset()
        inside: set[int] = set()
        marks = [match.start() for match in _QUOTES.finditer(self.folded)]
        place, opened, sentence, previous_end = 0, -1, 0, 0
        pending: list[int] = []
        for number, (start, end) in enumerate(self.folded_spans):
            while place < len(marks) and marks[place] < start:
                if opened < 0:
                    opened = marks[place]
                else:
                    inside.update(pending)
                    opened = -1
                pending = []
                place += 1
            if self.sentence_of[number] != sentence:
                sentence = self.sentence_of[number]
                if opened < previous_end:  # a mark left open does not reach into the next sentence
                    opened, pending = -1, []
            if opened >= 0:
                pending.append(number)
            previous_end = end
        if opened >= 0 and place < len(marks):
            inside.update(pending)
        return frozenset(inside)


_Made = TypeVar("_Made")


def kept(work: Callable[[PreparedText], _Made]) -> Callable[[PreparedText], _Made]:
    """Does this work on a text once: what comes of it stays with the text, and goes with it."""
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def once(text: PreparedText) -> _Made:
        about = text.__dict__
        try:
            made: _Made = about[name]
        except KeyError:
            made = about[name] = work(text)
        return made

    return once


def prepare(raw: str, language: str | None = None) -> PreparedText:
    """All views of a text; linear in its length, for any Unicode. `language` is a tag that the caller is sure of."""
    hint = language.split("-")[0].lower() or None if language else None
    signals: set[str] = set()
    offsets: tuple[int, ...] | None = None
    if raw.isascii() and "\t" not in raw and raw.isprintable():
        folded = raw.lower()
    else:
        pieces = list(map(FOLD.__getitem__, raw))
        folded = "".join(pieces)
        if "" in pieces or len(folded) != len(raw):
            offsets = _offsets(raw, pieces, signals)
        if not folded.isascii():
            folded = _unmask(folded, signals)
    spans: list[Span] = []
    sentences: list[int] = []
    sentence, end, before = 0, 0, ""
    words = WORD.findall(folded)
    for word in words:
        start = folded.index(word, end)
        if start - end != 1 or folded[end] != " ":
            gap = folded[end:start]
            if before and not _BREAKS.isdisjoint(gap) and _ends_sentence(gap, before):
                sentence += 1
        before = word
        end = start + len(word)
        spans.append((start, end))
        sentences.append(sentence)
    return PreparedText(raw, folded, offsets, tuple(words), tuple(spans), tuple(sentences), frozenset(signals), hint)


def _ends_sentence(gap: str, word: str) -> bool:
    if "\n" in gap or ";" in gap:
        return True
    if not any(character.isspace() for character in gap):
        return False
    return "!" in gap or "?" in gap or ".." in gap or len(word) > 1


def _offsets(raw: str, pieces: list[str], signals: set[str]) -> tuple[int, ...]:
    offsets: list[int] = []
    for index, piece in enumerate(pieces):
        if len(piece) == 1:
            offsets.append(index)
        elif piece:
            offsets.extend([index] * len(piece))
        elif raw[index] in BIDI:
            signals.add("bidi")
        elif not raw[index].isprintable() and raw[index] not in "\u200d\ufe0f":
            signals.add("invisible")
    offsets.append(len(raw))
    return tuple(offsets)


def _unmask(folded: str, signals: set[str]) -> str:
    """Look-alikes of other scripts made Latin, in words that mix scripts and in such words of a Latin text."""
    if not any(character in HOMOGLYPHS for character in folded):
        return folded
    latin = sum("a" <= character <= "z" for character in folded)
    mostly_latin = latin * 2 > sum(character.isalpha() for character in folded)
    out: list[str] = []
    end = 0
    for match in WORD.finditer(folded):
        word = match.group()
        if word.isascii() or not any(character in HOMOGLYPHS for character in word):
            continue
        mixed = any("a" <= character <= "z" for character in word)
        if not mixed and not (mostly_latin and all(character in HOMOGLYPHS for character in word)):
            continue
        # One for one, so that the map back stays true.
        unmasked = "".join(HOMOGLYPHS.get(character, character)[0] for character in word)
        signals.add("mixed_script")
        out.append(folded[end : match.start()])
        out.append(unmasked)
        end = match.end()
    out.append(folded[end:])
    return "".join(out)


def _stream_of(words: tuple[str, ...], sentences: tuple[tuple[int, int], ...]) -> tuple[str, tuple[int, ...]]:
    starts: list[int] = []
    pieces: list[str] = []
    position = 1
    for first, last in sentences:
        own = words[first : last + 1]
        pieces.append(" ".join(own))
        for word in own:
            starts.append(position)
            position += len(word) + 1
        position += 2
    return " " + " \n ".join(pieces) + " " if pieces else " ", tuple(starts)
