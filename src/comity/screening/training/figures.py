"""Figures of a model on rows that it was not trained on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from comity.screening.training.rows import HEADS, Row

__all__ = ["Figure", "as_markdown", "by_family", "by_source", "figure", "hold_thresholds", "ranking"]

Floats = npt.NDArray[np.float32]
Figure = tuple[str, int, float, float, float, float]
"""Name, texts, accuracy, share of positives caught, share of negatives spared, area under the curve (all in %)."""


def ranking(labels: Floats, scores: Floats) -> float:
    """Area under the ROC curve: how often a positive scores above a negative. 0.5 when one class is missing."""
    positive = labels > 0.5
    count = int(positive.sum())
    if count in (0, len(labels)):
        return 0.5
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ordered = scores[order]
    first = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    bounds = np.append(np.flatnonzero(first), len(ordered))
    mean = (bounds[:-1] + bounds[1:] + 1) / 2
    ranks[order] = np.repeat(mean, np.diff(bounds))
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * (len(labels) - count)))


def figure(name: str, labels: Floats, scores: Floats) -> Figure:
    """Figures at 0.5."""
    flagged, positive = scores >= 0.5, labels > 0.5
    caught = float(flagged[positive].mean()) if positive.any() else float("nan")
    spared = float((~flagged[~positive]).mean()) if (~positive).any() else float("nan")
    return (
        name,
        len(labels),
        100 * float((flagged == positive).mean()),
        100 * caught,
        100 * spared,
        100 * ranking(labels, scores),
    )


def by_source(rows: Sequence[Row], scores: Floats, heads: Iterable[str] = HEADS) -> list[Figure]:
    """One figure a head and source, pseudo-French apart."""
    out: list[Figure] = []
    for head in heads:
        column = HEADS.index(head)
        groups: dict[str, list[int]] = {}
        for number, row in enumerate(rows):
            if row.labels[column] is not None:
                mark = "~" if row.origin == "pseudo" else ""
                groups.setdefault(f"{head} {row.language} {mark}{row.source}", []).append(number)
        for name, inside in sorted(groups.items()):
            given = np.array([rows[number].labels[column] for number in inside], dtype=np.float32)
            out.append(figure(name, given, scores[inside, column]))
    return out


def by_family(rows: Sequence[Row], scores: Floats) -> list[Figure]:
    """Hate, on each family of our contrast set."""
    groups: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        if row.family and row.labels[0] is not None:
            mark = "~" if row.source == "grammar_en" and row.language == "fr" else ""
            groups.setdefault(f"{row.language} {mark}{row.family}", []).append(number)
    return [
        figure(name, np.array([rows[n].labels[0] for n in inside], dtype=np.float32), scores[inside, 0])
        for name, inside in sorted(groups.items())
    ]


def hold_thresholds(rows: Sequence[Row], scores: Floats, alarms: float = 0.01) -> dict[str, dict[str, float]]:
    """For French and English, the score of each head that only `alarms` of the ordinary sentences of dev reach."""
    out: dict[str, dict[str, float]] = {}
    for language in ("fr", "en"):
        inside = [number for number, row in enumerate(rows) if row.source == f"prose_{language}"]
        if inside:
            columns = np.quantile(scores[inside], 1 - alarms, axis=0)
            out[language] = {head: round(float(value), 3) for head, value in zip(HEADS, columns, strict=True)}
    return out


def as_markdown(figures: Iterable[Figure]) -> str:
    """A table of figures; a class that no text has shows a dash."""
    lines = ["| set | texts | accuracy | caught | spared | AUC |", "| --- | --- | --- | --- | --- | --- |"]
    for name, texts, *values in figures:
        shown = ["-" if value != value else f"{value:.1f}" for value in values]
        if "-" in shown:
            shown[-1] = "-"
        lines.append(f"| {name} | {texts} | " + " | ".join(shown) + " |")
    return "\n".join(lines)
