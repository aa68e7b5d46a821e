"""Words of a text and their places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.screening.model.tokens import BOUNDARY, DISGUISED, tokenise

TEXTS = [
    ("L’été, c'est « bien »", ["l'", "ete", "c'", "est", "«", "bien", "»"]),
    ("Don't go", ["don't", "go"]),
    ("b o n j o u r", ["bonjour"]),
    ("b.o.n.j.o.u.r toi", ["bonjour", "toi"]),
    ("1 2 3 4 5, mot", ["1", "2", "3", "4", "5", "mot"]),
    ("mot b o n j o u r 1 2 3 4", ["mot", "bonjouri2ea"]),
    ("b0nj0ur", ["bonjour"]),
    ("$alut", ["salut"]),
    ("saaaalut", ["saalut"]),
    ("sa\u200blut", ["salut"]),
    ("s\u0430lut", ["salut"]),  # a Cyrillic letter
    ("мир", ["мир"]),
    ("le 3ème à 15€, 100km", ["le", "3eme", "a", "15", "100km"]),
    ("voir http://exemple.test/a?b=1 @jean", ["voir", "<url>", "<user>"]),
    ("cœur", ["coeur"]),
    ("ﬁn", ["fin"]),
    ("!!! ???", ["!", "?"]),
    ("שָׁלוֹם", ["שלום"]),
    ("سَلَام", ["سلام"]),
    ("🙂", ["🙂"]),
    ("", []),
    (" \u0301\u200b ", []),
]


@pytest.mark.parametrize(("text", "words"), TEXTS, ids=[repr(text) for text, _ in TEXTS])
def test_words(text: str, words: list[str]) -> None:
    assert list(tokenise(text).words) == words


def test_places_are_in_the_original_text() -> None:
    text = "Le cœ\u200bur, puis b o n j o u r !"
    tokens = tokenise(text)
    pieces = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    assert pieces == ["Le", "cœ\u200bur", "puis", "b o n j o u r", "!"]


def test_marks_of_clauses_and_disguise() -> None:
    marks = tokenise("un deux, tr0is").marks
    assert marks == (BOUNDARY, 0, BOUNDARY | DISGUISED)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_words_in_order_inside_it(text: str) -> None:
    tokens = tokenise(text)
    assert len(tokens.words) == len(tokens.starts) == len(tokens.ends) == len(tokens.marks)
    assert all(tokens.words)
    assert not any(" " in word for word in tokens.words)
    assert list(tokens.starts) == sorted(tokens.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(tokens.starts, tokens.ends, strict=True))


@settings(deadline=None)
@given(st.text(alphabet="abc éàœ.'’-", max_size=80))
def test_case_and_accents_do_not_matter(text: str) -> None:
    assert tokenise(text).words == tokenise(text.upper()).words
