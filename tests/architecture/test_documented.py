"""Every setting, event, refusal and word of the command line stands in the docs, and nothing else does."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from comity.actions.sites import SITE_SETTINGS
from comity.cli import sites
from comity.cli.words import build_parser
from comity.conf import Configuration
from comity.events import EVENTS
from comity.rules.refusals import HTTP_STATUS, RefusalCode
from comity_server.environment import VARIABLES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def _rows(page: str) -> dict[str, str]:
    lines = (DOCS / page).read_text("utf-8").splitlines()
    rows: dict[str, str] = {}
    for line in lines:
        if line.startswith("| `"):
            rows.setdefault(line.split("`")[1], line)
    return rows


def test_settings_of_the_app() -> None:
    rows = _rows("settings.md")
    for each in fields(Configuration):
        assert each.metadata["meaning"] in rows[each.name]


def test_variables_of_the_server() -> None:
    page = (DOCS / "settings.md").read_text("utf-8")
    for name, meaning in VARIABLES.items():
        assert f"`{name}`" in page
        assert meaning in page


def test_settings_of_a_site() -> None:
    rows = _rows("settings.md")
    assert all(name in rows for name in SITE_SETTINGS)
    assert set(sites.SETTINGS) | {"name", "language"} == set(SITE_SETTINGS)


def test_every_variable_in_the_code_is_documented_and_every_documented_one_is_in_the_code() -> None:
    variable = re.compile(r"\bCOMITY_[A-Z][A-Z_]*[A-Z]\b")
    places = ["Makefile", ".ci/run", *("src", "tests", "tools", "benchmarks")]
    files = [
        path for place in places for path in ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*"))
    ]
    read = [path.read_text("utf-8") for path in files if path.suffix in {".py", ""} and path.is_file()]
    used = {name for text in read for name in variable.findall(text)} | set(VARIABLES)
    documented = set(variable.findall((DOCS / "settings.md").read_text("utf-8")))
    assert used == documented


def test_events() -> None:
    rows = _rows("events.md")
    for event in EVENTS:
        assert (event.__doc__ or "").strip() in rows[event.kind]
        assert all(f"`{each.name}`" in rows[event.kind] for each in fields(event))


def test_refusals() -> None:
    rows = _rows("refusals.md")
    assert {code.value for code in RefusalCode} == set(rows)
    for code in RefusalCode:
        assert f"| {HTTP_STATUS[code]} |" in rows[code.value]


def _words(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, inner in action.choices.items():
                yield from _words(inner, f"{name} {word}")
            return
    yield name, parser


def test_words_of_the_command_line() -> None:
    page = (DOCS / "cli.md").read_text("utf-8")
    for word, parser in _words(build_parser(), "comity"):
        section = page.partition(f"### `{word}")[2].partition("\n### ")[0]
        assert section, word
        for action in parser._actions:
            names = [each for each in action.option_strings if each.startswith("--") and each != "--help"]
            assert all(f"`{each}" in section for each in names), (word, names)


def test_every_word_has_help() -> None:
    for word, parser in _words(build_parser(), "comity"):
        if word in {"comity screen", "comity screening train"}:
            continue  # their help is their own: comity.screening
        assert parser.description, word
        assert all(action.help for action in parser._actions), word
