"""Reads house rules out of TOML and names the line of what is wrong."""

from __future__ import annotations

import re
import tomllib

from comity.screening.house_rule_documents import HouseRules, HouseRulesError, digest, read_rule

__all__ = ["read_file"]

_LINE_IN_MESSAGE = re.compile(r"at line (\d+)")


def read_file(text: str) -> HouseRules:
    """The rules in `text`.

    Raises:
        HouseRulesError: with the line and the reason.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE_IN_MESSAGE.search(str(error))
        raise HouseRulesError(str(error), int(found[1]) if found else text.count("\n") + 1) from error
    if document.get("format") != 1:
        raise HouseRulesError("format: 1 is needed", _line(text, "format") or 1)
    unknown = sorted(set(document) - {"format", "version", "rule"})
    if unknown:
        raise HouseRulesError(f"{unknown[0]}: unknown field", _line(text, unknown[0]))
    tables = document.get("rule", [])
    if not isinstance(tables, list):
        raise HouseRulesError("rule: write [[rule]]", _line(text, "[rule"))
    rules = []
    for number, table in enumerate(tables):
        try:
            rules.append(read_rule(table))
        except HouseRulesError as error:
            raise HouseRulesError(error.reason, _line_in_rule(text, number, error.reason)) from error
    keys = [rule.key for rule in rules]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise HouseRulesError(f"key: {key!r} is used twice", _line_in_rule(text, number, "key:"))
    version = document.get("version")
    return HouseRules(tuple(rules), version if isinstance(version, str) and version else digest(rules))


def _line(text: str, start: str, first: int = 0) -> int:
    """The number of the first line from `first` on that starts with `start`; 0 when there is none."""
    for number, line in enumerate(text.splitlines()):
        if number >= first and line.lstrip().startswith(start):
            return number + 1
    return 0


def _line_in_rule(text: str, number: int, reason: str) -> int:
    heads = [index for index, line in enumerate(text.splitlines()) if line.strip() == "[[rule]]"]
    if number >= len(heads):
        return 0
    field = reason.partition(":")[0]
    end = heads[number + 1] if number + 1 < len(heads) else len(text.splitlines())
    for start in (field, f"[rule.{field}]", f"[rule.{field.partition('.')[0]}]"):
        line = _line(text, start, heads[number])
        if line and line <= end:
            return line
    return heads[number] + 1
