"""The statement of reasons in words (DSA article 17), in six languages.

Made from the decision and its rule alone, never from the comment's text, so that it can be shown, sent and kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from comity.rules.reasons import Source
from comity.screening.explain import category_name
from comity.screening.house_rules import LANGUAGES, HouseRule, in_language

__all__ = ["Facts", "Statement", "short_reason", "state_reasons", "statement_language"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision was and what it rests on."""

    outcome: str
    """`remove` or `hold`."""
    by_machine: bool
    source: Source
    rule: HouseRule | None
    """As it read when the decision cited it."""
    categories: Sequence[str]
    """What the findings that the rule rests on speak of."""
    check_failed: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of reasons: its title, and its parts, each with a heading and sentences."""

    title: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("comity.rules").joinpath("statements.toml").read_text("utf-8"))


def statement_language(*tags: str) -> str:
    """The first of these languages that statements are made in, else English; `fr-CA` is `fr`."""
    for tag in tags:
        base = tag.lower().partition("-")[0]
        if base in LANGUAGES:
            return base
    return "en"


def state_reasons(facts: Facts, *, language: str, appeal_until: str) -> Statement:
    """The statement.

    Args:
        language: one of the six.
        appeal_until: the last day to object, in words; empty where there is no appeal.
    """
    table = _tables()[language]
    removed = facts.outcome == "remove"
    return Statement(
        title=table["title_removed" if removed else "title_held"],
        parts=(
            (table["restricted"], (table["removed" if removed else "held"],)),
            (table["facts"], (*_found(facts, table, language), *_means(facts, table))),
            (table["ground"], _ground(facts, table, language)),
            (
                table["redress"],
                (table["appeal"].format(until=appeal_until), table["elsewhere"])
                if appeal_until
                else (table["appeal_none"],),
            ),
        ),
    )


def _found(facts: Facts, table: dict[str, str], language: str) -> tuple[str, ...]:
    said = []
    if facts.categories:
        names = ", ".join(dict.fromkeys(category_name(each, language) for each in facts.categories))
        said.append(table["noticed"].format(categories=names))
    elif facts.rule is not None and not facts.by_machine:
        said.append(table["noticed_nothing"].format(rule=in_language(facts.rule.title, language)))
    if facts.check_failed:
        said.append(table["check_failed"])
    if not said and facts.outcome == "hold" and facts.by_machine:
        said.append(table["read_first"])
    return tuple(said)


def _means(facts: Facts, table: dict[str, str]) -> tuple[str, ...]:
    decided = table["decided_machine" if facts.by_machine else "decided_staff"]
    if facts.source is Source.MACHINE and not facts.categories and not facts.check_failed:
        return (decided,)  # nothing was found: the newsroom reads everything first
    return (table[f"found_{facts.source.value}"], decided)


def _ground(facts: Facts, table: dict[str, str], language: str) -> tuple[str, ...]:
    if facts.rule is None:
        return (table["ground_none"],)
    title, text = in_language(facts.rule.title, language), in_language(facts.rule.text, language)
    reference = in_language(facts.rule.ground.reference, language)
    return (
        table["rule"].format(rule=title, text=text),
        table[f"ground_{facts.rule.ground.kind}"].format(reference=reference),
    )


def short_reason(facts: Facts, *, language: str) -> str:
    """One sentence for the author beside the comment, for what a person decided or what merely waits its turn."""
    table = _tables()[statement_language(language)]
    if facts.by_machine:
        return table["read_first"]
    if facts.outcome == "remove" and facts.rule is not None:
        return table["short_removed"].format(rule=in_language(facts.rule.title, language))
    return table["short_held"]
