"""`comity screen` and `comity screening evaluate`."""

from __future__ import annotations

import io
import json
from pathlib import Path
from queue import Queue

import pytest

from comity.cli import words
from comity.screening import commands
from comity.screening.cli import main, screen_lines
from comity.screening.learning import Lesson, replay
from tests.screening.screened import ENGINE, LINE, RULES


def run(*words: str, given: str = "") -> tuple[int, str]:
    out = io.StringIO()
    return main(list(words), stdin=io.StringIO(given), stdout=out, engine=ENGINE), out.getvalue()


def test_a_text_is_underlined_and_explained() -> None:
    code, page = run("Vous êtes un crétin", "--language", "fr")
    lines = page.splitlines()
    assert code == 0
    assert lines[0].startswith("remove")
    where = lines.index("  Vous êtes un crétin")
    assert lines[where + 1][2:].startswith("~~~")
    assert "retiré d’office" in page


def test_control_characters_do_not_reach_the_terminal() -> None:
    _, page = run("a\x1b[31mb\u202ec")
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_json() -> None:
    code, page = run("--json", "Vous êtes un crétin")
    told = json.loads(page)
    assert code == 0
    assert told["outcome"] == "remove"
    assert set(told["scores"]) == {"hate", "toxicity", "insult", "threat", "obscenity", "antisemitism", "spam"}
    assert told["findings"][0]["category"] == "insult"
    assert told["language"] == "fr"


def test_lines_in_lines_out_and_a_bad_one_does_not_stop_the_rest() -> None:
    given = "\n".join(
        [
            '{"id": 1, "text": "Bonjour à tous"}',
            "not json",
            "",
            '{"id": "b", "text": 3}',
            "[1]",
            '{"id": 4, "text": "x", "language": 3}',
            '{"id": 5, "text": "x", "author": []}',
            '{"id": 6, "text": "Vous êtes un crétin", "language": "fr", "author": "Ann"}',
            "[" * 100_000,
        ]
    )
    code, out = run("--jsonl", given=given)
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [one.get("id") for one in told] == [1, None, "b", None, 4, 5, 6, None]
    assert [("error" in one) for one in told] == [False, True, True, True, True, True, False, True]
    assert told[0]["outcome"] == "publish"
    assert told[6]["outcome"] == "remove"
    assert told[1]["line"] == 2


def test_a_line_is_answered_before_the_next_is_written() -> None:
    asked = Queue[str]()
    answers = screen_lines(iter(asked.get, ""), ENGINE, RULES)
    for number in range(3):
        asked.put(json.dumps({"id": number, "text": "Bonjour"}))
        assert next(answers)["id"] == number
    asked.put("")
    assert list(answers) == []


def test_many_lines_keep_their_order() -> None:
    _, out = run("--jsonl", given="\n".join(json.dumps({"id": number, "text": "Bonjour"}) for number in range(300)))
    assert [json.loads(line)["id"] for line in out.splitlines()] == list(range(300))


def test_a_line_that_is_not_utf_8_spoils_itself_alone() -> None:
    given = io.BytesIO(
        b'\xef\xbb\xbf{"id": 1, "text": "Bonjour"}\r\n{"id": 2, "text": "\xff"}\n{"id": 3, "text": "Oui"}'
    )
    out = io.StringIO()
    assert main(["--jsonl"], stdin=given, stdout=out, engine=ENGINE) == 1
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one.get("outcome", one.get("error")) for one in told] == ["publish", "not UTF-8", "publish"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('{"id": NaN, "text": "x"}', "not JSON"),
        ('{"id": 1e999, "text": "x"}', "not JSON"),
        ('{"id": 1, "text": "x", "language": "a b"}', "language: a tag such as fr is needed"),
    ],
)
def test_what_json_or_a_language_tag_is_not(line: str, error: str) -> None:
    code, out = run("--jsonl", given=line)
    assert (code, json.loads(out, parse_constant=pytest.fail)["error"]) == (1, error)


def test_what_may_be_left_out_may_be_null() -> None:
    assert run("--jsonl", given='{"text": "Bonjour", "author": null, "language": null}')[0] == 0


def test_lines_that_name_no_language_are_in_the_one_given() -> None:
    given = '{"text": "Oui"}\n{"text": "Oui", "language": "de"}'
    told = run("--jsonl", "--language", "fr", given=given)[1].splitlines()
    assert [json.loads(line)["language"] for line in told] == ["fr", "de"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_no_letter_stops_the_answer(encoding: str) -> None:
    for asked, given in (
        (["Vous êtes 😀 un crétin \udce9"], ""),
        (["--json", "Vous êtes 😀 un crétin \udce9"], ""),
        (["--jsonl"], '{"id": "\\ud800 😀", "text": "Oui"}'),
    ):
        out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        assert main(asked, stdin=io.StringIO(given), stdout=out, engine=ENGINE) == 0
        out.seek(0)
        if asked[0].startswith("--"):
            told = json.loads(out.buffer.read().decode("utf-8"))
            assert told["id"] in (None, "\ud800 😀")


@pytest.mark.parametrize("words", [[], ["--jsonl", "x"], ["--language", "français", "x"]])
def test_what_cannot_be_meant_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
    assert "--jsonl" in capsys.readouterr().err


@pytest.mark.parametrize(("stream", "word"), [("stdout", "output"), ("stdin", "input")])
def test_a_closed_stream_is_told(
    stream: str, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(f"sys.{stream}", None)
    assert words.main(["screen", "--jsonl"]) == 2
    assert word in capsys.readouterr().err


def test_own_rules(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        'format = 1\n[[rule]]\nkey = "insult"\ncategories = ["insult"]\nenabled = false\nthresholds = { hold = 0.5 }\n'
        '[rule.title]\nen = "x"\n[rule.text]\nen = "x"\n[rule.ground]\nkind = "terms"\n'
        '[rule.ground.reference]\nen = "x"\n'
    )
    assert "publish" in run("--rules", str(rules), "Vous êtes un crétin")[1]
    rules.write_text("format = 1\n[[rule]]\nkey = 3\n")
    assert run("--rules", str(rules), "x")[0] == 2
    rules.write_bytes(b"\xff")
    assert run("--rules", str(rules), "x")[0] == 2
    assert run("--rules", str(tmp_path / "none.toml"), "x")[0] == 2


def history(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "history.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_versions_are_compared_in_shadow(tmp_path: Path) -> None:
    past = history(
        tmp_path,
        '{"id": "a", "text": "Vous êtes un crétin", "refused": true}',
        '{"id": "b", "text": "Bonjour à tous", "refused": false}',
        '{"id": "c", "text": "achetez mes belles tapisseries d orient", "refused": true}',
    )
    head = tmp_path / "head.bin"
    head.write_bytes(replay([Lesson("achetez mes belles tapisseries d orient", frozenset({"spam"}))] * 30).to_bytes())
    out = io.StringIO()
    assert commands.main(["evaluate", "--history", past, "--against-head", str(head)], stdout=out, detectors=LINE) == 0
    lines = out.getvalue().splitlines()
    assert "caught 50.0%" in lines[0]
    assert "caught 100.0%" in lines[1]
    assert lines[2] == "  c: publish -> hold (refused by people)"
    out = io.StringIO()
    assert commands.main(["evaluate", "--history", past, "--json"], stdout=out, detectors=LINE) == 0
    assert json.loads(out.getvalue())["first"]["alarms"] == 0


@pytest.mark.parametrize("line", ["x", "[]", '{"refused": true}', '{"text": "x"}'])
def test_a_history_that_cannot_be_read(tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["evaluate", "--history", history(tmp_path, line)], detectors=LINE) == 2
    assert "line 1" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "none.jsonl")
    assert commands.main(["evaluate", "--history", path], detectors=LINE) == 2
    assert capsys.readouterr().err == f"comity screening evaluate: {path}: No such file or directory\n"


def test_a_comparison_that_nobody_reads_on_is_no_fault(tmp_path: Path) -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    past = history(tmp_path, '{"text": "Bonjour", "refused": false}')
    with pytest.raises(BrokenPipeError):  # which ends the command in silence
        commands.main(["evaluate", "--history", past], stdout=Closed(), detectors=LINE)


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main([]) == 2
    assert commands.main(["--help"]) == 0
    assert "evaluate" in capsys.readouterr().out
