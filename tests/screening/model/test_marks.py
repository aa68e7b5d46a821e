"""Scope of each word: quoted, denied, a group, a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.screening.model.marks import (
    GROUP,
    NEGATED,
    NEGATION,
    QUESTION,
    QUOTED,
    SECOND,
    SPEECH,
    mark_words,
    marked_words,
)
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


@given(
    st.lists(
        st.sampled_from(
            [
                *("mot", "l'homme", "ne", "pas", "don't", "!", "?", "!!", "«", "»", '"', "a", "b", "c", "d.", "e,"),
                *("tr0is", "a4@t", "looong", "@nom", "http://a.fr/b", "é", "x" * 50, "…", "_", "juifs", "4@4", "\n"),
            ]
        ),
        max_size=14,
    )
)
def test_words_remembered_are_read_as_new_ones_are(pieces: list[str]) -> None:
    text = " ".join(pieces)
    tokens = tokenise(text)
    read = marked_words(text)
    assert (tuple(read.words), read.marks) == (tokens.words, mark_words(tokens))


@given(st.text(max_size=60))
def test_any_text_is_read_likewise_whether_remembered_or_not(text: str) -> None:
    tokens = tokenise(text)
    for _ in range(2):
        read = marked_words(text)
        assert (tuple(read.words), read.marks) == (tokens.words, mark_words(tokens))
