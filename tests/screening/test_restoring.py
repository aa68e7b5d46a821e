"""Whole statements in disguise are read as what they say; ordinary signs and long words are left as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.screening.disguise import skeleton_form
from comity.screening.known_words import vocabularies
from comity.screening.normalise import prepare
from comity.screening.restoring import _words_in, restored_of
from tests.screening.screened import screen

PLAIN = {
    "fr": [
        "Les étrangers sont des parasites",
        "Vous êtes un imbécile",
        "Espèce de clown",
        "Les juifs contrôlent la presse",
    ],
    "en": ["Immigrants are parasites", "You are an idiot", "Foreigners are vermin", "Jews control the media"],
}
HEBREW = ("אתה אידיוט", "המהגרים הם חיות")
ARABIC = ("أنت غبي", "الأجانب هم حشرات")


def spaced(text: str) -> str:
    return " ".join(text)


def dotted(text: str) -> str:
    return " ".join(".".join(word) for word in text.split())


def starred(text: str) -> str:
    return " ".join(f"{word[:2]}*{word[3:]}" if len(word) > 4 else word for word in text.split())


def figures(text: str) -> str:
    return text.translate(str.maketrans("aeio", "4310"))


def stretched(text: str) -> str:
    return " ".join(f"{word[:2]}{word[2] * 4}{word[3:]}" if len(word) > 4 else word for word in text.split())


DISGUISES = (spaced, dotted, starred, figures, stretched)


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("text", [text for texts in PLAIN.values() for text in texts])
def test_a_statement_in_disguise_is_not_published(text: str, disguise: object) -> None:
    assert callable(disguise)
    hidden = disguise(text)
    decision = screen(hidden)
    assert decision.outcome != "publish", hidden
    for finding in decision.findings:
        for start, end in finding.spans:
            assert 0 <= start < end <= len(hidden)


@pytest.mark.parametrize("disguise", [spaced, dotted, starred, stretched], ids=lambda one: one.__name__)
@pytest.mark.parametrize("text", HEBREW + ARABIC)
def test_other_scripts_too(text: str, disguise: object) -> None:
    assert callable(disguise)
    assert screen(disguise(text)).outcome != "publish", disguise(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lesétrangerssontdesparasites", "les etrangers sont des parasites"),
        ("v o u s  ê t e s  u n  c l o w n", "vous etes un clown"),
        ("Vous êtes un imb*cile", "vous etes un imbecile"),
        ("Vous êtes un imb#cile", "vous etes un imbecile"),
        ("j'v*is parler", "j vais parler"),
    ],
)
def test_what_is_read(text: str, words: str) -> None:
    restored = restored_of(prepare(text, "fr"))
    assert restored is not None
    assert " ".join(restored.words) == words


@pytest.mark.parametrize(
    "text",
    [
        "Nous sommes souvent inconsciemment influencés par la publicité.",
        "Que coûte la construction d'une maison ?",
        "Les Maliens sont nos concitoyens.",
        "L'anticonstitutionnalité et l'hexakosioihexekontahexaphobie sont des mots.",
        "Die Rindfleischetikettierungsüberwachung ist eine Aufgabe.",
    ],
)
def test_long_words_are_words(text: str) -> None:
    assert restored_of(prepare(text)) is None
    assert screen(text).outcome == "publish"


def test_a_quotation_in_disguise_is_one() -> None:
    assert screen("Il a écrit « les étr*ngers sont des par*sites » et le maire l'a condamné.").outcome == "publish"


@given(st.text(alphabet="abé*.#'\" -4@!?\nשא", max_size=60))
def test_spans_stay_inside_for_any_signs(text: str) -> None:
    restored = restored_of(prepare(text))
    if restored is not None:
        assert len(restored.words) == len(restored.folded_spans) == len(restored.sentence_of)
        for number in range(len(restored.words)):
            start, end = restored.word_span(number)
            assert 0 <= start <= end <= len(text)


@given(
    st.lists(
        st.sampled_from(
            ["vous", "etes", "un", "idiot", "idioot", "quel", "cinq", "u", "qu", "x", "je", "tueerr", "zz"]
        ),
        max_size=8,
    ),
    st.booleans(),
)
def test_every_known_word_in_letters_is_found(pieces: list[str], exact: bool) -> None:
    letters = "".join(pieces)
    vocabulary = vocabularies()["fr"]
    costs, by_skeleton = vocabulary.costs, vocabulary.by_skeleton
    found = [(start, end, cost, word) for end, ways in enumerate(_words_in(letters, vocabulary, exact=exact))
             for start, cost, word in ways]  # fmt: skip
    expected = []
    for end in range(len(letters) + 1):
        for start in range(max(0, end - 20), end):
            word = letters[start:end]
            known = by_skeleton.get(skeleton_form(word)) if len(word) > 3 and not exact else None
            if word in costs:
                expected.append((start, end, costs[word], word))
            elif known is not None:
                expected.append((start, end, costs[known] + 0.5, known))
    assert found == expected


def test_letters_drawn_out_are_read_as_the_word() -> None:
    restored = restored_of(prepare("v o u s   e t e s   u n   i i i d i o o o o t"))
    assert restored is not None
    assert restored.words == ("vous", "etes", "un", "idiot")
