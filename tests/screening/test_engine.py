"""The line as a whole: fails closed, is the same each time, stays inside the text, is bounded."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.screening.catalogue import MissingDetector
from comity.screening.engine import HEADS, Engine
from comity.screening.learning import Lesson, SiteHead, replay
from comity.screening.metrics import Metrics
from comity.screening.normalise import PreparedText
from comity.screening.types import Field, Finding, Outcome, Reading, Submission
from tests.screening.screened import ENGINE, LINE, RULES, scores_of, screen

PIECES = (
    *("Vous êtes un crétin", "les étrangers sont des animaux", "06 12 34 56 78", "https://a.example/", "j e a n"),
    *("c0n", "«", '"', ".", "pas", "***", "\u202e", "\u200b", "il a dit", "?", "\n", "אתה", "يا", "F*n"),
    *("1 84 12 76 451 089 46", "Jean Dupuis", "escroc"),
)
LIVELY = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(PIECES),
    ),
    max_size=12,
).map(" ".join)


class Broken:
    name = "broken"
    version = "1"

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        raise RuntimeError(text.raw)


class Strange:
    name = "strange"
    version = "1"

    def __init__(self, finding: Finding) -> None:
        self._finding = finding

    def find(self, _text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        yield self._finding


def test_a_detector_that_raises_holds_with_a_note_and_no_word_of_the_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        decision = Engine([*LINE, Broken()]).screen(Submission("mirabelle"), RULES)
    assert decision.outcome is Outcome.HOLD
    assert "detector_failed:broken" in decision.notes
    assert "broken" in caplog.text
    assert "mirabelle" not in caplog.text


def test_a_missing_detector_holds() -> None:
    decision = Engine([MissingDetector("absent")]).screen(Submission("bonjour"), RULES)
    assert decision.outcome is Outcome.HOLD
    assert decision.notes == ("detector_failed:absent",)


@pytest.mark.parametrize(
    "finding",
    [
        Finding("noise", 0.5, "strange"),
        Finding("insult", 1.5, "strange"),
        Finding("insult", 0.5, "strange", ((0, 99),)),
        Finding("insult", 0.5, "strange", ((3, 1),)),
    ],
)
def test_an_unsound_finding_holds(finding: Finding) -> None:
    decision = Engine([Strange(finding)]).screen(Submission("bonjour"), RULES)
    assert decision.outcome is Outcome.HOLD
    assert decision.findings == ()


def test_the_name_and_the_website_are_read_too() -> None:
    decision = screen("Bonjour à tous", author_name="Gros Crétin")
    assert {finding.field for finding in decision.findings} == {Field.AUTHOR_NAME}
    assert decision.outcome is not Outcome.PUBLISH


def test_scores_have_every_head() -> None:
    decision = screen("Vous êtes un crétin")
    assert tuple(decision.scores) == HEADS
    assert decision.scores["insult"] >= 0.5
    assert decision.scores["toxicity"] >= 0.5
    assert decision.scores["spam"] == 0


def test_the_site_head_is_cited_and_its_absence_fails_closed() -> None:
    head = replay([Lesson("achetez mes belles tapisseries", frozenset({"spam"}))] * 20)
    engine = Engine(LINE, site_head=lambda: head)
    decision = engine.screen(Submission("achetez mes belles tapisseries"), RULES)
    assert decision.engine_version.endswith("+site.20")
    (learned,) = [finding for finding in decision.findings if finding.detector == "site_head"]
    assert learned.evidence == ("head_version_20",)

    def away() -> SiteHead | None:
        raise OSError("away")

    failed = Engine(LINE, site_head=away).screen(Submission("bonjour"), RULES)
    assert failed.outcome is Outcome.HOLD
    assert failed.notes == ("detector_failed:site_head",)


@given(LIVELY)
@settings(max_examples=150, deadline=None)
def test_any_text_is_decided_with_spans_inside_and_the_same_each_time(text: str) -> None:
    decision = screen(text)
    assert not [note for note in decision.notes if note.startswith("detector_failed")]
    for finding in decision.findings:
        assert 0 <= finding.score <= 1
        assert list(finding.spans) == sorted(finding.spans)
        for start, end in finding.spans:
            assert 0 <= start <= end <= len(text)
    assert screen(text) == decision


@given(st.text(st.characters(), max_size=300), st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_unicode_at_all(text: str, name: str) -> None:
    decision = screen(text, author_name=name)
    assert not [note for note in decision.notes if note.startswith("detector_failed")]


@given(LIVELY, st.permutations(range(len(LINE))))
@settings(max_examples=50, deadline=None)
def test_the_order_of_detectors_is_irrelevant(text: str, order: list[int]) -> None:
    shuffled = Engine([LINE[place] for place in order])
    assert shuffled.screen(Submission(text), RULES) == ENGINE.screen(Submission(text), RULES)


HOSTILE = [
    "Vous êtes un crétin.",
    "Les étrangers sont des animaux.",
    "You are an idiot!",
    "Jean Dupuis est un escroc.",
    "Appelez le 06 12 34 56 78.",
    "c r é t i n",
    "« Les étrangers sont des animaux », voilà.",
    "Gagnez de l'argent rapidement.",
]
UNRELATED = [
    "Il fait beau ce matin sur la ville.",
    "Le maire a condamné ces propos racistes.",
    "The weather is not bad, they said.",
    "Elle a dit « bonjour madame » et rien d'autre.",
    "Il est faux de le dire.",
    "Ce n'est pas vrai !",
    "היום יום יפה.",
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("unrelated", UNRELATED)
def test_an_unrelated_sentence_never_lowers_a_finding(hostile: str, unrelated: str) -> None:
    alone = scores_of(screen(hostile))
    assert alone
    for both in (f"{unrelated} {hostile}", f"{hostile}\n{unrelated}"):
        together = scores_of(screen(both))
        for category, score in alone.items():
            assert together.get(category, 0) >= score, both


def test_the_engine_needs_no_django_and_no_numpy() -> None:
    code = (
        "import sys; from comity.screening.engine import Engine; from comity.screening import house_rules; "
        "from comity.screening.types import Submission; from comity.screening.catalogue import default_detectors; "
        "own = [one for one in default_detectors() if one.name != 'model']; "
        "Engine(own).screen(Submission('bonjour'), house_rules.shipped()); "
        "sys.exit(','.join(name for name in ('django', 'numpy', 'urllib.request') if name in sys.modules) or 0)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr


class Counting:
    """A detector that reads many, as the model does."""

    name = "counting"
    version = "1"

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        return self.read_many([text])[0].findings

    def read_many(self, texts: Sequence[PreparedText]) -> list[Reading]:
        if any("raises" in text.words for text in texts):
            raise RuntimeError
        return [Reading((), {"insult": len(text.words) / 100}) for text in texts]


@settings(max_examples=40, deadline=None)
@given(st.lists(LIVELY, max_size=6))
def test_many_texts_are_decided_as_each_alone(texts: list[str]) -> None:
    submissions = [Submission(text, author_name="Ann") for text in texts]
    engine = Engine([*LINE, Counting()])
    assert engine.screen_many(submissions, RULES) == [engine.screen(one, RULES) for one in submissions]


def test_one_text_that_fails_does_not_hold_the_others() -> None:
    decisions = Engine([Counting()]).screen_many([Submission(text) for text in ("merci", "raises", "bonjour")], RULES)
    assert [decision.outcome for decision in decisions] == [Outcome.PUBLISH, Outcome.HOLD, Outcome.PUBLISH]
    assert decisions[1].notes == ("detector_failed:counting",)


def test_a_score_is_told_however_little_and_findings_raise_it() -> None:
    scores = Engine([*LINE, Counting()]).screen(Submission("Merci pour cet article"), RULES).scores
    assert scores == {**dict.fromkeys(HEADS, 0.0), "insult": 0.04}
    assert Engine([*LINE, Counting()]).screen(Submission("Vous êtes un crétin"), RULES).scores["insult"] > 0.5


def test_two_sets_of_rules_judge_one_reading() -> None:
    lax = replace(RULES, rules=(), version="lax")
    assert [
        tuple(decision.outcome for decision in decisions)
        for decisions in ENGINE.judge([Submission("Vous êtes un crétin"), Submission("merci")], (RULES, lax))
    ] == [(Outcome.REMOVE, Outcome.PUBLISH), (Outcome.PUBLISH, Outcome.PUBLISH)]


def test_overruns_are_counted_and_change_nothing() -> None:
    ticks = iter(range(10_000))
    slow = Engine(LINE, metrics=Metrics(budget=0.5), clock=lambda: float(next(ticks)))
    assert slow.screen(Submission("Vous êtes un crétin"), RULES) == screen("Vous êtes un crétin")
    costs = slow.metrics.costs()
    assert {cost.detector for cost in costs} == {detector.name for detector in LINE}
    assert all((cost.texts, cost.seconds, cost.overruns, cost.longest) == (1, 1.0, 1, 1.0) for cost in costs)
    assert slow.metrics.overruns == len(LINE)
    swift = Engine(LINE, clock=lambda: 0.0)
    swift.screen(Submission("bonjour"), RULES)
    assert swift.metrics.overruns == 0
