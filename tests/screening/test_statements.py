"""Hostile statements are told from the same words said otherwise. The mildest wordings that prove the point."""

from __future__ import annotations

import pytest

from comity.screening.detectors.statements import StatementsDetector
from tests.screening.screened import found_by, screen

HOSTILE = [
    ("Les étrangers sont des animaux.", "racism"),
    ("Ces migrants sont tous des parasites", "racism"),
    ("Les femmes sont inférieures, ce sont des bêtes", "discrimination"),
    ("Les juifs contrôlent les médias", "antisemitism"),
    ("Tu es un idiot.", "insult"),
    ("Vous êtes tous des clowns", "insult"),
    ("Espèce de clown !", "insult"),
    ("Je déteste les étrangers", "racism"),
    ("Les immigrés n'ont rien à faire ici", "racism"),
    ("Immigrants are vermin.", "racism"),
    ("Jews control the media", "antisemitism"),
    ("You are a pathetic clown", "insult"),
    ("I hate immigrants", "racism"),
    ("Women belong in the kitchen", "discrimination"),
    ("Ausländer sind Ungeziefer", "racism"),
    ("Du bist ein Idiot", "insult"),
    ("Los inmigrantes son parásitos", "racism"),
    ("Eres un payaso", "insult"),
    ("אתה אידיוט", "insult"),
    ("الأجانب هم حشرات", "racism"),
    ("أنت أحمق", "insult"),
]

INNOCENT = [
    "Les étrangers ne sont pas des animaux.",
    "Les migrants sont des êtres humains.",
    "Les femmes sont nombreuses à aimer les animaux.",
    "Les juifs célèbrent Hanoucca cette semaine.",
    "Les Arabes chrétiens d'Orient lisent les mêmes journaux.",
    "Tu n'es pas un idiot.",
    "Le ministre a condamné ceux qui disent « les étrangers sont des animaux ».",
    "La banderole « les juifs contrôlent les médias » est un cliché antisémite.",
    "Je déteste les embouteillages",
    "On m'a traité de « clown » et j'ai porté plainte.",
    "Immigrants are not vermin.",
    "Jewish families celebrate in the city.",
    'He wrote that "immigrants are vermin" and was condemned for it.',
    "Stop saying that women belong in the kitchen: it is sexist.",
    "I hate Mondays",
    "You are not a clown",
    "Ausländer sind kein Ungeziefer",
    "Los inmigrantes no son parásitos",
    "אתה לא אידיוט",
]


@pytest.mark.parametrize(("text", "category"), HOSTILE)
def test_hostile_statements_are_not_published(text: str, category: str) -> None:
    findings = found_by(StatementsDetector(), text)
    assert category in {finding.category for finding in findings}, findings
    assert screen(text).outcome != "publish"


@pytest.mark.parametrize("text", INNOCENT)
def test_the_same_words_otherwise_are_published(text: str) -> None:
    decision = screen(text)
    assert decision.outcome == "publish", decision.findings


@pytest.mark.parametrize(
    "text", ["Quel idiot je suis !", "What a fool I was", "Suis-je un idiot ?", "j'ai été bien bête et idiot"]
)
def test_speaking_ill_of_oneself_is_allowed(text: str) -> None:
    assert screen(text).outcome == "publish"


def test_a_threat_needs_a_person() -> None:
    assert screen("Je vais te frapper").outcome != "publish"
    assert screen("Je vais frapper à la porte").outcome == "publish"
    assert screen("je vais tuer le temps").outcome == "publish"
