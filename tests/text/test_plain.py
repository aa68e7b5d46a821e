"""Cleaning, cutting, direction and look-alike names."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.text import plain

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=[]), max_size=300)
BIDI_TEXT = st.text(alphabet="aא\n \u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", max_size=60)
MARKED_TEXT = st.text(alphabet="ae\u0301\u0323\u0344\u0f73\u0958\u1e69\u034f\u05b7", max_size=120)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("  bonjour \n", "bonjour"),
        ("a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("a\x00b\x07c\x1b[31md\x7fe\x9ff", "abc[31mdef"),
        ("a\tb", "a\tb"),
        ("\ufeffbonjour", "bonjour"),
        ("e\u0301te\u0301", "\u00e9t\u00e9"),
        ("prix\u202eeuros 05\u202c fin", "prixeuros 05 fin"),
        ("\u202aa\u202b\u202db", "ab"),
        ("שלום\u200f (1948)", "שלום\u200f (1948)"),
        ("a\u200eb", "a\u200eb"),
        ("\u2067שלום\u2069 ok", "\u2067שלום\u2069 ok"),
        ("ouvert \u2067jamais clos", "ouvert jamais clos"),
        ("clos\u2069 sans ouvrir", "clos sans ouvrir"),
        ("\u2067a\nb\u2069", "a\nb"),
        ("\u2066a\u2067b\u2069", "a\u2067b\u2069"),
        ("moitié \ud83d seule", "moitié \ufffd seule"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("", ""),
        ("\x00\u202e", ""),
    ],
)
def test_clean(source: str, expected: str) -> None:
    assert plain.clean(source) == expected


@given(st.one_of(ANY_TEXT, BIDI_TEXT, MARKED_TEXT))
def test_cleaning_twice_changes_nothing(source: str) -> None:
    once = plain.clean(source)
    assert plain.clean(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(each) == "Cc" and each not in "\n\t" for each in once)
    assert not set(once) & set("\u202a\u202b\u202c\u202d\u202e")


@given(BIDI_TEXT)
def test_isolates_are_closed_on_their_line(source: str) -> None:
    for line in plain.clean(source).split("\n"):
        depth = 0
        for character in line:
            depth += character in "\u2066\u2067\u2068"
            depth -= character == "\u2069"
            assert depth >= 0
        assert depth == 0


def test_thousands_of_marks_on_one_letter_take_no_time() -> None:
    source = "a" + "\u0301\u0323" * 100_000
    started = time.process_time()
    cleaned = plain.clean(source)
    assert time.process_time() - started < 5
    assert unicodedata.normalize("NFD", cleaned).count("\u0323") == 100_000


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("court", 10, "court"),
        ("deux\n\nlignes  ici", 40, "deux lignes ici"),
        ("la trêve tiendra peut-être", 16, "la trêve…"),
        ("la trêve tiendra, dit-on", 18, "la trêve tiendra…"),
        ("anticonstitutionnellement", 10, "anticonst…"),
        ("ab\u0323\u0323cd", 4, "a…"),
        ("a\U0001f468\u200d\U0001f469\u200d\U0001f467b", 4, "a…"),
        ("abc", 1, "…"),
        ("\u2067שלום עולם\u2069 fin", 6, "שלום…"),
    ],
)
def test_excerpt(text: str, length: int, expected: str) -> None:
    assert plain.excerpt(text, length) == expected


@given(ANY_TEXT, st.integers(min_value=1, max_value=50))
def test_an_excerpt_is_never_longer_and_on_one_line(text: str, length: int) -> None:
    cut = plain.excerpt(plain.clean(text), length)
    assert len(cut) <= length
    assert len(cut.splitlines()) <= 1


def test_an_excerpt_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        plain.excerpt("a", 0)


def test_characters_are_code_points() -> None:
    assert plain.count_characters("été") == 3
    assert plain.count_characters("\U0001f468\u200d\U0001f469") == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bonjour", "ltr"),
        ("שלום", "rtl"),
        ("مرحبا", "rtl"),
        ("« 2016 » : שלום", "rtl"),
        ("1948, la fin", "ltr"),
        ("\u200fBonjour", "rtl"),
        ("\u2067שלום\u2069 Bonjour", "ltr"),
        ("\u2067שלום\nBonjour", "ltr"),
        ("12 + 30 = 42 !", "auto"),
        ("", "auto"),
    ],
)
def test_direction(text: str, expected: str) -> None:
    assert plain.direction(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rédaction", "redaction"),
        ("Rédaction", "RÉDACTION"),
        ("La Rédaction", "La-Rédaction"),
        ("La Rédaction", "La  Rédac\u200btion"),
        ("Rédaction", "Ｒédaction"),
        ("Rédaction", "Rédасtіоn"),  # Cyrillic a, c, i, o
        ("Rédaction", "R3d4cti0n"),
        ("Rédaction", "𝓡édaction"),
        ("Hanna", "ΗΑΝΝΑ"),  # Greek capitals
        ("Hanna", "Ηanna"),  # a Greek capital among Latin letters
        ("Νίκη", "ΝΙΚΗ"),  # a Greek name in both cases
        ("Мария", "МАРИЯ"),
        ("Ilan", "llan"),
        ("Ilan", "1lan"),
        ("Marc", "Μarc"),  # Greek capital mu
        ("Myriam Cohen", "Myriam  COHEN."),
        ("Bernard", "Bemard"),
        ("משה", "מֹשֶׁה"),
        ("Groß", "GROSS"),
        ("Cœur", "Coeur"),
        ("Agent 7", "Agent ٧"),
    ],
)
def test_names_that_look_alike_fold_alike(one: str, other: str) -> None:
    assert plain.fold_name(one) == plain.fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna", "Hanna"), ("Боб", "Вов"), ("משה", "משא"), ("Paul", "Paula"), ("राम", "रीम"), ("محمد", "محمود")],
)
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    assert plain.fold_name(one) != plain.fold_name(other)


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=60))
def test_folding_twice_changes_nothing(name: str) -> None:
    once = plain.fold_name(name)
    assert plain.fold_name(once) == once


@given(st.text(alphabet="ηνυΗΝΥнвпгНВПГaZ iI1lrnvv'", max_size=20))
def test_folding_mixed_scripts_twice_changes_nothing(name: str) -> None:
    once = plain.fold_name(name)
    assert plain.fold_name(once) == once


def test_every_character_that_has_a_shape_of_its_own_can_be_folded() -> None:
    # The letters without case are the bulk of Unicode, fold to themselves, and are drawn by the tests above.
    for code in range(0x110000):
        if unicodedata.category(chr(code)) not in {"Cn", "Co", "Cs", "Lo"}:
            once = plain.fold_name(chr(code))
            assert plain.fold_name(once) == once, hex(code)
