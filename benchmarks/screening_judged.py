"""How the screening line judges texts that people labelled: `python -m benchmarks.screening_judged [FILE…]`.

A file has one text a line: `language family hate toxicity insult threat antisemitism spam text`, separated by tabs;
labels are 1, 0 or `-` where nobody was asked; lines that begin with `;` are comments. The whole engine reads each text
with the shipped rules, as a comment whose language nobody told (`--tell-language` tells it). Without a file, the
sentences are those that were kept apart while the engine was made: `training/data/judged_kept_apart.tsv`.

Scores are judged at 0.5, as the highest of the heads that fit what is asked; outcomes by the rules. `--disguised` also
says how much is still caught when the texts are spaced, leeted, written in look-alike letters, padded with invisible
characters or stretched. `--errors` lists the texts that were judged wrongly, with their scores.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comity.screening import house_rules, training
from comity.screening.engine import Engine
from comity.screening.types import Decision, Outcome, Submission

KEPT_APART = Path(training.__file__).with_name("data") / "judged_kept_apart.tsv"
LABELS = ("hate", "toxicity", "insult", "threat", "antisemitism", "spam")
EVEN = 0.5
HEADS = {
    "hate": ("hate", "antisemitism"),
    "toxicity": ("toxicity", "hate", "insult", "threat", "obscenity", "antisemitism"),
    "insult": ("insult",),
    "threat": ("threat",),
    "antisemitism": ("antisemitism",),
    "spam": ("spam",),
}
"""What is asked -> heads whose highest score answers."""
BY_FAMILY = ("hate", "toxicity", "spam")
ORDINARY = "ordinary"
JEWISH = ("antisemitic", "jewish")
"""What the families about Jews, Judaism and Israel begin with."""
D_OFFICE = "d_office_"
"""What the families begin with that ought to be removed d'office."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A text, what people say of it and what the engine made of it."""

    language: str
    family: str
    labels: Mapping[str, bool]
    text: str
    decision: Decision

    def score(self, asked: str) -> float:
        """The highest score of the heads that fit."""
        return max(self.decision.scores[head] for head in HEADS[asked])

    def right(self, asked: str) -> bool:
        """Whether the score falls on the side of the label."""
        return (self.score(asked) >= EVEN) == self.labels[asked]

    @property
    def stopped(self) -> bool:
        """Held or removed."""
        return self.decision.outcome is not Outcome.PUBLISH

    @property
    def removed(self) -> bool:
        """Removed d'office."""
        return self.decision.outcome is Outcome.REMOVE

    @property
    def refusable(self) -> bool:
        """Whether removing it would be right."""
        return any(self.labels.get(label, False) for label in ("hate", "toxicity", "spam"))


Asked = tuple[str, str, Mapping[str, bool], str]


def read(paths: Iterable[Path]) -> list[Asked]:
    """Language, family, labels and text of each line."""
    asked: list[Asked] = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith(";"):
                continue
            fields = line.split("\t")
            if len(fields) != len(LABELS) + 3 or not set(fields[2:-1]) <= {"0", "1", "-"}:
                raise SystemExit(f"{path}, line {number}: not `language family {' '.join(LABELS)} text`")
            told = zip(LABELS, fields[2:-1], strict=True)
            labels = {label: value == "1" for label, value in told if value != "-"}
            asked.append((fields[0], fields[1], labels, fields[-1]))
    return asked


def judge(engine: Engine, asked: Sequence[Asked], *, tell: bool) -> list[Judged]:
    """What the engine makes of each text by the shipped rules."""
    submissions = [Submission(text, language=language if tell else None) for language, _, _, text in asked]
    decisions = engine.screen_many(submissions, house_rules.shipped())
    return [Judged(*one, decision) for one, decision in zip(asked, decisions, strict=True)]


def share(values: Iterable[bool]) -> str:
    """Per cent that hold, and of how many."""
    all_of = list(values)
    return f"{100 * sum(all_of) / len(all_of):.1f} % of {len(all_of)}" if all_of else "none asked"


def _macro_f1(of: Sequence[Judged], asked: str) -> float:
    each = []
    for side in (True, False):
        said = [(one.score(asked) >= EVEN) == side for one in of]
        true = [one.labels[asked] == side for one in of]
        both = sum(a and b for a, b in zip(said, true, strict=True))
        each.append(2 * both / max(1, sum(said) + sum(true)))
    return 50 * sum(each)


def _of_language(of: Sequence[Judged]) -> None:
    for asked in HEADS:
        labelled = [one for one in of if asked in one.labels]
        if not any(one.labels[asked] for one in labelled):
            continue
        print(
            f"  {asked}: accuracy {share(one.right(asked) for one in labelled)}, "
            f"macro-F1 {_macro_f1(labelled, asked):.1f}, "
            f"caught {share(one.right(asked) for one in labelled if one.labels[asked])}, "
            f"spared {share(one.right(asked) for one in labelled if not one.labels[asked])}"
        )
    jewish = [one for one in of if one.family.startswith(JEWISH)]
    print(f"  antisemitism held or removed: {share(one.stopped for one in of if one.labels.get('antisemitism'))}")
    print(f"  alarms on mentions of Jews: {share(one.stopped for one in jewish if not one.labels['antisemitism'])}")
    ordinary = [one for one in of if one.family == ORDINARY]
    print(f"  alarms on ordinary sentences: {share(one.stopped for one in ordinary)}")
    print(f"  ordinary sentences at 0.5 under any head: {share(one.score('toxicity') >= EVEN for one in ordinary)}")
    print(f"  alarms on what nobody should refuse: {share(one.stopped for one in of if not one.refusable)}")
    for kind in sorted({one.family for one in of if one.family.startswith(D_OFFICE)}):
        print(f"  {kind}: removed {share(one.removed for one in of if one.family == kind)}")
    print(f"  d'office, all: removed {share(one.removed for one in of if one.family.startswith(D_OFFICE))}")
    print(f"  precision of removal, whole file: {share(one.refusable for one in of if one.removed)}")


def _by_family(of: Sequence[Judged]) -> None:
    print(f"  {'family':<18} {'texts':>5} " + " ".join(f"{asked:>9}" for asked in BY_FAMILY) + "   stopped   removed")
    families: dict[str, list[Judged]] = defaultdict(list)
    for one in of:
        families[one.family].append(one)
    for family, texts in families.items():
        told = [[one.right(asked) for one in texts if asked in one.labels] for asked in BY_FAMILY]
        told += [[one.stopped for one in texts], [one.removed for one in texts]]
        shown = (f"{100 * sum(each) / len(each):>9.1f}" if each else f"{'-':>9}" for each in told)
        print(f"  {family:<18} {len(texts):>5} " + " ".join(shown))


# Ways of hiding a word, of this benchmark alone: the training has others of its own.
_LEET = str.maketrans("aeiostgAEIOST", "4310$794310$7")
_LOOK_ALIKE = str.maketrans("aeopcxyiAEOPCTBMHK", "аеорсхуіАЕОРСТВМНК")
_INVISIBLE = "\u200b\u200c\u2060\u00ad"
Way = Callable[[str, random.Random], str]


def _stretched(word: str, chance: random.Random) -> str:
    letters = [place for place, letter in enumerate(word) if letter.isalpha()]
    if not letters:
        return word
    place = chance.choice(letters)
    return word[:place] + word[place] * chance.randint(3, 6) + word[place + 1 :]


WAYS: dict[str, Way] = {
    "spaced": lambda word, chance: chance.choice((" ", ".", "-")).join(word),
    "leeted": lambda word, _: word.translate(_LEET),
    "look-alike letters": lambda word, _: word.translate(_LOOK_ALIKE),
    "padded": lambda word, chance: "".join(letter + chance.choice(_INVISIBLE) for letter in word),
    "stretched": _stretched,
}
_HIDDEN_LETTERS = 4
"""Shorter words stay as they are where only some are hidden."""


def hide(text: str, way: Way, every: float, chance: random.Random) -> str:
    """`text` with this share of its longer words hidden, or with all its words hidden at 1."""
    return " ".join(
        way(word, chance) if every == 1 or (len(word) >= _HIDDEN_LETTERS and chance.random() < every) else word
        for word in text.split(" ")
    )


def _disguised(engine: Engine, of: Sequence[Judged], *, tell: bool) -> None:
    told = [one for one in of if one.labels.get("toxicity")]
    scored = [one for one in told if one.score("toxicity") >= EVEN]
    stopped = [one for one in told if one.stopped]
    for name, way in WAYS.items():
        for every, words in ((1.0, "all words"), (0.5, "half of the words")):
            chance = random.Random(name)
            found = [
                [(one.language, one.family, one.labels, hide(one.text, way, every, chance)) for one in caught]
                for caught in (scored, stopped)
            ]
            by_score = share(one.score("toxicity") >= EVEN for one in judge(engine, found[0], tell=tell))
            by_rules = share(one.stopped for one in judge(engine, found[1], tell=tell))
            print(f"  {name}, {words}: still 0.5 and more {by_score}, still held or removed {by_rules}")


def _errors(of: Iterable[Judged]) -> None:
    for one in of:
        wrong = [label for label in one.labels if not one.right(label)]
        if one.stopped and not one.refusable:
            wrong.append(str(one.decision.outcome))
        if one.family.startswith(D_OFFICE) and not one.removed:
            wrong.append("not removed")
        if wrong:
            scores = " ".join(f"{head}={score:.2f}" for head, score in one.decision.scores.items() if score >= 0.3)
            print(f"  {one.language} {one.family} [{', '.join(wrong)}] {one.decision.outcome} {scores} | {one.text}")


def main(argv: Sequence[str] | None = None) -> None:
    """Judge the files and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--tell-language", action="store_true", help="tell the engine the language of the line")
    parser.add_argument("--disguised", action="store_true", help="also the share still caught when words are hidden")
    parser.add_argument("--errors", action="store_true", help="also the texts judged wrongly")
    told = parser.parse_args(argv)
    engine = Engine()
    judged = judge(engine, read(told.files or [KEPT_APART]), tell=told.tell_language)
    for language in sorted({one.language for one in judged}):
        of = [one for one in judged if one.language == language]
        print(f"{language}: {len(of)} texts, {share(one.decision.language == language for one in of)} in that language")
        _of_language(of)
        _by_family(of)
        if told.disguised:
            _disguised(engine, of, tell=told.tell_language)
        if told.errors:
            _errors(of)


if __name__ == "__main__":
    main()
