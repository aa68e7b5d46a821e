"""Views of a text and their maps back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.screening.folding import fold_word
from comity.screening.normalise import prepare


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("Éléphant", ["elephant"]),
        ("Cœur, ŒUF", ["coeur", "oeuf"]),
        ("Straße", ["strasse"]),
        ("ﬁn", ["fin"]),
        ("Ｂｏｎｊｏｕｒ", ["bonjour"]),
        ("𝓫𝓸𝓷𝓳𝓸𝓾𝓻", ["bonjour"]),
        ("🅱🅾🅽", ["bon"]),
        ("bon\u200bjour", ["bonjour"]),
        ("bon\u00adjour", ["bonjour"]),
        ("bon\u202ejour", ["bonjour"]),
        ("l’été", ["l", "ete"]),
        ("שָׁלוֹם", ["שלום"]),
        ("كــتــاب", ["كتاب"]),
        ("كِتَابٌ", ["كتاب"]),
        ("أمة", ["امه"]),
        ("pаpа", ["papa"]),  # with two Cyrillic letters
        ("", []),
        ("\x00\ud800", []),
    ],
)
def test_words_are_folded(raw: str, words: list[str]) -> None:
    assert list(prepare(raw).words) == words


def test_honest_words_of_another_script_are_left_alone() -> None:
    assert list(prepare("мама мыла раму").words) == ["мама", "мыла", "раму"]


@pytest.mark.parametrize(
    ("raw", "signal"),
    [("a\u202eb", "bidi"), ("a\u200bb", "invisible"), ("раpа bonjour madame", "mixed_script")],
)
def test_what_hides_is_a_signal(raw: str, signal: str) -> None:
    assert signal in prepare(raw).signals


def test_an_ordinary_text_gives_no_signal() -> None:
    assert not prepare("Une famille 👩‍👩‍👧 ❤️ à l’été, « oui ».").signals


def test_spans_lead_back_to_the_original() -> None:
    raw = "ﬁn de l\u200b’é\u0301té"
    text = prepare(raw)
    start, end = text.word_span(0)
    assert raw[start:end] == "ﬁn"
    start, end = text.word_span(3)
    assert raw[start:end].startswith("é")


@pytest.mark.parametrize(
    ("raw", "sentences"),
    [
        ("Bonjour. Merci", [0, 1]),
        ("M. Dupont dort", [0, 0, 0]),
        ("Oui ! Non ?", [0, 1]),
        ("a\nb", [0, 1]),
        ("trois virgule cinq 3.5", [0, 0, 0, 0, 0]),
    ],
)
def test_sentences(raw: str, sentences: list[int]) -> None:
    assert list(prepare(raw).sentence_of) == sentences


@pytest.mark.parametrize(
    ("raw", "quoted"),
    [
        ("il dit « bonjour madame » ici", {2, 3}),
        ('he said "good day". She said "bye".', {2, 3, 6}),
        ('an open " mark is nothing', set()),
        ('open " here. And " there', set()),
        ("„guten Tag“ sagte er", {0, 1}),
    ],
)
def test_quoted_words(raw: str, quoted: set[int]) -> None:
    assert set(prepare(raw).quoted) == quoted


def test_each_sentence_has_its_language() -> None:
    text = prepare("Je ne sais pas ce que vous voulez. This is what they have said. אני לא יודע")
    assert text.languages == ("fr", "en", "he")
    assert prepare("xyz", "pt-BR").language == "pt"
    assert prepare("xyz").language == "und"


@given(st.text(max_size=400))
def test_any_text_is_prepared_with_spans_inside_it(raw: str) -> None:
    text = prepare(raw)
    assert len(text.words) == len(text.folded_spans) == len(text.sentence_of)
    for number in range(len(text.words)):
        start, end = text.word_span(number)
        assert 0 <= start < end <= len(raw)
    for start, end in text.skeleton.spans:
        first, last = text.raw_span(start, end)
        assert 0 <= first <= last <= len(raw)
    assert len(text.skeleton.spans) == len(text.skeleton.starts) == len(text.skeleton.altered)


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing(raw: str) -> None:
    once = prepare(raw)
    assert prepare(once.folded).folded == once.folded
    assert fold_word(fold_word(raw)) == fold_word(raw)
