"""Sentences made from our own lists and patterns: the contrast between hatred and what only resembles it.

The lists live in `data/grammar_*.txt`. Each list of eight entries or more is cut 80/20 by checksum: training sentences
use one part, the contrast set the other, so that the contrast set is made of wordings that were never trained on.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources

from comity.screening.model.tokens import tokenise
from comity.screening.training.rows import HEADS, Labels, Row, letters_only

__all__ = ["Grammar", "load_grammar"]

_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_AGREE = re.compile(r"\[([^\]|]*)\|([^\]]*)\]")
_ELISION = re.compile(
    r"(?<![-\w])([ldjmtsn]e|la|que|jusque) (?=[aeiouyéèêâîôûœh])"
    r"(?!h(?:andicap|aine|ors|onte|aut|ais|uit|onteux)|y[ao]|oui|onze)",
    re.I,
)
_CONTRACTED = re.compile(r"\b(de|à) (les|le) ")
_WHOLE = frozenset({"slur_sg", "slur_pl", "you_insult"})
"""Lists of words that must be learnt one by one: they are not cut, for an unseen one could only be guessed."""
_HARMLESS = frozenset(
    {
        "sont",
        "pour",
        "dans",
        "leur",
        "etre",
        "that",
        "from",
        "they",
        "their",
        "where",
        "have",
        "with",
        "plus",
        "tout",
        "nous",
        "notre",
    }
)
_FEMININE = frozenset(
    {
        "connasse",
        "abrutie",
        "ordure",
        "raclure",
        "salope",
        "pauvre conne",
        "sale merde",
        "sous-merde",
        "tête de con",
        "pauvre tache",
        "grosse vache",
    }
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people as a language names it."""

    plural: str
    singular: str
    feminine: str
    gender: str
    kept_for_dev: str = ""
    """`dev` for the few groups that training sentences never name."""


@dataclass(frozen=True, slots=True)
class Family:
    """Patterns that share their labels."""

    name: str
    labels: Labels
    share: float
    patterns: list[str] = field(default_factory=list)


class Grammar:
    """Lists, groups and families of one language."""

    def __init__(
        self,
        language: str,
        lists: dict[str, list[str]],
        groups: dict[str, list[Group]],
        families: list[Family],
        source: str,
    ) -> None:
        self.language = language
        self.source = source
        self.lists = lists
        self.groups = groups
        self.families = families
        self._cut: dict[tuple[str, bool], list[str]] = {}

    def _choices(self, name: str, dev: bool) -> list[str]:
        known = self._cut.get((name, dev))
        if known is None:
            known = entries = self.lists[name]
            if len(entries) >= 8 and name not in _WHOLE:
                known = [entry for entry in entries if (zlib.crc32(entry.encode()) % 5 == 0) == dev] or entries
            self._cut[name, dev] = known
        return known

    def _group(self, name: str, chance: random.Random, dev: bool) -> Group:
        groups = self.groups[name]
        return chance.choice(groups if dev else [group for group in groups if not group.kept_for_dev])

    def _forms(self, group: Group) -> dict[str, str]:
        plural, singular, feminine = group.plural, group.singular, group.feminine
        if self.language != "fr":
            article = "an" if singular[:1].lower() in "aeiou" else "a"
            return {"les": plural, "un": f"{article} {singular}", "singular": singular, "plural": plural}
        she = group.gender == "f"
        return {
            "les": f"les {plural}",
            "des": f"des {plural}",
            "desg": f"des {plural}",
            "aux": f"aux {plural}",
            "de": f"de {plural}",
            "tous": f"toutes les {plural}" if she else f"tous les {plural}",
            "un": f"une {singular}" if she else f"un {singular}",
            "une": f"une {feminine}",
            "singular": singular,
            "masculine": singular,
            "feminine": feminine,
            "plural": plural,
        }

    def expand(self, pattern: str, chance: random.Random, dev: bool) -> str:
        """One sentence of a pattern. The same slot twice gives two draws; one group serves the whole sentence."""
        drawn: dict[str, Group] = {}
        text = pattern
        for _ in range(6):
            if "{" not in text:
                break
            text = _SLOT.sub(lambda match: self._fill(match, drawn, chance, dev), text)
        if self.language == "fr":
            text = _ELISION.sub(lambda m: m[1][:-1] + "'", text)
            text = _CONTRACTED.sub(
                lambda m: {"deles": "des ", "dele": "du ", "àles": "aux ", "àle": "au "}[m[1] + m[2]], text
            )
        return text

    def _fill(self, match: re.Match[str], drawn: dict[str, Group], chance: random.Random, dev: bool) -> str:
        name, among = match[1], match[2] or "group"
        if name == "a_insult":
            word = chance.choice(self._choices("you_insult", dev))
            if self.language == "fr":
                return ("une " if word in _FEMININE else "un ") + word
            return ("an " if word[:1] in "aeiou" else "a ") + word
        if name in self.lists:
            return chance.choice(self._choices(name, dev))
        if among not in drawn:
            drawn[among] = self._group(among, chance, dev)
        return self._forms(drawn[among])[name]

    def harsh_words(self) -> set[str]:
        """Longer words of the hostile lists, folded: a sentence that holds one is not taken for an innocent one."""
        return {
            word
            for name in ("insult_pl", "quality", "hate_pred", "kill", "expel", "you_insult", "hate_verb")
            for entry in self.lists[name]
            for word in tokenise(entry).words
            if len(word) >= 4 and word not in _HARMLESS
        }

    def around(self, text: str, chance: random.Random, *, dev: bool, kept: bool) -> str:
        """`text` set in a sentence that reports or refuses it, or (`kept`) in one that shares its opinion."""
        pattern = chance.choice(self.lists["around_kept" if kept else "around_refused"])
        before, _, after = pattern.partition("{text}")
        drawn: dict[str, Group] = {}
        filled = [_SLOT.sub(lambda match: self._fill(match, drawn, chance, dev), part) for part in (before, after)]
        return _vary(filled[0] + text.strip().rstrip(".") + filled[1], chance)

    def rows(self, count: int, chance: random.Random, *, dev: bool) -> Iterator[Row]:
        """About `count` different rows, shared among the families."""
        total = sum(family.share for family in self.families)
        seen: set[str] = set()
        for family in self.families:
            tries = round(count * family.share / total)
            made = 0
            for _ in range(4 * tries):
                if made >= tries:
                    break
                text = _vary(self.expand(chance.choice(family.patterns), chance, dev), chance)
                key = letters_only(text)
                if key in seen:
                    continue
                seen.add(key)
                made += 1
                yield Row(text, self.language, self.source, "frame", 0.7, family.labels, dev, family.name)


def _vary(text: str, chance: random.Random) -> str:
    """Small differences of punctuation, as people write."""
    draw = chance.random()
    if draw < 0.25:
        text += "."
    elif draw < 0.35:
        text += " !"
    elif draw < 0.4:
        text += " !!!"
    elif draw < 0.45:
        text += "..."
    if "«" in text and chance.random() < 0.5:
        text = text.replace("« ", '"').replace(" »", '"')
    elif '"' in text and chance.random() < 0.3:
        opening = text.replace('"', "“", 1)
        text = opening.replace('"', "”", 1)
    if chance.random() < 0.3:
        text = text.replace(",", "")
    return text


def _labels(text: str) -> Labels:
    names = {
        "hate": "hate",
        "toxic": "toxicity",
        "insult": "insult",
        "threat": "threat",
        "obscene": "obscenity",
        "antisemitism": "antisemitism",
        "spam": "spam",
    }
    given = {names[part.partition("=")[0]]: float(part.partition("=")[2]) for part in text.split()}
    return tuple(given.get(head) for head in HEADS)


def load_grammar(language: str, kind: str = "grammar") -> Grammar:
    """The grammar of `fr` or `en`; of advertisements and what stands beside them where `kind` is `grammar_spam`.

    Raises `ValueError` at a pattern whose slot no list fills.
    """
    source = f"{kind}_{language}"
    text = resources.files("comity.screening.training").joinpath(f"data/{source}.txt").read_text("utf-8")
    lists: dict[str, list[str]] = {}
    groups: dict[str, list[Group]] = {}
    families: list[Family] = []
    kind, current = "", ""
    for line in text.splitlines():
        if not line.strip() or line.startswith(";"):
            continue
        if line.startswith(("= ", "~ ")):
            kind, current = line[0], line[2:].strip()
            if kind == "=":
                lists[current] = []
            else:
                groups[current] = []
        elif line.startswith("# "):
            kind = "#"
            name, labels, share = (part.strip() for part in line[2:].split("|"))
            families.append(Family(name, _labels(labels), float(share)))
        elif kind == "=":
            lists[current].append(line.strip())
        elif kind == "~":
            groups[current].append(Group(*line.strip().split("|")))
        else:
            families[-1].patterns.append(line.strip())
    grammar = Grammar(language, lists, groups, families, source)
    chance = random.Random(0)  # noqa: S311 -- reproducible sampling, nothing secret
    for family in families:
        for pattern in family.patterns:
            try:
                grammar.expand(pattern, chance, dev=False)
            except KeyError as error:
                raise ValueError(f"{source}: no list fills {error} in: {pattern}") from error
    return grammar
