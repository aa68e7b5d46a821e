"""Labels that a text settles by itself, and how much each label of each row weighs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources

import numpy as np
import numpy.typing as npt

from comity.screening.model.marks import marked_words
from comity.screening.training.rows import HEADS, Row

__all__ = ["balance", "mark_antisemitism"]

_ORIGIN_WEIGHTS = {"frame": 2.0}
"""Our own wordings count twice: on sentences of another hand, hatred in French was then told better by two points."""
_EVEN = frozenset({"hate", "toxicity", "spam"})
"""Heads that are read by themselves: the even chance of what is rarer would flag too much."""


def _jewish_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds, in words with a blank before each, one for Jews, and any that a text about Jews may hold instead."""
    text = resources.files("comity.screening.training").joinpath("data/jewish_words.txt").read_text("utf-8")
    people, _, around = text.partition("; around\n")
    lists = [tuple(line for line in part.splitlines() if not line.startswith(";")) for part in (people, around)]
    people_first = "|".join(map(re.escape, lists[0]))
    around_them = "|".join(map(re.escape, lists[1]))
    return re.compile(f" (?:{people_first})"), re.compile(f" (?:{people_first}|{around_them})")


def mark_antisemitism(rows: Sequence[Row]) -> list[Row]:
    """Rows with the antisemitism label filled in where the text alone settles it.

    Hatred of somebody else is not antisemitism: without such rows the head would learn to fire on all hatred.
    """
    people, about = _jewish_words()
    out: list[Row] = []
    for row in rows:
        label = row.labels[5]
        if label is None:
            words = " " + " ".join(marked_words(row.text).words)
            if not about.search(words):
                label = 0.0
            elif row.source.startswith("grammar") and row.labels[0] == 1 and people.search(words):
                label = 1.0
        out.append(row if label == row.labels[5] else replace(row, labels=(*row.labels[:5], label, row.labels[6])))
    return out


def balance(rows: Sequence[Row]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Labels and weights, one column a head; weight 0 where a label is missing.

    Within each language and origin both classes of a head weigh the same (no class is multiplied by more than four):
    otherwise fluent French, mostly innocent among the rows, would count as innocence.
    """
    labels = np.array([[np.nan if v is None else v for v in row.labels] for row in rows], dtype=np.float32)
    given = [row.weight * _ORIGIN_WEIGHTS.get(row.origin, 1.0) for row in rows]
    weights = np.array(given, dtype=np.float32)[:, None] * ~np.isnan(labels)
    labels = np.nan_to_num(labels)
    cells = Counter((row.language, row.origin) for row in rows)
    names = {cell: number for number, cell in enumerate(sorted(cells))}
    cell_of = np.array([names[row.language, row.origin] for row in rows])
    for number in range(len(names)):
        inside = np.flatnonzero(cell_of == number)
        for head in range(len(HEADS)):
            column = weights[inside, head]
            positive = labels[inside, head] > 0.5
            one, zero = float(column[positive].sum()), float(column[~positive].sum())
            if not one or not zero:
                continue
            share = 0.5 if HEADS[head] in _EVEN else 0.3
            wanted = (one + zero) * share
            up = min(max(wanted / one, 0.25), 4.0)
            down = min(max((one + zero - wanted) / zero, 0.25), 4.0)
            weights[inside, head] = np.where(positive, column * up, column * down)
    return labels, weights.astype(np.float32)
