"""Reads a text in disguise as what it stands for: whole sentences of plain words, for the detectors of statements.

The skeleton finds single entries in disguise; a statement also needs its small words, its order and its language. So
every word near a disguise is looked up in the vocabulary of all lists: by its skeleton, by the letters that its stars
leave, or, where word borders were lost, by the cheapest way to cut its letters into known words. What is found stands
in the place of the disguised word, with the place it came from.
"""

from __future__ import annotations

import re
from functools import lru_cache

from comity.screening.disguise import Span, skeleton_form
from comity.screening.known_words import (
    FREQUENT,
    FREQUENT_RANK,
    GLUED_LETTERS,
    LATIN,
    Vocabulary,
    latin_words,
    vocabularies,
)
from comity.screening.normalise import PreparedText, kept
from comity.screening.sections import StringTable

__all__ = ["restored_of"]

_SCRIPT = re.compile("[\u0590-\u05ff\u0600-\u06ff]")
_GLUED_WORDS = 3
_GLUED_MEAN = 2.8
"""Least number of words in such a sentence, and of letters a word."""
_LONGEST_WORD = 20
_LEAST_SKELETON = 3
"""Letters from beyond which a word is also known by its skeleton."""
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_MASK_TRIED = 256
_BREAKS = frozenset(".!?;\n")
_REMEMBERED = 2048
_DEAREST_LETTER = 1.9
"""What cutting may cost a letter: beyond it the letters are no known words."""
_UNKNOWN = 9.0
_OFTEN_LETTERS = 4
"""A masked word this short is more likely one of the frequent words."""


def _languages_of(text: PreparedText) -> tuple[str, ...]:
    """The languages that a disguise is read in: the caller's, else those of its letters."""
    script = _SCRIPT.search(text.folded)
    if script:
        return ("he",) if script[0] < "\u0600" else ("ar",)
    told = text.hint if text.hint is not None and text.hint in LATIN else text.language
    return (told, *(language for language in LATIN if language != told)) if told in LATIN else LATIN


@kept
def restored_of(text: PreparedText) -> PreparedText | None:
    """The sentences of a text that hold a disguise, in plain words; None where there is none.

    Its `raw` is the text's: spans point into the original. Numbers of words and sentences are its own.
    """
    skeleton = text.skeleton
    if any(skeleton.altered):
        languages = _languages_of(text)
        stars = dict(skeleton.masked)
        lost = frozenset(skeleton.joined)
        read = [
            (
                _unmask(stars[number], languages)
                if number in stars
                else _plain(skeleton.words[number], altered, number in lost, languages),
                skeleton.spans[number],
            )
            for number, altered in enumerate(skeleton.altered)
        ]
        return _assembled(text, read)
    long = [number for number, word in enumerate(text.words) if len(word) >= GLUED_LETTERS and word.isalpha()]
    if not long:
        return None
    languages = _languages_of(text)
    cuts = {number: cut for number in long if len(cut := _glued(text.words[number], languages)) > 1}
    if not cuts:
        return None
    sentences = {text.sentence_of[number] for number in cuts}
    return _assembled(
        text,
        [
            (cuts.get(number, (word,)), text.folded_spans[number])
            for number, word in enumerate(text.words)
            if text.sentence_of[number] in sentences
        ],
    )


def _plain(word: str, altered: bool, lost_borders: bool, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The known words that a word stands for; itself where none is known."""
    if not altered:
        return (word,)
    if not lost_borders:
        for language in languages:
            vocabulary = vocabularies()[language]
            known = word if word in vocabulary.words else vocabulary.by_skeleton.get(skeleton_form(word))
            if known is not None:
                return (known,)
    return _cut(word, languages) or (word,)


@lru_cache(maxsize=_REMEMBERED)
def _glued(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """A long word as the sentence that it may be, of known words only; empty where it is more likely one word."""
    known = latin_words() if languages[0] in LATIN else vocabularies()[languages[0]].words
    if word in known or not _can_be_cut(word, known):
        return ()
    ways = [_cut_in(word, vocabularies()[language], exact=True) for language in languages]
    words = min(ways, key=lambda way: way[0])[1]
    whole = all(one in known for one in words) and len(words) >= _GLUED_WORDS and len(word) >= _GLUED_MEAN * len(words)
    return words if whole else ()


def _can_be_cut(letters: str, known: StringTable) -> bool:
    """Whether some known words, long enough in the mean, make all of the letters: most long words are told at once."""
    most = int(len(letters) / _GLUED_MEAN)
    encoded = letters.encode("utf-8", "surrogatepass")
    fewest = [0] + [most + 1] * len(encoded)
    """Of the words that end at each place."""
    for start in range(len(encoded)):
        count = fewest[start] + 1
        if count <= most:
            for number in known.beginning(encoded[start : start + known.longest]):
                end = start + len(known.key(number))
                if count < fewest[end]:
                    fewest[end] = count
    return fewest[-1] <= most


@lru_cache(maxsize=_REMEMBERED)
def _cut(letters: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Letters cut into known words of one language in the cheapest way; empty where that needs unknown ones."""
    if any(letters in vocabularies()[language].words for language in languages):
        return (letters,)
    # No word holds a letter three times in a row.
    letters = _DRAWN_OUT.sub(r"\1\1", letters)
    ways = [_cut_in(letters, vocabularies()[language]) for language in languages]
    cost, words = min(ways, key=lambda way: way[0])
    return words if cost < len(letters) * _DEAREST_LETTER + FREQUENT else ()


def _cut_in(letters: str, vocabulary: Vocabulary, *, exact: bool = False) -> tuple[float, tuple[str, ...]]:
    ways = _words_in(letters, vocabulary, exact=exact)
    best: list[tuple[float, int, str]] = [(0.0, 0, "")]
    for end in range(1, len(letters) + 1):
        found = (best[end - 1][0] + _UNKNOWN, end - 1, letters[end - 1 : end])
        for start, cost, word in ways[end]:
            if best[start][0] + cost < found[0]:
                found = (best[start][0] + cost, start, word)
        best.append(found)
    words: list[str] = []
    end = len(letters)
    while end > 0:
        _, start, word = best[end]
        words.append(word)
        end = start
    return best[-1][0], tuple(reversed(words))


def _words_in(letters: str, vocabulary: Vocabulary, *, exact: bool) -> list[list[tuple[int, float, str]]]:
    """The known words that stand in letters, by where they end: start, cost, the word."""
    words, costs, by_skeleton = vocabulary.words, vocabulary.costs, vocabulary.by_skeleton
    skeletons = by_skeleton.skeletons
    found: list[list[tuple[int, float, str]]] = [[] for _ in range(len(letters) + 1)]
    for start in range(len(letters)):
        rest = letters[start : start + _LONGEST_WORD]
        for number in words.beginning(rest.encode("utf-8", "surrogatepass")):
            word = words[number]
            found[start + len(word)].append((start, costs.of(number), word))
        if exact:
            continue
        longest = skeletons.shared(skeleton_form(rest))
        for size in range(_LEAST_SKELETON + 1, len(rest) + 1) if longest else ():
            form = skeleton_form(rest[:size])
            if len(form) > longest + 1:
                break  # `q` and `u` are one letter there: one more may yet be one less
            ways = found[start + size]
            known = None if ways and ways[-1][0] == start else by_skeleton.get(form)
            if known is not None:
                ways.append((start, costs[known] + 0.5, known))
    return found


def _unmask(starred: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The word that stars stand for: a frequent one where it is short, else the one that speaks loudest."""
    bare = starred.replace("*", "")
    if starred[0] == "*" or not bare:
        return (bare or starred,)
    for language in languages:
        vocabulary = vocabularies()[language]
        fits = [
            word
            for word in vocabulary.masked(starred[0], len(starred), _MASK_TRIED)
            if all(mask in ("*", letter) for mask, letter in zip(starred, word, strict=True))
        ]
        if not fits:
            continue
        loud = [word for word in fits if vocabulary.speaks(word)]
        usual = vocabulary.costs[fits[0]] < FREQUENT + FREQUENT_RANK / 1000
        return (loud[0],) if loud and not (usual and len(starred) <= _OFTEN_LETTERS) else (fits[0],)
    return (bare,)


def _assembled(text: PreparedText, read: list[tuple[tuple[str, ...], Span]]) -> PreparedText:
    """A prepared text of the words read, each with the place it came from."""
    pieces: list[str] = []
    offsets: list[int] = []
    words: list[str] = []
    spans: list[Span] = []
    sentences: list[int] = []
    length, before, sentence = 0, 0, 0

    def add(piece: str, raw: Span) -> None:
        nonlocal length
        pieces.append(piece)
        offsets.extend([raw[0]] * (len(piece) - 1) + [max(raw[0], raw[1] - 1)])
        length += len(piece)

    for known, span in read:
        raw = text.raw_span(*span)
        gap = text.folded[before : span[0]]
        before = span[1]
        for sign in gap:
            if sign in '"?!':
                add(sign, (raw[0], raw[0]))
        if words and not _BREAKS.isdisjoint(gap):
            sentence += 1
        for word in known:
            spans.append((length, length + len(word)))
            add(word, raw)
            add(" ", (raw[1], raw[1]))
            words.append(word)
            sentences.append(sentence)
    for sign in text.folded[before:]:
        if sign in '"?!':
            add(sign, (len(text.raw), len(text.raw)))
    offsets.append(len(text.raw))
    folded = "".join(pieces)
    return PreparedText(
        text.raw, folded, tuple(offsets), tuple(words), tuple(spans), tuple(sentences), frozenset(), text.hint, True
    )
