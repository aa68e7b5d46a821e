"""`comity screening evaluate` and `comity screening train`: for whoever looks after a site's screening."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from comity.screening.cli import read_rules
from comity.screening.engine import Engine
from comity.screening.evaluation import Figures, Judged, Version, compare
from comity.screening.house_rules import HouseRules, HouseRulesError
from comity.screening.learning import SiteHead, SiteHeadError
from comity.screening.types import Detector, Submission

__all__ = ["main", "show_comparison", "version_of"]

_SHOWN = 20


class HistoryError(Exception):
    """A line of the history is not what it should be."""


def build_parser() -> argparse.ArgumentParser:
    """The words of the command; `train` has its own."""
    parser = argparse.ArgumentParser(
        prog="comity screening evaluate",
        description="Compares two versions of the screening on the site's history, in shadow. The history has one "
        'object a line: {"id"?, "text", "refused": true or false, "language"?, "author"?}.',
    )
    parser.add_argument("--history", required=True, metavar="FILE", help="the history, JSON lines")
    parser.add_argument("--rules", metavar="FILE", help="house rules of the first version, in TOML")
    parser.add_argument("--head", metavar="FILE", help="site head of the first version")
    parser.add_argument("--against-rules", metavar="FILE", help="house rules of the second version")
    parser.add_argument("--against-head", metavar="FILE", help="site head of the second version")
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")
    return parser


def main(
    argv: Sequence[str] | None = None, stdout: TextIO | None = None, detectors: Sequence[Detector] | None = None
) -> int:
    """Runs `evaluate` or `train`; 0 when done, 2 when it cannot. `detectors` are the shipped ones unless given."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["train"]:
        return _train(words[1:])
    if words[:1] != ["evaluate"]:
        asked = words[:1] in (["--help"], ["-h"])
        print("usage: comity screening {evaluate,train} ...", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    return _evaluate(build_parser().parse_args(words[1:]), stdout or sys.stdout, detectors)


def _train(words: list[str]) -> int:
    try:
        trainer = importlib.import_module("comity.screening.training.cli")
    except ImportError as error:
        print(f"comity screening train: this installation cannot train ({error.name} is missing)", file=sys.stderr)
        return 2
    return int(trainer.main(words))


def _evaluate(arguments: argparse.Namespace, out: TextIO, detectors: Sequence[Detector] | None) -> int:
    try:
        one = _version(arguments.rules, arguments.head, detectors)
        against = arguments.against_rules or arguments.against_head
        other = _version(arguments.against_rules, arguments.against_head, detectors) if against else None
        with Path(arguments.history).open(encoding="utf-8") as lines:
            show_comparison(_history(lines), one, other, as_json=arguments.json, out=out)
    except BrokenPipeError:
        raise  # nobody reads any more, which is no fault of a file
    except (OSError, UnicodeDecodeError, HouseRulesError, SiteHeadError, HistoryError) as error:
        named = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else error
        print(f"comity screening evaluate: {named}", file=sys.stderr)
        return 2
    return 0


def show_comparison(
    history: Iterable[Judged], one: Version, other: Version | None, *, as_json: bool, out: TextIO
) -> None:
    """Print both versions' figures and the texts on which they differ; with `other` None, the first one's figures."""
    comparison = compare(history, one, other)
    figures = {"first": comparison.one} | ({"second": comparison.other} if other else {})
    if as_json:
        print(json.dumps({name: _as_object(each) for name, each in figures.items()}, indent=2), file=out)
        return
    for name, each in figures.items():
        shares = ", ".join(f"{key} {value:.1%}" for key, value in _as_object(each).items())
        print(f"{name}: {shares}", file=out)
    for identity, first, second, refused in comparison.changed[:_SHOWN]:
        print(f"  {identity}: {first} -> {second} ({'refused' if refused else 'kept'} by people)", file=out)
    if len(comparison.changed) > _SHOWN:
        print(f"  and {len(comparison.changed) - _SHOWN} more that differ", file=out)


def version_of(rules: HouseRules, head: SiteHead | None, detectors: Sequence[Detector] | None = None) -> Version:
    """The screening by these rules and this head; `detectors` are the shipped ones unless given."""
    engine = Engine(detectors, site_head=lambda: head)
    return lambda submissions: engine.screen_many(submissions, rules)


def _version(rules_path: str | None, head_path: str | None, detectors: Sequence[Detector] | None) -> Version:
    head = SiteHead.from_bytes(Path(head_path).read_bytes()) if head_path else None
    return version_of(read_rules(rules_path), head, detectors)


def _history(lines: Iterator[str] | TextIO) -> Iterator[Judged]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise HistoryError(f"line {number} of the history is not JSON") from error
        if not isinstance(told, dict) or not isinstance(told.get("text"), str):
            raise HistoryError(f"line {number} of the history has no text")
        if not isinstance(told.get("refused"), bool):
            raise HistoryError(f"line {number} of the history does not say whether it was refused")
        language, author = told.get("language"), told.get("author", "")
        submission = Submission(
            told["text"],
            language=language if isinstance(language, str) else None,
            author_name=author if isinstance(author, str) else "",
        )
        yield Judged(submission, told["refused"], str(told.get("id", number)))


def _as_object(figures: Figures) -> dict[str, float]:
    return {
        "caught": figures.caught,
        "removed": figures.removed,
        "precision": figures.precision,
        "alarms": figures.alarms,
        "wrong_removals": figures.wrong_removals,
    }
