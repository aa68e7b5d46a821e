"""The whole training run: rows, features, the two halves, their fusion, the weight file and its figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.screening.model import linear as linear_model
from comity.screening.model import sequence as sequence_model
from comity.screening.model.hashing import CHARACTER_BITS
from comity.screening.model.sequence import WORDS_AT_ONCE
from comity.screening.model.weights import digest, save
from comity.screening.training.assembly import Corpus, Sizes, assemble
from comity.screening.training.encoding import linear_features, sequences
from comity.screening.training.figures import Figure, by_family, by_source, hold_thresholds
from comity.screening.training.fusion_fit import Calibration
from comity.screening.training.labels import balance
from comity.screening.training.linear_fit import fit_linear
from comity.screening.training.rows import Row
from comity.screening.training.scale import crossed_scores, fit_scale, read_dev

__all__ = ["Plan", "Trained", "finish", "train"]

Report = Callable[[str], None]
Floats = npt.NDArray[np.float32]
Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run depends on, besides its files."""

    seed: int = 7
    threads: int = 1
    linear_passes: int = 5
    sequence_passes: float = 3.0
    dropout: float = 0.25
    row: int = 56
    width: int = 64
    factor: float = 1.0
    """Share of the usual number of made rows."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run gives back."""

    path: Path
    digest: str
    figures: list[Figure]
    about: dict[str, Any]


def train(table: Path, pairs: Path, out: Path, *, plan: Plan, date: str, command: str, report: Report) -> Trained:
    """Train on `table` and `pairs` and write the weight file to `out`.

    One thread, the same files, plan and versions of numpy, scipy and torch give the same bytes. `report` is also called
    in a second process, and must be such that it can be sent there.

    Raises `OSError` when a file cannot be read and `ValueError` when the table has other columns.
    """
    corpus = assemble(table, pairs, sizes=Sizes().smaller(plan.factor), seed=plan.seed, report=report)
    labels, weights = balance(corpus.train)
    texts = [row.text for row in corpus.train]
    # Neither half asks anything of the other: each has a process of its own.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        linear = beside.submit(_linear_half, texts, labels, weights, plan, report)
        arrays = _sequence_half(corpus, labels, weights, plan, report)
        arrays.update(linear.result())
    return finish(corpus.dev, arrays, out, plan=plan, date=date, command=command, files=(table, pairs), report=report)


def _linear_half(texts: list[str], labels: Floats, weights: Floats, plan: Plan, report: Report) -> Arrays:
    features = linear_features(texts, report)
    matrix, bias = fit_linear(features, labels, weights, passes=plan.linear_passes, seed=plan.seed, report=report)
    return linear_model.quantise(matrix, 1 << CHARACTER_BITS) | {"linear.bias": bias}


def _sequence_half(corpus: Corpus, labels: Floats, weights: Floats, plan: Plan, report: Report) -> Arrays:
    from comity.screening.training.network import Shape
    from comity.screening.training.sequence_fit import Recipe, fit_sequence
    from comity.screening.training.vectors import bilingual_vectors

    data = sequences([row.text for row in corpus.train], WORDS_AT_ONCE)
    plain = [
        [data.vocabulary[word] for word in data.words[data.bounds[n] : data.bounds[n + 1]]]
        for n, row in enumerate(corpus.train)
        if row.origin in ("native", "prose")
    ]
    vectors = bilingual_vectors(plain, corpus.pairs, plan.row, plan.seed)
    report(f"vectors: {len(vectors[0])} words")
    net = fit_sequence(
        data,
        labels,
        weights,
        vectors,
        shape=Shape(row=plan.row, width=plan.width),
        recipe=Recipe(passes=plan.sequence_passes, dropout=plan.dropout),
        seed=plan.seed,
        threads=plan.threads,
        report=report,
    )
    return sequence_model.quantise(net.arrays())


def finish(
    dev: list[Row],
    arrays: Arrays,
    out: Path,
    *,
    plan: Plan,
    date: str,
    command: str,
    files: tuple[Path, Path],
    report: Report,
) -> Trained:
    """Fit the scale of trained and rounded weights on dev, take the figures, write the weight file."""
    report(f"scale: reading {len(dev)} dev texts")
    reading = read_dev(dev, arrays)
    calibration = fit_scale(reading)
    scores = crossed_scores(reading)
    about = _about(plan, calibration, arrays, date, command, files)
    about["hold_thresholds"] = hold_thresholds(dev, scores)
    about["dev_rows"] = len(dev)
    out.parent.mkdir(parents=True, exist_ok=True)
    save(out, arrays, about)
    report(f"weights: {out.name}, {out.stat().st_size / 1e6:.1f} MB")
    return Trained(out, digest(out), by_source(dev, scores) + by_family(dev, scores), about)


def _about(
    plan: Plan,
    calibration: Calibration,
    arrays: Arrays,
    date: str,
    command: str,
    files: tuple[Path, Path],
) -> dict[str, Any]:
    mark = sha256(json.dumps(calibration, sort_keys=True).encode())
    for name in sorted(arrays):
        mark.update(np.ascontiguousarray(arrays[name]).tobytes())
    return {
        "version": f"{date}.{mark.hexdigest()[:8]}",
        "date": date,
        "command": command,
        "plan": asdict(plan),
        "calibration": calibration,
        "data": {path.name: digest(path) for path in files},
    }
