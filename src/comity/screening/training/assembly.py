"""Everything that the model is trained on, in one list: the table, its pseudo-French, our frames, ordinary prose."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from comity.screening.model.marks import GROUP, NEGATION, OBSCENE, marked_words
from comity.screening.training.grammar import Grammar, load_grammar
from comity.screening.training.judged import judged_rows
from comity.screening.training.labels import mark_antisemitism
from comity.screening.training.obfuscation import abbreviate, disguise
from comity.screening.training.own_words import own_words
from comity.screening.training.rows import Row, is_dev, letters_only, read_table
from comity.screening.training.translation import Pair, Rewriter, learn_rewriter, read_pairs

__all__ = ["Corpus", "Sizes", "assemble"]

Report = Callable[[str], None]

_WORDS_AT_MOST = 90
_VIOLENT = frozenset(
    {
        "kill",
        "killed",
        "murder",
        "die",
        "dead",
        "death",
        "hate",
        "rape",
        "shoot",
        "tuer",
        "tue",
        "tuez",
        "mort",
        "morts",
        "meurs",
        "haine",
        "hais",
        "deteste",
        "violer",
        "abattre",
        "crever",
    }
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows of each made kind, each language."""

    frames: int = 130_000
    dev_frames: int = 6_000
    around: int = 14_000
    swapped: int = 10_000
    disguised: int = 10_000
    french_prose: int = 36_000
    english_prose: int = 8_000
    mentions: int = 9_000
    abbreviated: int = 10_000
    rewritten: int = 140_000
    advertising: int = 6_000

    def smaller(self, factor: float) -> Sizes:
        """The same proportions, for a quick run."""
        return Sizes(*(max(int(getattr(self, name) * factor), 40) for name in Sizes.__slots__))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Rows for training and rows for dev; no text of dev, judged by its letters, is in training."""

    train: list[Row]
    dev: list[Row]
    pairs: list[Pair]


def _chance(name: str, seed: int) -> random.Random:
    return random.Random(zlib.crc32(name.encode()) + seed)  # noqa: S311 -- reproducible sampling, nothing secret


def _pseudo(rows: Sequence[Row], rewriter: Rewriter, count: int, seed: int) -> Iterator[Row]:
    chance = _chance("pseudo", seed)
    english = [row for row in rows if row.language == "en" and row.source != "wikictx"]
    talk = [row for row in rows if row.source == "wikictx"]
    english += talk[: len(english) // 12]
    if len(english) > count:
        english = chance.sample(english, count)
    for row in english:
        text = rewriter.rewrite(marked_words(row.text).words[:_WORDS_AT_MOST], chance)
        if text:
            yield replace(row, text=text, language="fr", origin="pseudo", weight=row.weight * 0.6)


def _around(rows: Sequence[Row], grammar: Grammar, count: int, seed: int, *, dev: bool) -> Iterator[Row]:
    """Frames round sentences of the table: hateful ones refused (half) or shared (half), innocent ones in the same."""
    chance = _chance(f"around {grammar.language} {dev}", seed)
    short = [
        row for row in rows if row.language == grammar.language and len(row.text) < 160 and row.labels[0] is not None
    ]
    hateful = [row for row in short if row.labels[0] == 1]
    innocent = [row for row in short if row.labels[0] == 0]
    if not hateful or not innocent:
        return
    for number in range(count):
        kept = number % 2 == 0
        row = chance.choice(innocent if number % 5 == 0 else hateful)
        text = grammar.around(row.text, chance, dev=dev, kept=kept)
        hate = row.labels[0] if kept else 0.0
        tone = 1.0 if hate else (row.labels[1] if kept else 0.0 if row.labels[0] else None)
        labels = (hate, tone, None, None, None, None, None)
        family = ("around_kept" if kept else "around_refused") if row.labels[0] else "around_innocent"
        yield replace(
            row,
            text=text,
            origin="frame",
            source=f"around_{grammar.language}",
            weight=0.5,
            labels=labels,
            family=family,
        )


def _swapped(rows: Sequence[Row], grammar: Grammar, count: int, seed: int) -> Iterator[Row]:
    """Rows of the table with the group that they name exchanged for another: who is meant must not matter."""
    chance = _chance(f"swap {grammar.language}", seed)
    plurals = sorted({group.plural.lower() for group in grammar.groups["group"] if " " not in group.plural})
    known = set(plurals)
    made = 0
    order = [row for row in rows if row.language == grammar.language and row.labels[0] is not None]
    chance.shuffle(order)
    for row in order:
        if made >= count:
            return
        words = row.text.split(" ")
        places = [place for place, word in enumerate(words) if word.lower().strip(".,!?") in known]
        if not places:
            continue
        other = chance.choice(plurals)
        for place in places:
            words[place] = other
        made += 1
        labels = (*row.labels[:5], None, row.labels[6])
        yield replace(
            row, text=" ".join(words), source=f"swap_{grammar.language}", weight=0.5 * row.weight, labels=labels
        )


def _disguised(rows: Sequence[Row], count: int, seed: int) -> Iterator[Row]:
    chance = _chance("disguise", seed)
    for language in ("en", "fr"):
        bad = [
            r for r in rows if r.language == language and (r.labels[0] == 1 or r.labels[1] == 1) and len(r.text) < 200
        ]
        good = [
            r for r in rows if r.language == language and r.labels[0] == 0 and r.labels[1] != 1 and len(r.text) < 200
        ]
        for number in range(count):
            among = good if number % 3 == 0 else bad
            if among:
                row = chance.choice(among)
                yield replace(row, text=disguise(row.text, chance), source=f"disguised_{language}", weight=0.4)


def _abbreviated(rows: Sequence[Row], count: int, seed: int) -> Iterator[Row]:
    """French rows as they would be typed in a forum."""
    chance = _chance("abbreviate", seed)
    french = [row for row in rows if row.language == "fr" and row.origin in ("native", "frame") and len(row.text) < 300]
    for row in chance.sample(french, min(count, len(french))):
        text = abbreviate(row.text, chance)
        if text != row.text:
            yield replace(row, text=text, source="abbreviated_fr", weight=0.5 * row.weight)


def _mentions(pairs: Sequence[Pair], grammar: Grammar, count: int, seed: int) -> Iterator[Row]:
    """Ordinary sentences about "them", with a group in their place: a name alone must not weigh against a text."""
    side = 1 if grammar.language == "fr" else 0
    chance = _chance(f"mention {grammar.language}", seed)
    harsh = grammar.harsh_words() | _VIOLENT
    labels = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    order = list(range(len(pairs)))
    chance.shuffle(order)
    made = 0
    for number in order:
        words = pairs[number][side]
        if made >= count:
            return
        if len(words) < 4 or words[0] not in ("ils", "elles", "they") or not harsh.isdisjoint(words):
            continue
        if any(mark & (OBSCENE | NEGATION) for mark in marked_words(" ".join(words)).marks):
            continue
        # One in four is about Jews: of all groups, the one whose plain mention must be read best here.
        group = chance.choice(grammar.groups["jews" if number % 4 == 0 else "group"])
        if group.kept_for_dev or (side == 1 and (words[0] == "elles") != (group.gender == "f")):
            continue
        made += 1
        start = ("les " if side == 1 else "") + group.plural.lower()
        text = " ".join((start, *words[1:])).replace("' ", "'")
        yield Row(
            text,
            grammar.language,
            f"mention_{grammar.language}",
            "frame",
            0.5,
            labels,
            is_dev(text, "mention"),
            "mention_prose",
        )


def _prose(pairs: Sequence[Pair], side: int, count: int, seed: int) -> Iterator[Row]:
    """Ordinary sentences of the pairs, those with a swear word, a group or violence left out."""
    language = ("en", "fr")[side]
    chance = _chance(f"prose {language}", seed)
    order = list(range(len(pairs)))
    chance.shuffle(order)
    made = 0
    taken: set[str] = set()
    labels = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    while order and made < count:
        words: list[str] = []
        for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
            if order:
                words.extend((*pairs[order.pop()][side], "."))
        text = " ".join(words).replace("' ", "'").replace(" .", ".")
        key = letters_only(text)
        if key in taken or not _VIOLENT.isdisjoint(words):
            continue
        if any(mark & (OBSCENE | GROUP) for mark in marked_words(text).marks):
            continue
        taken.add(key)
        made += 1
        yield Row(text, language, f"prose_{language}", "prose", 0.6, labels, is_dev(text, "prose"))


def assemble(table: Path, pairs_path: Path, *, sizes: Sizes, seed: int, report: Report) -> Corpus:
    """All rows, dev apart. The same files, sizes and seed give the same rows in the same order."""
    rows = list(read_table(table))
    report(f"table: {len(rows)} rows")
    pairs = read_pairs(pairs_path)
    rewriter = learn_rewriter(pairs)
    report(f"lexicon: {len(rewriter.lexicon)} English words from {len(pairs)} pairs")
    grammars = [load_grammar("fr"), load_grammar("en")]
    native = {False: [row for row in rows if not row.dev], True: [row for row in rows if row.dev]}
    made: dict[bool, list[Row]] = {}
    for dev in (True, False):
        # Made rows keep to their side: dev sentences fill dev frames only, with the wordings kept for dev.
        share = 0.06 if dev else 1.0
        base = native[dev] + list(_pseudo(native[dev], rewriter, sizes.rewritten, seed))
        extra: list[Row] = []
        for grammar in grammars:
            chance = _chance(f"grammar {grammar.language} {dev}", seed)
            frames = list(grammar.rows(sizes.dev_frames if dev else sizes.frames, chance, dev=dev))
            extra.extend(frames)
            if grammar.language == "en":
                extra.extend(_pseudo(frames, rewriter, len(frames) // 3, seed))
            advertising = load_grammar(grammar.language, "grammar_spam")
            count = int(sizes.advertising * (0.1 if dev else 1.0))
            extra.extend(advertising.rows(count, _chance(f"{advertising.source} {dev}", seed), dev=dev))
            extra.extend(_around(base, grammar, int(sizes.around * share), seed, dev=dev))
            extra.extend(_swapped(base, grammar, int(sizes.swapped * share), seed))
        extra.extend(_disguised(base + extra, int(sizes.disguised * share), seed))
        extra.extend(_abbreviated(base + extra, int(sizes.abbreviated * share), seed))
        made[dev] = base + extra
        report(
            f"{'dev' if dev else 'training'}: {len(base)} rows of the table and their pseudo-French, {len(extra)} made"
        )
    for side, count in ((1, sizes.french_prose), (0, sizes.english_prose)):
        for row in _prose(pairs, side, count, seed):
            made[row.dev].append(row)
    for grammar in grammars:
        for row in _mentions(pairs, grammar, sizes.mentions, seed):
            made[row.dev].append(row)
    made[True].extend(own_words())
    seen = {letters_only(row.text) for row in made[True]}
    train = [row for row in made[False] if letters_only(row.text) not in seen]
    gone = len(made[False]) - len(train)
    report(f"contamination: {gone} training rows taken out; {len(train)} left, {len(seen)} dev texts")
    # The other way round here: everyday sentences of a word or two are in everybody's mouth.
    judged, trained = judged_rows(), {letters_only(row.text) for row in train}
    unseen = [row for row in judged if letters_only(row.text) not in trained]
    report(f"judged: {len(judged) - len(unseen)} sentences left out that training has as well, {len(unseen)} left")
    dev_rows = mark_antisemitism([replace(row, dev=True) for row in made[True] + unseen])
    return Corpus(mark_antisemitism(train), dev_rows, pairs)
