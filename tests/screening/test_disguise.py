"""Words in disguise are still found, plain words never by their skeleton."""

from __future__ import annotations

import pytest

from tests.screening.screened import screen

MILD = ("crétin", "abruti", "imbéciles heureux")


def test_the_words_of_this_table_are_held_when_plain() -> None:
    for word in MILD:
        assert screen(f"vous êtes {word}").outcome != "publish"


@pytest.mark.parametrize(
    "disguised",
    [
        "c r é t i n",
        "c.r.é.t.i.n",
        "c-r-é-t-i-n",
        "c_r_é_t_i_n",
        "c r e t i n",
        "cr3t1n",
        "cr€tin",
        "¢rétin",
        "(r3tin",
        "ϲrétіn",  # Greek lunate sigma, Ukrainian i
        "crééééétiiiin",
        "CRETIN",
        "crе́tin",  # Cyrillic ie with an acute
        "сrétin",  # Cyrillic es
        "cré\u200btin",
        "cr\u00adétin",
        "ｃｒｅｔｉｎ",
        "𝐜𝐫𝐞𝐭𝐢𝐧",
        "🅲🆁🅴🆃🅸🅽",
        "c*étin",
        "cr*tin",
        "abrut1",
        "@bruti",
        "a b r u t i",
        "abruuuuti",
    ],
)
def test_a_disguised_insult_is_not_published(disguised: str) -> None:
    text = f"Vous êtes un {disguised} monsieur"
    decision = screen(text)
    assert decision.outcome != "publish"
    for finding in decision.findings:
        for start, end in finding.spans:
            assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    "innocent",
    [
        "Rendez-vous à 20h le 1er mai, entrée 3€, covid19 ou R2D2.",
        "A, B, C, D : choisissez une réponse.",
        "Y a-t-il un train à 7h30 ? L'a-t-on dit ?",
        "Noooon, c'est géniaaaal !!!",
        "Le 5 à 7 de la S.N.C.F., de l'O.N.U. et de l'U.E.",
        "Mon mail n'est pas ici, voir www.example.org/a.b.c",
        "50% de 1 000 = 500 ; 2*3+4",
        "#jesuischarlie #laicite",
        "C'est un marathon-relais, peut-être sous-estimé",
    ],
)
def test_ordinary_signs_are_no_disguise(innocent: str) -> None:
    assert screen(innocent).outcome == "publish"
