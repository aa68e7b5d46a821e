"""Sentences of our own, written one by one: dev only, so that the scale and the figures rest on more than patterns."""

from __future__ import annotations

from importlib import resources

from comity.screening.training.rows import HEADS, Row

__all__ = ["own_words"]

_RAISED = {
    "antisemitic": "antisemitism",
    "insult": "insult",
    "threat": "threat",
    "personal_threat": "threat",
}
"""The head that a family raises besides hate and toxicity."""


def own_words() -> list[Row]:
    """The sentences of `data/own_words.tsv`, with the labels that their family settles."""
    text = resources.files("comity.screening.training").joinpath("data/own_words.tsv").read_text("utf-8")
    rows: list[Row] = []
    for line in text.splitlines():
        if line.startswith(";"):
            continue
        language, family, hate, toxicity, sentence = line.split("\t")
        known: dict[str, float] = {"hate": float(hate), "spam": 0.0}
        if toxicity != r"\N":
            known["toxicity"] = float(toxicity)
            if toxicity == "0":
                known.update(dict.fromkeys(HEADS, 0.0))
        if family in _RAISED:
            known[_RAISED[family]] = 1.0
        labels = tuple(known.get(head) for head in HEADS)
        rows.append(Row(sentence, language, f"own_{language}", "own", 1.0, labels, True, f"own {family}"))
    return rows
