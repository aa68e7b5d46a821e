"""Features of one text and of many at once are the same features."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.screening.model.hashing import (
    CHARACTER_BITS,
    WORD_BITS,
    character_features,
    lay_out,
    word_features,
)
from comity.screening.model.tokens import tokenise
from comity.screening.model.word_rows import ROW_BITS, word_rows

texts = st.lists(st.text(alphabet="abcé «».'?! juifspas", max_size=40), min_size=1, max_size=6)


@settings(deadline=None)
@given(texts)
def test_many_texts_at_once_give_what_each_gives_alone(many: list[str]) -> None:
    tokens = [tokenise(text) for text in many]
    together = lay_out(tokens)
    for features in (character_features, word_features):
        numbers, owner, _ = features(together)
        for place, alone in enumerate(tokens):
            assert sorted(numbers[owner == place].tolist()) == sorted(features(lay_out([alone]))[0].tolist())


@settings(deadline=None)
@given(st.lists(st.text(alphabet="abcdeéü", min_size=1, max_size=12), min_size=1, max_size=8))
def test_rows_of_words_do_not_depend_on_their_neighbours(words: list[str]) -> None:
    rows, starts = word_rows(words)
    bounds = [*starts.tolist(), len(rows)]
    for place, word in enumerate(words):
        assert rows[bounds[place] : bounds[place + 1]].tolist() == word_rows([word])[0].tolist()


def test_numbers_stay_in_their_tables() -> None:
    tokens = tokenise("Un texte ordinaire, avec « des guillemets », et une question ?")
    layout = lay_out([tokens])
    assert character_features(layout)[0].max() < 1 << CHARACTER_BITS
    assert word_features(layout)[0].max() < 1 << WORD_BITS
    rows, starts = word_rows(tokens.words)
    half = 1 << (ROW_BITS - 1)
    assert all(rows[start] < half for start in starts)
    assert half <= rows.max() < 2 * half


def test_every_character_run_belongs_to_a_word() -> None:
    tokens = tokenise("trois petits mots")
    layout = lay_out([tokens])
    places = character_features(layout)[2]
    words = layout.word_of(places)
    assert set(words.tolist()) == {0, 1, 2}


# What the weights were trained on: other numbers would ask for another training.
HASHED = {"word": 229359947, "characters": 2742945550, "words": 1088868932, "rows": 94841326}


def by_text(numbers: np.ndarray, owner: np.ndarray, place: np.ndarray) -> np.ndarray:
    order = np.argsort(owner, kind="stable")
    return np.concatenate((numbers[order], owner[order], place[order]))


def test_the_numbers_are_those_that_the_weights_were_trained_with() -> None:
    tokens = [tokenise(text) for text in ("", "Il a dit « non » aux juifs ?", "a", "un deux, pas trois")]
    layout = lay_out(tokens)
    found = {
        "word": layout.word,
        "characters": by_text(*character_features(layout)),
        "words": by_text(*word_features(layout)),
        "rows": word_rows(("un", "deux", "é"))[0],
    }
    assert {name: crc32(numbers.astype("<i8").tobytes()) for name, numbers in found.items()} == HASHED
