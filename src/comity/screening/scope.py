"""What stands around words inside their own sentence: quotation, negation, denial, condemnation, report, assent.

Everything is local to a sentence: what another sentence says neither excuses nor accuses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import NamedTuple

from comity.screening.lexicon import shipped_lexicon
from comity.screening.marks import Mark, marks_of
from comity.screening.normalise import PreparedText

__all__ = ["LONGEST", "Scope", "scope_of"]

NEGATION_REACH = 4
"""Words after a negation word that it can still deny."""


LONGEST = 8
"""Words of the longest entry of a class: how far before a place an entry that ends there may start."""

SLURS = {"racism": "group.origin", "antisemitism": "group.jews", "discrimination": "group.orientation"}
"""Category of a slur -> the class of groups that it is a name of."""

_SHORT = 5
"""A sentence of so few words tells its language badly: the caller's word counts beside it."""
_DENIES_BEFORE = 5
_DENIES_AFTER = 2
"""Words before and after a verb of thinking or saying where a negation makes it a denial."""
_DENYING = frozenset({"negation", "denied", "denier", "think", "report", "condemn", "context"})
"""Classes of words that take back what a sentence says."""
_AROUND = 3
"""Words outside a quotation from which somebody speaks of it; sharing it takes words of assent then."""
_SAYING = 3
"""Words of the shortest saying."""


class _Telling(NamedTuple):
    """Where a sentence tells, judges, denies or assents, as word numbers: first end and last start of each."""

    report_end: int
    report_start: int
    condemn_end: int
    condemn_start: int
    context: bool
    """Words of courts, complaints and victims: somebody may be telling of what was said."""
    denied_end: int
    assents: bool
    """The author makes somebody's words their own."""
    around: bool
    """More stands around the quotations of the sentence than a word that hands them over."""


class Scope:
    """The classes of words by sentence. Every question about a place looks at a bounded number of marks."""

    def __init__(self, text: PreparedText) -> None:
        self.text = text
        self.sizes = [last - first + 1 for first, last in text.sentences]
        self.by_sentence: dict[int, dict[str, list[Mark]]] = {}
        sentence_of, languages = text.sentence_of, text.languages
        for mark in marks_of(text):
            category, language = mark.entry.category, mark.entry.language
            sentence = sentence_of[mark.first]
            if category.startswith("class:"):
                if language == languages[sentence] or self.is_spoken(mark):
                    classes = self.by_sentence.setdefault(sentence, {})
                    classes.setdefault(category[6:], []).append(mark)
            elif category in SLURS and mark.first == mark.last and self.is_spoken(mark):
                # A slur names a group as well: what is said of it is said of the group.
                classes = self.by_sentence.setdefault(sentence, {})
                classes.setdefault(SLURS[category], []).append(mark)
        for classes in self.by_sentence.values():
            if "candour" in classes:
                _take_out_denials(classes)
        self._told: dict[int, _Telling] = {}

    def is_spoken(self, mark: Mark) -> bool:
        """Whether an entry's language is that of the sentence it stands in."""
        sentence = self.text.sentence_of[mark.first]
        language = self.text.languages[sentence]
        if language == mark.entry.language or mark.entry.language == "any":
            return True
        if language == "und":
            return self.text.hint in (None, mark.entry.language)
        if self.sizes[sentence] > _SHORT:
            return False
        if self.text.hint is not None:
            return self.text.hint == mark.entry.language
        return self._small_words(sentence, mark.entry.language) > self._small_words(sentence, language)

    def _small_words(self, sentence: int, language: str) -> int:
        """How many words of a short sentence are small words of a language."""
        first, last = self.text.sentences[sentence]
        lexicon = shipped_lexicon()
        known = lexicon.words(language, "link") | lexicon.words(language, "article")
        return sum(word in known for word in self.text.words[first : last + 1])

    def all(self, sentence: int, name: str) -> list[Mark]:
        """The marks of a class in a sentence, by their first word."""
        classes = self.by_sentence.get(sentence)
        return classes.get(name, []) if classes else []

    def starting(self, sentence: int, name: str, low: int, high: int) -> list[Mark]:
        """The marks of a class whose first word is from `low` to `high`."""
        marks = self.all(sentence, name)
        if not marks:
            return marks
        return marks[bisect_left(marks, low, key=_first) : bisect_right(marks, high, key=_first)]

    def ending(self, sentence: int, name: str, low: int, high: int) -> list[Mark]:
        """The marks of a class whose last word is from `low` to `high`."""
        return [mark for mark in self.starting(sentence, name, low - LONGEST, high) if low <= mark.last <= high]

    def size(self, sentence: int) -> int:
        """How many words the sentence has."""
        return self.sizes[sentence]

    def words_between(self, low: int, high: int, language: str, *names: str) -> bool:
        """Whether every word from `low` to `high` is one of the small words of these names; true when there is none."""
        if low > high:
            return True
        lexicon = shipped_lexicon()
        lists = [lexicon.words(language, name) for name in names]
        return all(any(word in words for words in lists) for word in self.text.words[low : high + 1])

    def has_word(self, low: int, high: int, language: str, name: str) -> bool:
        """Whether one of the words from `low` to `high` is a small word of this name."""
        return low <= high and not shipped_lexicon().words(language, name).isdisjoint(
            self.text.words[max(0, low) : high + 1]
        )

    def is_quoted(self, first: int, last: int) -> bool:
        """Whether the words stand between quotation marks."""
        return first in self.text.quoted and last in self.text.quoted

    def _is_saying(self, first: int, last: int) -> bool:
        """Whether quoted words are part of a saying; one or two in quotation marks may be the author's own."""
        quoted, most = self.text.quoted, _SAYING - 1
        before = next((far for far in range(most) if first - far - 1 not in quoted), most)
        after = next((far for far in range(most) if last + far + 1 not in quoted), most)
        return before + (last - first + 1) + after >= _SAYING

    def is_denied(self, first: int) -> bool:
        """Whether what starts here is said to be untrue or unsaid, earlier in its sentence."""
        return self._telling(self.text.sentence_of[first]).denied_end < first

    def _telling(self, sentence: int) -> _Telling:
        told = self._told.get(sentence)
        if told is None:
            never = len(self.text.words)
            people = [mark for mark in self.all(sentence, "people") if mark.last > mark.first]
            # `whoever wrote this` names a person: nothing is told there.
            reports = [mark for mark in self.all(sentence, "report") if not _is_inside(mark, people)]
            condemnations = self.all(sentence, "condemn")
            told = self._told[sentence] = _Telling(
                report_end=min((mark.last for mark in reports), default=never),
                report_start=max((mark.first for mark in reports), default=-1),
                condemn_end=min((mark.last for mark in condemnations), default=never),
                condemn_start=max((mark.first for mark in condemnations), default=-1),
                context=bool(self.all(sentence, "context")),
                denied_end=min(self._denials(sentence), default=never),
                assents=bool(self.all(sentence, "assent")),
                around=self._words_unquoted(sentence) >= _AROUND,
            )
        return told

    def _words_unquoted(self, sentence: int) -> int:
        first, last = self.text.sentences[sentence]
        quoted = self.text.quoted
        return sum(word not in quoted for word in range(first, last + 1)) if quoted else last - first + 1

    def _denials(self, sentence: int) -> list[int]:
        """Last words of what denies: phrases that do by themselves, and negated verbs of thinking or saying."""
        people = [mark for mark in self.all(sentence, "people") if mark.last > mark.first]
        ends = [mark.last for mark in self.all(sentence, "denied") if not _is_inside(mark, people)]
        for thought in self.all(sentence, "think"):
            if _is_inside(thought, people):
                continue
            low, high = thought.first - _DENIES_BEFORE, thought.last + _DENIES_AFTER
            for name in ("negation", "denier"):
                ends += [max(thought.last, mark.last) for mark in self.starting(sentence, name, low, high)]
        return ends

    def is_negated(self, first: int, last: int, reach: int = NEGATION_REACH) -> bool:
        """Whether a negation word stands inside the words or at most `reach` words before them."""
        return bool(self.starting(self.text.sentence_of[first], "negation", first - reach, last))

    def asks(self, word: int) -> bool:
        """Whether the sentence of this word ends as a question."""
        return self.text.sentence_of[word] in self.text.questions

    def weight(self, first: int, last: int, *, aimed: bool = False) -> float:
        """How much words weigh here: 1 when said in the author's own name, less when quoted, told or condemned.

        `aimed` words are thrown at somebody: neither a question nor a reproach beside them softens them.
        """
        told = self._telling(self.text.sentence_of[first])
        if told.denied_end < first:
            return 0.4
        quoted = self.is_quoted(first, last)
        if told.assents:
            return 0.95 if quoted else 1.0
        reported = told.report_end < first
        condemned = told.condemn_end < first or told.condemn_start > last
        if quoted:
            if reported or condemned or told.report_start > last:
                return 0.35
            spoken_of = told.around and not aimed and self._is_saying(first, last)
            return 0.5 if told.context or spoken_of else 0.75
        if reported:
            return 0.4 if condemned else 0.5
        if told.report_start > last:
            return 0.5
        if aimed:
            return 1.0
        if condemned:
            return 0.6
        if told.context or self.asks(first):
            return 0.85
        return 1.0


def _take_out_denials(classes: dict[str, list[Mark]]) -> None:
    """Take out what would deny or tell where it stands in words of candour (`nobody dares say it, but`)."""
    for name in _DENYING & classes.keys():
        kept = [mark for mark in classes[name] if not _is_inside(mark, classes["candour"])]
        if kept:
            classes[name] = kept
        else:
            del classes[name]


def _is_inside(mark: Mark, others: list[Mark]) -> bool:
    return any(other.first <= mark.first and mark.last <= other.last for other in others)


def _first(mark: Mark) -> int:
    return mark.first


@lru_cache(maxsize=8)
def scope_of(text: PreparedText) -> Scope:
    """The scope of a prepared text, made once for all detectors."""
    return Scope(text)
