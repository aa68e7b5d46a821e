"""The statement of reasons in words (DSA article 17), in six languages.

Made from the decision and its rule alone, never from the comment's text, so that it can be shown, sent and kept.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from comity.rules.reasons import Source
from comity.screening.explain import category_name
from comity.screening.house_rules import LANGUAGES, HouseRule, in_language

__all__ = ["Facts", "Statement", "short_reason", "state_reasons", "statement_language", "statement_title"]


_WHAT = {"remove": "removed", "hold": "held", "limit": "limited", "suspend": "suspended", "ban": "banned"}
"""Outcome -> the word in `statements.toml`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision was and what it rests on."""

    outcome: str
    """`remove`, `hold`, or one of `rules.restrictions`."""
    by_machine: bool
    source: Source
    rule: HouseRule | None
    """As it read when the decision cited it."""
    categories: Sequence[str]
    """What the findings that the rule rests on speak of."""
    check_failed: bool
    author_limited: bool = False
    """It waits because its author's visibility is limited."""
    reason: str = ""
    """What the newsroom says of it in its own words."""
    until: datetime | None = None
    """When a restriction of the author ends."""


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


def statement_title(facts: Facts, *, language: str) -> str:
    """The statement's title, in whichever language."""
    return _tables()[statement_language(language)][f"title_{_WHAT[facts.outcome]}"]


def state_reasons(facts: Facts, *, language: str, appeal_until: str, until: str = "") -> Statement:
    """The statement.

    Args:
        language: one of the six.
        appeal_until: the last day to object, in words; empty where there is no appeal.
        until: when a restriction of the author ends, in words; empty without an end.
    """
    table = _tables()[language]
    what = _WHAT[facts.outcome]
    done = table[f"{what}_until" if until and what == "limited" else what].format(until=until)
    objecting = (table["appeal"].format(until=appeal_until), table["elsewhere"]) if appeal_until else ()
    waiting = (table["appeal_none"],) if facts.outcome == "hold" else ()
    return Statement(
        title=table[f"title_{what}"],
        parts=(
            (table["restricted"], (done,)),
            (table["facts"], (*_found(facts, table, language), *_means(facts, table))),
            (table["ground"], _ground(facts, table, language)),
            (table["redress"], (*waiting, *objecting) or (table["appeal_over"],)),
        ),
    )


def _found(facts: Facts, table: dict[str, str], language: str) -> tuple[str, ...]:
    said = []
    if facts.categories:
        names = ", ".join(dict.fromkeys(category_name(each, language) for each in facts.categories))
        said.append(table["noticed"].format(categories=names))
    elif facts.rule is not None and not facts.by_machine:
        noticed = "noticed_nothing" if facts.outcome in {"remove", "hold"} else "noticed_author"
        said.append(table[noticed].format(rule=in_language(facts.rule.title, language)))
    if facts.reason:
        said.append(table["reason_given"].format(reason=facts.reason))
    if facts.check_failed:
        said.append(table["check_failed"])
    if facts.author_limited:
        said.append(table["read_first_limited"])
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
        return table["read_first_limited" if facts.author_limited else "read_first"]
    if facts.outcome == "remove" and facts.rule is not None:
        return table["short_removed"].format(rule=in_language(facts.rule.title, language))
    return table["short_held"]
