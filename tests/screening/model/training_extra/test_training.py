"""A whole small training run on mild sentences made here, and the two writings of the network against each other."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from comity.screening.model import sequence as runtime
from comity.screening.model.classifier import Classifier
from comity.screening.model.hashing import lay_out
from comity.screening.model.marks import mark_words
from comity.screening.model.tokens import tokenise
from comity.screening.model.weights import digest, load
from comity.screening.training.cli import main
from comity.screening.training.encoding import sequences
from comity.screening.training.network import SequenceNet, Shape
from comity.screening.training.row_adam import RowAdam
from comity.screening.training.sequence_fit import sequence_logits

pytestmark = pytest.mark.peers
HEADER = "text\tlang\tsource\tweight\thate\ttoxic\tinsult\tthreat\tobscene\tantisemitism\tspam\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A table of 900 mild rows and the pairs beside it."""
    things = ["train", "road", "park", "school", "market", "bridge", "library", "river", "garden"]
    with gzip.open(tmp_path / "train.tsv.gz", "wt", encoding="utf-8") as table:
        table.write(HEADER)
        for number in range(900):
            thing = things[number % len(things)]
            rude = number % 3 == 0
            text = f"you silly fool of the {thing} number {number}" if rude else f"the {thing} number {number} is open"
            table.write(f"{text}\ten\tsurge\t1.0\t{int(rude)}\t{int(rude)}\t{int(rude)}\t0\t0\t\t0\n")
    with gzip.open(tmp_path / "tatoeba_en_fr.txt.gz", "wt", encoding="utf-8") as pairs:
        for number in range(400):
            thing = things[number % len(things)]
            pairs.write(f"The {thing} is open today, {number}.\tLe {thing} est ouvert en ce jour, {number}.\n")
            pairs.write(f"They like the {thing} very much, {number}.\tIls aiment beaucoup le {thing}, {number}.\n")
    return tmp_path / "train.tsv.gz"


def test_a_quick_run_learns_and_repeats_itself(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--data", str(data), "--date", "2026-01-01", "--quick", "--out"]
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    assert main([*given, str(first)]) == 0
    # In a program of its own, where sets come in another order.
    again = [sys.executable, "-m", "comity.screening.training.cli", *given, str(second)]
    environment = {**os.environ, "PYTHONHASHSEED": "11", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run(again, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert digest(first) == digest(second)
    assert f"sha256 {digest(first)}" in capsys.readouterr().out
    classifier = Classifier(load(first))
    rude = classifier.scores("you silly fool of the road", "en")
    plain = classifier.scores("the road is open", "en")
    assert rude["toxicity"] > 0.5 > plain["toxicity"]


def test_data_that_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path / "none.tsv.gz"), "--quick"]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_numpy_reads_as_torch_trains() -> None:
    torch.manual_seed(1)
    net = SequenceNet(Shape(row=24, width=32))
    texts = ["bonjour", "deux mots « ici » et pas là", "une phrase un peu plus longue, avec une question ?"]
    expected = sequence_logits(net, sequences(texts, runtime.WORDS_AT_ONCE))
    model = runtime.SequenceModel(runtime.quantise(net.arrays()))
    for text, logits in zip(texts, expected, strict=True):
        tokens = tokenise(text)
        rows = model.vocabulary.rows_of(tokens.words, mark_words(tokens))
        # Eight and sixteen bits instead of thirty-two move a logit by a few thousandths.
        assert np.allclose(model.logits(rows, lay_out([tokens])), logits, atol=0.01)


def test_rows_read_now_and_then_end_where_adam_puts_them() -> None:
    torch.manual_seed(1)
    start = torch.randn(60, 4)
    every = torch.nn.Parameter(start.clone())
    adam = torch.optim.AdamW([every], lr=0.01, weight_decay=0.0, betas=(0.9, 0.98))
    few = RowAdam(start.clone())
    for _ in range(300):
        rows = torch.randperm(60)[:6]
        few.read(rows)
        slope = torch.randn(6, 4)
        every.grad = torch.zeros(60, 4).index_copy_(0, rows, slope)
        adam.step()
        few.step(slope, 0.01)
    few.level()
    moved = (every.detach() - start).abs().mean()
    assert (few.table - every.detach()).abs().mean() < 0.03 * moved
