"""The detector: sentence by sentence, in the languages that the model knows, with places in the original text."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from comity.screening.detectors.model import ModelDetector
from comity.screening.model.classifier import Classifier
from comity.screening.model.weights import HEADS
from comity.screening.normalise import PreparedText, prepare
from comity.screening.types import Submission
from tests.screening.model.weights_for_tests import weights_of_chance

CLASSIFIER = Classifier(weights_of_chance())
DETECTOR = ModelDetector(CLASSIFIER)
SENTENCES = ("Le train est en retard ce matin.", "Elle a dit « bonjour » au maire.", "Qui vient avec nous dimanche ?")


def scores(text: PreparedText) -> Mapping[str, float]:
    return DETECTOR.read_many([text])[0].scores


def test_the_highest_sentence_counts() -> None:
    alone = [scores(prepare(sentence, "fr")) for sentence in SENTENCES]
    together = scores(prepare(" ".join(SENTENCES), "fr"))
    for head in HEADS:
        assert abs(together[head] - max(scores[head] for scores in alone)) < 2e-4


def test_a_quotation_stays_with_its_sentence() -> None:
    first, second = "Il a parlé.", "« Le train est lent », dit-elle."
    alone = scores(prepare(second, "fr"))
    together = scores(prepare(f"{first} {second}", "fr"))
    assert all(together[head] >= alone[head] - 2e-4 for head in HEADS)


@pytest.mark.parametrize(
    "disguised",
    [
        "L3 7r41n 3s7 3n r374rd",
        "L e t r a i n e s t e n r e t a r d",
        "Le trrrrain esttt en retaaaard",
        "Le tr4in est en ret4rd",
    ],
)
def test_what_is_mostly_in_disguise_is_read_in_plain_words(disguised: str) -> None:
    plain = scores(prepare("le train est en retard", "fr"))
    assert scores(prepare(disguised, "fr")) == plain
    after = f"Bonjour à tous. {disguised}"
    for finding in DETECTOR.find(prepare(after, "fr"), Submission(after)):
        assert all(0 <= start < end <= len(after) for start, end in finding.spans)


def test_a_little_disguise_adds_a_reading_and_takes_none_away() -> None:
    text = "Ce matin encore le tr4in de sept heures et quart est parti en retard de la gare"
    disguised, as_written = scores(prepare(text, "fr")), CLASSIFIER.scores(text, "fr")
    assert all(disguised[head] >= as_written[head] - 2e-4 for head in HEADS)
    assert any(disguised[head] > as_written[head] + 1e-3 for head in HEADS)


def test_places_are_in_the_original_text() -> None:
    text = "Bonjour à tous. " + " ".join(SENTENCES)
    for finding in DETECTOR.find(prepare(text, "fr"), Submission(text)):
        assert finding.score >= 0.5
        for (start, end), _ in zip(finding.spans, finding.evidence, strict=False):
            assert text[start:end].strip() == text[start:end] != ""


def test_it_keeps_silent_in_a_language_that_it_does_not_know() -> None:
    text = "מזג האוויר נעים היום בעיר ואנחנו יוצאים לטייל עם הילדים"
    assert not list(DETECTOR.find(prepare(text), Submission(text)))
    assert scores(prepare("")) == {}


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux says how many threads a process has")
def test_reading_starts_no_threads_and_leaves_the_environment_alone() -> None:
    script = (
        "import os; before = dict(os.environ)\n"
        "from comity.screening.detectors.model import ModelDetector\n"
        "from comity.screening.normalise import prepare\n"
        "ModelDetector().read_many([prepare('Bonjour à tous et à toutes. ' * 40)])\n"
        "print(len(os.listdir('/proc/self/task')), before == dict(os.environ))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    run = subprocess.run([sys.executable, "-c", script], env=clean, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1", "True"]
