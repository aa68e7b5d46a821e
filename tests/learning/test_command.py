"""`comity screening` on a site's own history, and a reader of the output who leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comity.actions.learning import learn_from_decisions
from comity.cli import main
from comity.models import SiteHead
from comity.queries.shapes import SiteShape
from comity.queries.site_heads import newest_head
from comity.rules.transitions import Move
from comity.screening.learning import Lesson, replay
from tests.cli.conftest import Comity, comity, data, environment
from tests.conversation.conftest import Clock, Post
from tests.learning.conftest import Decide

__all__ = ["comity", "data"]

NEWS = "Le conseil municipal a voté le budget de la voirie."
Run = Callable[..., tuple[int, list[str], str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs `comity screening` in this process, on the session's database: code, lines of output, errors."""
    mask = os.umask(0o022)

    def make(*words: str) -> tuple[int, list[str], str]:
        code = main(["screening", *words])
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    yield make
    os.umask(mask)


@pytest.fixture
def judged(gossip_removed: Callable[..., None], post: Post, decide: Decide, site: SiteShape, clock: Clock) -> None:
    """Twelve comments removed and one kept, and a head that learnt from the first six."""
    gossip_removed(6)
    learn_from_decisions(site_id=site.id, now=clock.now)
    gossip_removed(6, first=6)
    _, posted = post(NEWS)
    decide(posted.own.comment.id, Move.HOLD)
    decide(posted.own.comment.id, Move.PUBLISH)


@pytest.mark.django_db
def test_versions_are_compared_on_the_history_in_shadow(judged: None, run: Run, tmp_path: Path) -> None:
    before = SiteHead.objects.count()
    rules = tmp_path / "rules.toml"
    rules.write_text(
        'format = 1\n[[rule]]\nkey = "values"\ncategories = ["values"]\nenabled = false\nthresholds = { hold = 0.5 }\n'
        '[rule.title]\nen = "x"\n[rule.text]\nen = "x"\n[rule.ground]\nkind = "terms"\n'
        '[rule.ground.reference]\nen = "x"\n'
    )
    code, lines, errors = run("evaluate", "--against-version", "0", "--against-rules", str(rules))
    assert (code, "--unseen" in errors) == (0, True)
    assert lines[0].startswith("first: caught 100.0%")
    assert lines[1].startswith("second: caught 0.0%")
    assert len(lines) == 2 + 12
    assert lines[2].endswith(": hold -> publish (refused by people)")
    code, lines, errors = run("evaluate", "--unseen", "--json")
    figures = json.loads("\n".join(lines))
    assert (code, list(figures), errors) == (0, ["first"], "")
    assert (figures["first"]["caught"], figures["first"]["alarms"]) == (1, 0)
    assert run("evaluate", "--limit", "1")[1] == [
        "first: caught 0.0%, removed 0.0%, precision 0.0%, alarms 0.0%, wrong_removals 0.0%"
    ]
    assert SiteHead.objects.count() == before


@pytest.mark.django_db
def test_a_head_from_a_file(judged: None, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "head.bin"
    file.write_bytes(replay([Lesson(NEWS, frozenset({"values"}))] * 30).to_bytes())
    code, lines, _ = run("evaluate", "--version", "0", "--against-head", str(file))
    assert (code, lines[0].split(", ")[3], lines[1].split(", ")[3]) == (0, "alarms 0.0%", "alarms 100.0%")
    file.write_bytes(b"something else")
    code, _, errors = run("evaluate", "--head", str(file))
    assert (code, errors) == (1, f"comity: {file}: not a site head.\n")


@pytest.mark.django_db
def test_undo_and_replay(judged: None, run: Run, site: SiteShape) -> None:
    assert run("undo")[1] == ["version 1  6 lessons  2026-05-01 12:00:12 UTC"]
    code, lines, _ = run("undo", "--to", "0")
    assert (code, lines[0].startswith("version 2  0 lessons")) == (0, True)
    code, lines, _ = run("replay")
    assert (code, lines[0].startswith("version 3  7 lessons")) == (0, True)  # what had not been learnt yet
    assert lines[1] == "The replay gives the same bytes."
    code, lines, _ = run("replay", "--everything")
    assert lines[1] == "The replay gives other bytes: they are in force now."
    assert newest_head(site_id=site.id).lessons == 13
    assert [line.split()[1] for line in run("undo", "--limit", "2")[1]] == ["4", "3"]
    code, lines, errors = run("undo", "--to", "99")
    assert (code, lines, "code field_invalid, field version" in errors) == (1, [], True)


@pytest.mark.django_db
def test_a_site_that_nobody_moderated(site: SiteShape, run: Run) -> None:
    assert run("undo")[1] == ["Nothing has taught this site's head yet."]
    assert run("replay")[1] == ["version 0  0 lessons  no time", "The replay gives the same bytes."]
    code, lines, errors = run("evaluate")
    assert (code, lines, errors) == (1, [], "comity: There is no decision of a person to compare on.\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["evaluate", "--limit", "0"], 2, "above zero"),
        (["evaluate", "--head", "x", "--version", "1"], 2, "not from both"),
        (["evaluate", "--head", "x", "--unseen"], 2, "nobody knows"),
        (["evaluate", "--history", "x", "--unseen"], 2, "knows no versions"),
        (["evaluate", "--history", "/nowhere/history.jsonl"], 2, "No such file"),
        (["train", "--data", "/nowhere/train.tsv.gz"], 2, ""),
        (["conjure"], 2, "invalid choice"),
    ],
)
def test_what_cannot_be_asked_for(comity: Comity, words: list[str], code: int, said: str) -> None:
    ended = comity("screening", *words)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_history_from_a_file_needs_no_database(comity: Comity, data: Path) -> None:
    ended = comity("screening", "evaluate", "--history", "/dev/stdin", given='{"text": "Bonjour", "refused": false}\n')
    assert (ended.returncode, ended.stderr, data.exists()) == (0, "", False)
    assert ended.stdout.startswith("first: caught 0.0%")


@pytest.mark.parametrize("words", [["screen", "--jsonl"], ["screen", "--json", "Bonjour"], ["screen", "--help"]])
def test_who_reads_on_no_more_gets_no_trace(words: list[str], data: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # as `| head` does once it has its lines
    ended = subprocess.run(
        [sys.executable, "-m", "comity.cli", *words],
        input='{"text": "Bonjour à tous"}\n' * 3, env=environment(data), stdout=writing, stderr=subprocess.PIPE,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, "")
