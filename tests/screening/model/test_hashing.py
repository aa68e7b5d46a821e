"""Features of one text and of many at once are the same features."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.screening.model.hashing import (
    CHARACTER_BITS,
    ROW_BITS,
    WORD_BITS,
    character_features,
    lay_out,
    word_features,
    word_rows,
)
from comity.screening.model.tokens import tokenise

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


@settings(deadline=None)
@given(texts)
def test_rows_of_laid_out_words_are_those_of_the_words(many: list[str]) -> None:
    tokens = [tokenise(text) for text in many]
    words = [word for one in tokens for word in one.words]
    layout = lay_out(tokens)
    character_features(layout)
    chosen = list(range(0, len(words), 2))
    if chosen:
        rows, starts = layout.rows_of(chosen)
        expected, expected_starts = word_rows([words[place] for place in chosen])
        assert rows.tolist() == expected.tolist()
        assert starts.tolist() == expected_starts.tolist()
