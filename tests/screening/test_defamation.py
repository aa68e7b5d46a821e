"""A named person beside an accusation waits for a reader; it is never removed by a machine."""

from __future__ import annotations

import pytest

from tests.screening.screened import screen


@pytest.mark.parametrize(
    "text",
    [
        "Jean Dupuis est un escroc",
        "Le maire Durand tape dans la caisse",
        "L'adjoint Claude Roux touche des pots-de-vin",
        "Peter Hansen beats his wife",
        "Tout le monde sait que le maire Durand a touché des pots-de-vin",
        "Madame Lefranc bat son chien et c'est une voleuse",
        "John Smithson is a crook",
        "Everyone knows that Mayor Brownley took bribes",
        "Herr Müller ist ein Betrüger",
        "El alcalde Pérez es un corrupto",
    ],
)
def test_an_accusation_waits(text: str) -> None:
    decision = screen(text)
    assert decision.outcome == "hold"
    assert "defamation" in {citation.rule_key for citation in decision.citations}


@pytest.mark.parametrize(
    "text",
    [
        "Jean Dupuis n'est pas un escroc",
        "Le procès de Jean Dupuis pour détournement de fonds s'ouvre lundi",
        "Selon le parquet, Marc Leroy serait un trafiquant",
        "Marc Leroy a été mis en examen pour corruption",
        "Jean Dupuis lutte contre la corruption",
        "Le commissaire Maigret arrête l'assassin",
        "John Smithson wrote a book about corruption",
        "A court found John Smithson guilty of fraud",
        "Jean Dupuis a été condamné par le tribunal pour fraude fiscale",
        "Les voleurs courent toujours dans la ville",
        "Jean Dupuis a écrit un beau livre sur la mer",
        "Victor Hugo a écrit Les Misérables",
        "La corruption est un fléau dans bien des pays",
        "It is not true that John Smithson is a crook",
    ],
)
def test_other_sentences_do_not(text: str) -> None:
    assert screen(text).outcome == "publish"
