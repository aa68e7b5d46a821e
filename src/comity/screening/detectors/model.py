"""What the trained model makes of each sentence: a finding for each head that one leans to, with the words behind."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from comity.screening.model.sentences import sentence_places
from comity.screening.model.threads import one_thread
from comity.screening.reference import Carried, carried_of
from comity.screening.restoring import restored_of
from comity.screening.types import Finding, Reading, Span, Submission

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from comity.screening.model.classifier import Classifier
    from comity.screening.normalise import PreparedText

    Floats = npt.NDArray[np.float64]

__all__ = ["ModelDetector"]

_LEAST = 0.5
"""What is less likely than not is no finding; its score is told all the same."""
_CEILINGS = {"spam": 0.79}
"""Spam was learnt from text messages and comments under videos: the model is never sure of it elsewhere."""
_LANGUAGE_CEILINGS = {"de": 0.59}
"""German has few rows: what the model says of it may be marked, never held on its word."""
_UNDETERMINED = "und"
_FEW_WORDS = 6
"""A sentence this short tells its language badly: the caller's word goes first."""
_MUCH_HIDDEN = 0.3
"""Part of a sentence's letters."""


class _Piece(NamedTuple):
    """What is read at once: a sentence as it stands, in plain words, or with the group that it means by `they`."""

    text: str
    language: str
    start: int
    """Where it starts in the original text, or in the restored one."""
    carried: Carried | None = None
    restored: PreparedText | None = None

    def span(self, first: int, last: int) -> tuple[int, int]:
        """A span of the piece in the original text."""
        if self.carried is not None:
            return self.carried.span(first, last)
        if self.restored is not None:
            return self.restored.raw_span(self.start + first, self.start + last)
        return self.start + first, self.start + last


class ModelDetector:
    """The shipped classifier, loaded at its first text: numpy and the weights cost nothing until then.

    Each sentence is read by itself and the highest score counts, so that no sentence added lowers what another says.
    A sentence in disguise is read in plain words: besides what stands there or, where much is hidden, instead of it.
    It keeps silent on sentences in a language that it was not trained on. A missing or damaged weight file raises
    `WeightsError` from `find`, which the engine turns into a hold.
    """

    name = "model"
    kind = "model"

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._given = classifier

    @property
    def _classifier(self) -> Classifier:
        if self._given is None:
            with one_thread():
                from comity.screening.model.classifier import shipped_classifier

            self._given = shipped_classifier()
        return self._given

    @property
    def version(self) -> str:
        """The version of the weights."""
        return self._classifier.version

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """One finding for each head that reaches 0.5 in a sentence, with that sentence's weightiest words."""
        return self.read_many([text])[0].findings

    def read_many(self, texts: Sequence[PreparedText]) -> list[Reading]:
        """The findings of each text, and every head's highest score among its sentences; no scores where there is
        nothing to read."""
        classifier = self._classifier
        pieces: list[_Piece] = []
        bounds = [0]
        for text in texts:
            pieces += _pieces(text, classifier.languages)
            bounds.append(len(pieces))
        languages = [piece.language for piece in pieces]
        table = classifier.table_of([piece.text for piece in pieces], languages)
        for language, ceiling in _LANGUAGE_CEILINGS.items():
            rows = [row for row, one in enumerate(languages) if one == language]
            if rows:
                table[rows] = table[rows].clip(max=ceiling)
        for head, ceiling in _CEILINGS.items():
            column = table[:, classifier.heads.index(head)]
            column[column > ceiling] = ceiling
        return [self._reading(pieces[first:last], table[first:last]) for first, last in pairwise(bounds)]

    def _reading(self, pieces: Sequence[_Piece], table: Floats) -> Reading:
        if not pieces:
            return Reading((), {})
        heads = self._classifier.heads
        highest = (table[0] if len(table) == 1 else table.max(axis=0)).tolist()
        scores = dict(zip(heads, highest, strict=True))
        leaning: dict[int, list[str]] = {}
        if max(highest) >= _LEAST:
            for head, number in zip(heads, table.argmax(axis=0).tolist(), strict=True):
                if scores[head] >= _LEAST:
                    leaning.setdefault(number, []).append(head)
        findings: list[Finding] = []
        for number, raised in leaning.items():
            piece = pieces[number]
            shown = self._classifier.evidence(piece.text, raised)
            for head, (spans, words) in zip(raised, shown, strict=True):
                placed = tuple(sorted({piece.span(first, last) for first, last in spans}))
                findings.append(Finding(head, scores[head], self.name, placed, words))
        return Reading(findings, scores)


def _pieces(text: PreparedText, known: frozenset[str]) -> Iterator[_Piece]:
    """What the model can read of a text, each piece with the language to read it in."""
    languages = _languages(text, known)
    hidden = _hidden(text)
    restored = restored_of(text) if hidden else None
    for language, (start, end) in zip(languages, sentence_places(text), strict=True):
        if (language in known or language == _UNDETERMINED) and not _is_hidden(hidden, start, end):
            yield _Piece(text.raw[start:end], language, start)
    for carried in carried_of(text):
        if languages[carried.sentence] in known:
            yield _Piece(carried.text.raw, languages[carried.sentence], 0, carried)
    if restored is None:
        return
    for language, (first, last) in zip(_languages(restored, known), restored.sentences, strict=True):
        if language in known or language == _UNDETERMINED:
            start, end = restored.folded_spans[first][0], restored.folded_spans[last][1]
            yield _Piece(restored.folded[start:end], language, start, restored=restored)


def _hidden(text: PreparedText) -> list[Span]:
    """The places of the words in disguise, in the original text."""
    skeleton = text.skeleton
    if True not in skeleton.altered:
        return []
    return [text.raw_span(*span) for span, altered in zip(skeleton.spans, skeleton.altered, strict=True) if altered]


def _is_hidden(hidden: Sequence[Span], start: int, end: int) -> bool:
    """Whether words in disguise are much of a sentence: what the model makes of such letters is a guess."""
    if not hidden:
        return False
    first = bisect_left(hidden, start, key=lambda span: span[1])
    last = bisect_left(hidden, end, key=lambda span: span[0])
    inside = sum(min(stop, end) - max(begin, start) for begin, stop in hidden[first:last])
    return inside >= _MUCH_HIDDEN * (end - start)


def _languages(text: PreparedText, known: frozenset[str]) -> list[str]:
    """The language to read each sentence in."""
    languages: list[str] = []
    for (first, last), found in zip(text.sentences, text.languages, strict=True):
        told = text.hint in known and (found == _UNDETERMINED or last - first < _FEW_WORDS)
        languages.append((text.hint or found) if told else found)
    return languages
