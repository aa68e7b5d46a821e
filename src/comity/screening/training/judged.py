"""Sentences that people wrote to judge the engine, who had not seen what it is trained on: dev only.

`judged_open.tsv` was read by those who mended the engine, and counts in the scale like our own sentences;
`judged_kept_apart.tsv` was read by nobody until the weights were made, and serves the figures alone. A line is
`language family hate toxicity insult threat antisemitism spam text`; labels are 1, 0 or `-` where nobody was asked.
"""

from __future__ import annotations

from importlib import resources

from comity.screening.training.rows import HEADS, Row

__all__ = ["judged_rows"]

_LABELS = ("hate", "toxicity", "insult", "threat", "antisemitism", "spam")
_FILES = (("judged_open", "own"), ("judged_kept_apart", "apart"))
"""File -> origin of its rows."""


def judged_rows() -> list[Row]:
    """The sentences of both files."""
    rows: list[Row] = []
    for name, origin in _FILES:
        text = resources.files("comity.screening.training").joinpath(f"data/{name}.tsv").read_text("utf-8")
        for line in text.splitlines():
            if line.startswith(";"):
                continue
            language, family, *told, sentence = line.split("\t")
            known = {head: float(label) for head, label in zip(_LABELS, told, strict=True) if label != "-"}
            labels = tuple(known.get(head) for head in HEADS)
            rows.append(Row(sentence, language, f"{name}_{language}", origin, 1.0, labels, True, f"{name} {family}"))
    return rows
