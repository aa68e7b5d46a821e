"""`comity screen`: what the engine says of a text, for a person or for a program. Needs no Django."""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, BinaryIO, NoReturn, TextIO

from comity.screening import explain, house_rules
from comity.screening.engine import Engine
from comity.screening.house_rules import HouseRules, HouseRulesError
from comity.screening.types import Decision, Field, Submission

__all__ = ["main"]

_AT_ONCE = 64
"""Lines screened together."""
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_BYTE_ORDER_MARK = "\ufeff"


def build_parser() -> argparse.ArgumentParser:
    """The words of the command."""
    parser = argparse.ArgumentParser(
        prog="comity screen",
        description="Says what the screening engine makes of a text: outcome, findings, explanation.",
    )
    parser.add_argument("text", nargs="*", help="the text to screen")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of sentences")
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='one object a line from standard input ({"id", "text", "language"?, "author"?}), one a line out',
    )
    parser.add_argument("--rules", metavar="FILE", help="house rules in TOML, over the shipped ones")
    parser.add_argument(
        "--language",
        metavar="TAG",
        type=_tag,
        help="language of the text, and of the explanation; with --jsonl, of the lines that name none",
    )
    return parser


def _tag(written: str) -> str:
    if not _TAG.fullmatch(written):
        raise argparse.ArgumentTypeError(f"{written!r} is no language tag such as fr or pt-BR")
    return written


def main(
    argv: Sequence[str] | None = None,
    stdin: TextIO | BinaryIO | None = None,
    stdout: TextIO | None = None,
    engine: Engine | None = None,
) -> int:
    """Runs the command; 0 when done, 1 when some line was bad, 2 when it cannot start.

    The streams and the engine are the process's own and the shipped one unless given.
    """
    parser = build_parser()
    arguments = parser.parse_args(argv)
    if bool(arguments.text) == arguments.jsonl:
        parser.error("one is needed: a text, or --jsonl")
    # A stream that was closed before the start is None in Python.
    out: TextIO | None = stdout or sys.stdout
    given = stdin or sys.stdin
    if out is None or (arguments.jsonl and given is None):
        print(f"comity screen: standard {'output' if out is None else 'input'} is closed", file=sys.stderr)
        return 2
    try:
        rules = read_rules(arguments.rules)
    except (OSError, UnicodeDecodeError) as error:
        print(f"comity screen: {arguments.rules}: {getattr(error, 'strerror', None) or 'not UTF-8'}", file=sys.stderr)
        return 2
    except HouseRulesError as error:
        print(f"comity screen: {arguments.rules}: {error}", file=sys.stderr)
        return 2
    _never_at_a_loss(out, for_programs=arguments.json or arguments.jsonl)
    if arguments.jsonl:
        bad = 0
        engine = engine or Engine()
        # Bytes, so that what is not UTF-8 spoils its own line alone.
        for answer in screen_lines(getattr(given, "buffer", given), engine, rules, arguments.language):
            bad += "error" in answer
            print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)
        return 1 if bad else 0
    text = " ".join(arguments.text)
    decision = (engine or Engine()).screen(Submission(text, language=arguments.language), rules)
    if arguments.json:
        print(json.dumps(as_object(None, decision), ensure_ascii=False, indent=2), file=out)
    else:
        language = arguments.language or (decision.language if decision.language != "und" else "en")
        print("\n".join(as_page(text, decision, rules, language)), file=out)
    return 0


def _never_at_a_loss(out: TextIO, *, for_programs: bool) -> None:
    """JSON is UTF-8 wherever it is written, and half a surrogate pair, of which JSON may hold one, is escaped as JSON
    does it; a terminal without some letter shows a question mark, which keeps the underlining in its place."""
    if not isinstance(out, TextIOWrapper):
        return
    if for_programs:
        out.reconfigure(encoding="utf-8", errors="backslashreplace")
    else:
        out.reconfigure(errors="replace")


def read_rules(path: str | None, base: HouseRules | None = None) -> HouseRules:
    """The base rules, which are the shipped ones unless given, with those of a file over them.

    Raises:
        HouseRulesError: the file is not what it should be.
        OSError: it cannot be read.
    """
    below = base or house_rules.shipped()
    if path is None:
        return below
    return house_rules.with_overrides(below, house_rules.parse(Path(path).read_text("utf-8")).rules)


def screen_lines(
    lines: Iterable[str | bytes], engine: Engine, rules: HouseRules, language: str | None = None
) -> Iterator[dict[str, Any]]:
    """One answer for each line that is not blank, in order; a bad line answers with its error and the rest go on.

    Lines are screened together as far as they have come: whoever writes one and waits has its answer. `language` is
    that of the lines that name none.
    """
    number = 0
    for some in _as_they_come(lines):
        answers: list[dict[str, Any] | None] = []
        asked: list[tuple[Any, Submission]] = []
        for line in some:
            number += 1
            if not line.strip():
                continue
            try:
                asked.append(read_line(line, language))
                answers.append(None)
            except LineError as error:
                answers.append({"id": error.identity, "line": number, "error": str(error)})
        decisions = engine.screen_many([submission for _, submission in asked], rules)
        screened = (as_object(identity, each) for (identity, _), each in zip(asked, decisions, strict=True))
        for answer in answers:
            yield next(screened) if answer is None else answer


def _as_they_come(lines: Iterable[str | bytes]) -> Iterator[list[str | bytes]]:
    """Lines in portions of what is there, at most so many. They are read beside, so that none is waited for while
    another could be screened."""
    waiting: Queue[str | bytes | Exception | None] = Queue(maxsize=4 * _AT_ONCE)

    def read() -> None:
        ending: Exception | None = None
        try:
            for line in lines:
                waiting.put(line)
        except Exception as error:  # noqa: BLE001 - it is raised again where the lines are used
            ending = error
        waiting.put(ending)
        waiting.put(None)

    Thread(target=read, daemon=True).start()
    while True:
        some: list[str | bytes] = []
        given = waiting.get()
        while isinstance(given, str | bytes):
            some.append(given)
            if len(some) == _AT_ONCE:
                break
            try:
                given = waiting.get_nowait()
            except Empty:
                break
        if some:
            yield some
        if isinstance(given, Exception):
            raise given
        if given is None:
            return


class LineError(Exception):
    """A line of input is not what it should be."""

    def __init__(self, reason: str, identity: Any = None) -> None:
        super().__init__(reason)
        self.identity = identity


def read_line(line: str | bytes, language: str | None = None) -> tuple[Any, Submission]:
    """The `id` and the submission of one line; `language` where it names none.

    Raises:
        LineError: with the reason and, where it could be read, the `id`.
    """
    try:
        written = line if isinstance(line, str) else line.decode()
    except UnicodeDecodeError as error:
        raise LineError("not UTF-8") from error
    try:
        asked = json.loads(written.removeprefix(_BYTE_ORDER_MARK), parse_float=_finite, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise LineError("not JSON") from error
    if not isinstance(asked, dict):
        raise LineError("an object is needed")
    identity = asked.get("id")
    text, told, author = asked.get("text"), asked.get("language"), asked.get("author")
    if not isinstance(text, str):
        raise LineError("text: a string is needed", identity)
    if told is not None and not isinstance(told, str):
        raise LineError("language: a string is needed", identity)
    if told and not _TAG.fullmatch(told):
        raise LineError("language: a tag such as fr is needed", identity)
    if author is not None and not isinstance(author, str):
        raise LineError("author: a string is needed", identity)
    return identity, Submission(text, language=told or language, author_name=author or "")


def _finite(written: str) -> float:
    number = float(written)
    return number if math.isfinite(number) else _no_number(written)


def _no_number(written: str) -> NoReturn:
    """Python reads and writes numbers that JSON does not have."""
    raise ValueError(f"{written} is no number in JSON")


def as_object(identity: Any, decision: Decision) -> dict[str, Any]:
    """A decision as the JSON lines have it."""
    return {
        "id": identity,
        "outcome": decision.outcome.value,
        "language": decision.language,
        "scores": {head: round(score, 4) for head, score in decision.scores.items()},
        "findings": [
            {
                "category": one.category,
                "score": round(one.score, 4),
                "detector": one.detector,
                "field": one.field.value,
                "spans": [list(span) for span in one.spans],
                "evidence": list(one.evidence),
            }
            for one in decision.findings
        ],
        "rules": [
            {"key": one.rule_key, "version": one.rule_version, "outcome": one.outcome} for one in decision.citations
        ],
        "notes": list(decision.notes),
    }


def as_page(text: str, decision: Decision, rules: HouseRules, language: str) -> list[str]:
    """A decision for a person: outcome, the text with the words underlined, explanations."""
    lines = [f"{decision.outcome.value}  ({decision.language}, {explain.for_log(decision, rules, language)})", ""]
    marked = [False] * len(text)
    for finding in decision.findings:
        if finding.field is Field.TEXT:
            for start, end in finding.spans:
                marked[start:end] = [True] * (end - start)
    position = 0
    for line in text.split("\n"):
        marks = "".join("~" if marked[position + column] else " " for column in range(len(line))).rstrip()
        lines.append("  " + "".join(character if character.isprintable() else "·" for character in line))
        if marks:
            lines.append("  " + marks)
        position += len(line) + 1
    lines += ["", explain.for_author(decision, rules, language)]
    lines += [f"- {sentence}" for sentence in explain.for_moderator(decision, rules, language)]
    return lines
