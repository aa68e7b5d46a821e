"""Writes house rules as the TOML that `house_rules.parse` reads, and says in which fields two sets differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.screening.house_rule_documents import HouseRule, HouseRules

__all__ = ["RuleChange", "rule_changes", "write_file"]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A field in which a rule differs, such as `title.fr`; empty where the whole rule is on one side alone. The value
    of a side that has none is empty."""

    key: str
    field: str
    before: str
    after: str


_OF_THEIR_OWN = ("title", "text", "sentence", "ground")
"""Fields that are tables of their own; other tables are short and stand in one line."""


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Sequence):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_value(str(name))} = {_value(each)}" for name, each in value.items()) + " }"
    raise TypeError(f"no TOML value: {type(value).__name__}")


def _table(document: Mapping[str, Any]) -> list[str]:
    inline = [
        f"{name} = {_value(value)}"
        for name, value in document.items()
        if name not in _OF_THEIR_OWN and not (isinstance(value, Mapping) and not value)
    ]
    lines = ["[[rule]]", *inline]
    for name in ("title", "text", "sentence"):
        if document[name]:
            lines += [f"[rule.{name}]", *(f"{_value(tag)} = {_value(text)}" for tag, text in document[name].items())]
    ground = document["ground"]
    lines += ["[rule.ground]", f"kind = {_value(ground['kind'])}", "[rule.ground.reference]"]
    lines += [f"{_value(tag)} = {_value(text)}" for tag, text in ground["reference"].items()]
    return lines


def write_file(rules: HouseRules) -> str:
    """The rules as TOML; reading it back gives the same rules."""
    blocks = [f"format = 1\nversion = {_value(rules.version)}"]
    blocks += ["\n".join(_table(rule.to_document())) for rule in rules.rules]
    return "\n\n".join(blocks) + "\n"


def _flat(document: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Every value by the path to it, as TOML writes it."""
    found: dict[str, str] = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = _value(value)
    return found


def rule_changes(before: HouseRules, after: HouseRules) -> tuple[RuleChange, ...]:
    """Every field in which the rules differ, rule by rule; versions aside, which saving gives anew."""
    old: dict[str, HouseRule] = {rule.key: rule for rule in before.rules}
    new: dict[str, HouseRule] = {rule.key: rule for rule in after.rules}
    found = [RuleChange(key, "", "present", "absent") for key in old if key not in new]
    for key, rule in new.items():
        if key not in old:
            found.append(RuleChange(key, "", "absent", "present"))
            continue
        was, now = _flat(old[key].to_document()), _flat(rule.to_document())
        found += [
            RuleChange(key, name, was.get(name, ""), now.get(name, ""))
            for name in dict.fromkeys((*was, *now))
            if name != "version" and was.get(name) != now.get(name)
        ]
    return tuple(found)
