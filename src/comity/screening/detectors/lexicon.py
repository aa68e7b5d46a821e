"""Finds the words and phrases of the lists, plain or in disguise."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from comity.screening.lexicon import Entry, Lexicon, shipped_entries
from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, Span, Submission

__all__ = ["LexiconDetector"]


class LexiconDetector:
    """Every list entry in the text, one finding a category: its heaviest entry's weight, the spans of all."""

    name = "lexicon"
    version = "1"
    kind = "words"
    reads_names = True

    def __init__(self, own_entries: Iterable[Entry] = ()) -> None:
        self._own = tuple(own_entries)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Compiled at first use: a process that screens nothing pays nothing."""
        return Lexicon((*shipped_entries(), *self._own))

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """One finding a category, with the spans of all its words."""
        lexicon = self.lexicon
        matches: list[tuple[Entry, Span]] = []
        for group, start, end in lexicon.find_plain(text.stream):
            first, last = text.stream_words(start, end)
            span = text.word_span(first, last)
            for entry in lexicon.groups[group]:
                if "accent" in entry.flags and text.raw[span[0] : span[1]].casefold() != entry.written.casefold():
                    continue
                matches.append((entry, span))
        skeleton = text.skeleton
        if skeleton.starts:
            for group, start, end in lexicon.find_skeleton(skeleton.stream):
                first, last = skeleton.words_at(start, end)
                if any(skeleton.altered[first : last + 1]):
                    span = text.raw_span(skeleton.spans[first][0], skeleton.spans[last][1])
                    matches.extend((entry, span) for entry in lexicon.groups[group] if "plain" not in entry.flags)
        excused = [span for entry, span in matches if entry.category == "exception"]
        by_category: dict[str, list[tuple[Entry, Span]]] = {}
        for entry, span in matches:
            if entry.category != "exception" and not any(e[0] <= span[0] and span[1] <= e[1] for e in excused):
                by_category.setdefault(entry.category, []).append((entry, span))
        for category, found in by_category.items():
            yield Finding(
                category=category,
                score=max(entry.weight for entry, _ in found),
                detector=self.name,
                spans=tuple(sorted({span for _, span in found})),
                evidence=tuple(sorted({entry.form for entry, _ in found})[:8]),
            )
