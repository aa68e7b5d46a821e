"""Folding, finding and cutting, by table and by property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.text.searching import TERMS_MAXIMUM, WORD_MAXIMUM, excerpt_around, marked, terms_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’été, déjà !", "l ete deja"),
        ("Cœur d'ŒUVRE", "coeur d oeuvre"),
        ("STRASSE Straße", "strasse strasse"),
        ("e\u0301t\u0065\u0301", "ete"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("İstanbul ılık", "istanbul ilik"),
        ("snake_case 3,5", "snake case 3 5"),
        ("… — !", ""),
        ("x" * 100, "x" * WORD_MAXIMUM),
    ],
)
def test_words(text: str, words: str) -> None:
    assert words_of(text) == words


def test_terms_are_each_once_and_few() -> None:
    assert terms_of("Été ETE hiver") == ("ete", "hiver")
    assert len(terms_of(" ".join(f"mot{number}" for number in range(20)))) == TERMS_MAXIMUM
    assert terms_of('"; -*') == ()


def test_what_is_found_is_the_word_as_it_was_written() -> None:
    pieces = marked("Les étés d’Élise", terms_of("ete elise"))
    assert [piece.text for piece in pieces if piece.found] == ["étés", "Élise"]


def test_the_excerpt_holds_what_was_found() -> None:
    text = "mot " * 200 + "trêve " + "mot " * 200
    excerpt = excerpt_around(text, ("treve",), length=80)
    assert "trêve" in excerpt
    assert excerpt.startswith("…")
    assert excerpt.endswith("…")
    assert len(excerpt) <= 82


def test_an_excerpt_does_not_begin_with_what_ended_the_words_left_out() -> None:
    text = "Avant cela, rien de plus à dire\u00a0; " + "mot " * 5 + ": trêve " + "mot " * 40
    begins = {excerpt_around(text, ("treve",), length=length)[1] for length in range(20, 80)}
    assert begins.isdisjoint(" \u00a0,;:")


@given(st.text(), st.lists(st.text(min_size=1, max_size=6), max_size=4))
def test_pieces_joined_are_the_text(text: str, asked: list[str]) -> None:
    pieces = marked(text, terms_of(" ".join(asked)))
    assert "".join(piece.text for piece in pieces) == text


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert words_of(words_of(text)) == words_of(text)


@given(st.text(max_size=400), st.text(min_size=1, max_size=8), st.integers(min_value=20, max_value=120))
def test_an_excerpt_is_never_longer_than_asked(text: str, query: str, length: int) -> None:
    assert len(excerpt_around(text, terms_of(query), length=length)) <= length + 2


@given(st.text(min_size=1, max_size=30).filter(lambda word: bool(terms_of(word))))
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    assert any(piece.found for piece in marked(text, terms_of(text)))
