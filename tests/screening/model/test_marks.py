"""Scope of each word: quoted, denied, a group, a question."""

from __future__ import annotations

import pytest

from comity.screening.model.marks import GROUP, NEGATED, NEGATION, QUESTION, QUOTED, SECOND, SPEECH, mark_words
from comity.screening.model.tokens import tokenise

TABLE = [
    ("il dit « les trains sont lents » hier", QUOTED, {"les", "trains", "sont", "lents"}),
    ('he said "trains are slow" again', QUOTED, {"trains", "are", "slow"}),
    ("un guillemet « jamais fermé", QUOTED, set()),
    ("les trains ne sont pas lents", NEGATED, {"sont", "pas", "lents"}),
    ("trains aren't slow, I swear", NEGATED, {"slow"}),
    ("je ne sais pas. les trains sont lents", NEGATED, {"sais", "pas"}),
    ("les femmes et les voisins", GROUP, {"femmes"}),
    ("il affirme que vous venez", SPEECH, {"affirme"}),
    ("il affirme que vous venez", SECOND, {"vous"}),
    ("no trains today", NEGATION, {"no"}),
    ("les trains ?", QUESTION, {"les", "trains", "?"}),
]


@pytest.mark.parametrize(("text", "bit", "marked"), TABLE)
def test_marked_words(text: str, bit: int, marked: set[str]) -> None:
    tokens = tokenise(text)
    assert {word for word, mark in zip(tokens.words, mark_words(tokens), strict=True) if mark & bit} == marked
