"""The weights that ship: the file is the one that the card describes, and it does what the card says on mild texts."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import pytest

from comity.screening.model.classifier import shipped_classifier
from comity.screening.model.weights import HEADS, digest, shipped

ROOT = Path(__file__).parents[3]
WEIGHTS = Path(str(resources.files("comity.screening").joinpath("data/model/weights.npz")))
MILD = [json.loads(line) for line in Path(__file__).with_name("mild.jsonl").read_text("utf-8").splitlines()]


def _card() -> str:
    return (ROOT / "docs" / "model-card.md").read_text("utf-8")


def test_the_card_names_this_file() -> None:
    assert digest(WEIGHTS) in _card()
    assert str(shipped().about["version"]) in _card()
    assert str(shipped().about["command"]) in _card()


def test_the_file_keeps_to_its_size() -> None:
    assert WEIGHTS.stat().st_size <= 12_500_000


def test_every_source_left_out_is_named_in_the_card() -> None:
    for source in ("ethos", "smsfr"):
        assert source in _card()


def test_mild_texts_reach_the_figures_of_the_card() -> None:
    """Each head at 0.5 on texts of our own: the accuracies are those that the card gives, to the decimal."""
    classifier = shipped_classifier()
    right = dict.fromkeys(HEADS, 0)
    for one in MILD:
        scores = classifier.scores(one["text"], one["language"])
        for head in HEADS:
            right[head] += (scores[head] >= 0.5) == (head in one["heads"])
    for head in HEADS:
        line = re.search(rf"^\| mild texts, {head} \| (\d+) of (\d+) \|$", _card(), re.MULTILINE)
        assert line is not None
        assert (right[head], len(MILD)) == (int(line[1]), int(line[2])), head


@pytest.mark.parametrize(
    ("head", "language", "text", "word"),
    [
        ("insult", "fr", "Bonjour, vous êtes un idiot.", "idiot"),
        ("insult", "en", "Good morning, you are an idiot.", "idiot"),
    ],
)
def test_evidence_points_at_the_word(head: str, language: str, text: str, word: str) -> None:
    classifier = shipped_classifier()
    assert classifier.scores(text, language)[head] >= 0.5
    ((spans, words),) = classifier.evidence(text, [head])
    assert word in words
    assert any(word in text[start:end] for start, end in spans)


def test_a_word_or_two_of_everyday_talk_score_low_and_insults_high() -> None:
    classifier = shipped_classifier()
    heads = [head for head in HEADS if head != "spam"]  # how little is an advertisement is asked elsewhere
    plain = ["Un avis.", "Oui.", "Bof.", "Merci.", "Exact", "Très juste !", "Et alors ?", "Quel temps !", "Pas mal."]
    read = {text: classifier.scores(text, "fr") for text in plain}
    flagged = [text for text, scores in read.items() if max(scores[head] for head in heads) >= 0.5]
    assert len(flagged) <= 1, flagged
    rude = ("Pauvre type", "Quel idiot.", "Crétin !", "Espèce de clown")
    missed = [text for text in rude if classifier.scores(text, "fr")["insult"] < 0.5]
    assert len(missed) <= 1, missed
