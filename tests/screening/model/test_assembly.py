"""The rows of a training run, from a small table made here: needs neither torch nor scipy, so it runs everywhere."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from comity.screening.training import assembly
from comity.screening.training.assembly import Corpus, Sizes, assemble
from comity.screening.training.fusion_fit import dev_weights
from comity.screening.training.judged import judged_rows
from comity.screening.training.labels import balance
from comity.screening.training.rows import letters_only

HEADER = "text\tlang\tsource\tweight\thate\ttoxic\tinsult\tthreat\tobscene\tantisemitism\tspam\n"
THINGS = ("train", "road", "park", "school", "market", "bridge", "library", "river", "garden")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("table")
    table, pairs = folder / "train.tsv.gz", folder / "pairs.txt.gz"
    with gzip.open(table, "wt", encoding="utf-8") as out:
        out.write(HEADER)
        for number in range(400):
            thing = THINGS[number % len(THINGS)]
            rude = number % 3 == 0
            text = f"you silly fool of the {thing} number {number}" if rude else f"the {thing} number {number} is open"
            out.write(f"{text}\ten\tsurge\t1.0\t{int(rude)}\t{int(rude)}\t{int(rude)}\t0\t0\t\t0\n")
            out.write(f"left out {number}\ten\tethos\t1.0\t1\t\t\t\t\t\t\n")
    with gzip.open(pairs, "wt", encoding="utf-8") as out:
        for number in range(300):
            thing = THINGS[number % len(THINGS)]
            out.write(f"The {thing} is open today, {number}.\tLe {thing} est ouvert en ce jour, {number}.\n")
            out.write(f"They like the {thing} very much, {number}.\tIls aiment beaucoup le {thing}, {number}.\n")
    return table, pairs


def _assembled(files: tuple[Path, Path], seed: int) -> Corpus:
    return assemble(*files, sizes=Sizes().smaller(0.004), seed=seed, report=lambda _line: None)


@pytest.fixture(scope="module")
def corpus(files: tuple[Path, Path]) -> Corpus:
    return _assembled(files, 7)


def test_the_same_seed_gives_the_same_rows_in_the_same_order(corpus: Corpus, files: tuple[Path, Path]) -> None:
    again, other = _assembled(files, 7), _assembled(files, 8)
    assert corpus.train == again.train
    assert corpus.dev == again.dev
    assert corpus.train != other.train


def test_no_text_of_dev_is_trained_on_and_what_is_left_out_stays_out(corpus: Corpus) -> None:
    dev = {letters_only(row.text) for row in corpus.dev}
    assert dev.isdisjoint(letters_only(row.text) for row in corpus.train)
    assert "own" in {row.origin for row in corpus.dev}
    assert "own" not in {row.origin for row in corpus.train}
    assert not [row for row in corpus.train + corpus.dev if row.source == "ethos"]
    assert {"native", "pseudo", "frame", "prose"} <= {row.origin for row in corpus.train}


def test_what_training_has_as_well_is_not_judged(
    corpus: Corpus, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = next(row for row in corpus.train if row.origin == "native")
    unseen = replace(trained, text="a sentence that nobody else has")
    monkeypatch.setattr(assembly, "judged_rows", lambda: [replace(one, origin="apart") for one in (trained, unseen)])
    again = _assembled(files, 7)
    assert [row.text for row in again.dev if row.origin == "apart"] == [unseen.text]
    assert again.train == corpus.train


def test_what_is_kept_apart_weighs_nothing_in_the_scale() -> None:
    rows = judged_rows()
    weights = dev_weights(rows, balance(rows)[1])
    apart = np.array([row.origin == "apart" for row in rows])
    assert not weights[apart].any()
    assert weights[~apart].sum(axis=0)[:2].all()


def test_both_classes_weigh_the_same_within_a_language_and_origin(corpus: Corpus) -> None:
    labels, weights = balance(corpus.train)
    inside = np.array([row.language == "fr" and row.origin == "frame" for row in corpus.train])
    hateful = weights[inside & (labels[:, 0] == 1), 0].sum()
    innocent = weights[inside & (labels[:, 0] == 0), 0].sum()
    assert hateful == pytest.approx(innocent, rel=0.02)
