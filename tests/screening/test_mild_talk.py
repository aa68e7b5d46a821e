"""Strong words about things, oneself or nobody are ordinary talk: the whole line and its model publish them."""

from __future__ import annotations

import pytest

from comity.screening.engine import Engine
from comity.screening.types import Outcome, Submission
from tests.screening.screened import ENGINE, RULES

WHOLE = Engine()

FRENCH = [
    "C'est nul.",
    "C'est complètement nul !",
    "C'est idiot.",
    "Ce film est une horreur.",
    "Cette loi est débile.",
    "Quelle bande d'escrocs ces banques",
    "Quelle honte !",
    "Ce match était minable.",
    "Cette réforme est une catastrophe.",
    "Vous racontez n'importe quoi.",
    "Votre raisonnement est absurde.",
    "Le ministre est incompétent.",
    "Le maire est un menteur.",
    "On nous prend pour des idiots.",
    "Arrêtez de nous prendre pour des imbéciles.",
    "Je suis trop bête, j'ai raté le train.",
    "Quel idiot je fais !",
    "L'Idiot de Dostoïevski est un roman.",
    "Il fait un temps de chien.",
    "Les rats envahissent le métro.",
    "Le blaireau est un animal protégé.",
    "Des cornichons et de l'andouille, s'il vous plaît.",
    "La dinde de Noël est cuite.",
    "Je vais te tuer de rire.",
    "Vous allez mourir de rire.",
    "Je vais vous retrouver à midi au café.",
    "À quelle heure as-tu fermé la boutique ?",
    "J'étais en retard pour le rendez-vous.",
    "Les cheveux de papa sont devenus gris.",
    "D'après ce qu'on dit, son père serait mort à l'étranger.",
    "Je n'ai pratiquement pas de livres anglais.",
    "Les femmes sont plus touchées par ce cancer.",
    "Les singes et les hommes ont un ancêtre commun.",
    "La peste noire a traversé l'Europe.",
]
ENGLISH = [
    "This film is rubbish.",
    "It's a dumb idea.",
    "That law is stupid.",
    "What a fool I was.",
    "The banks are crooks.",
    "You're dead right about that.",
    "You will die laughing.",
    "You will die of hunger if you wait for that bus.",
    "Do slugs die if you pour salt on them?",
    "The dumb waiter is stuck.",
    "Are you a dog person or a cat person?",
    "Man is the only animal that makes fire.",
    "Where did you find such an ugly hat?",
    "The food made you sick.",
    "He missed the last train and was late.",
]


@pytest.mark.parametrize("text", FRENCH + ENGLISH)
def test_mild_talk_is_published_by_words_and_statements(text: str) -> None:
    decision = ENGINE.screen(Submission(text), RULES)
    assert decision.outcome is Outcome.PUBLISH, decision.findings


@pytest.mark.parametrize("language", [None, "fr"])
def test_mild_french_is_published_by_the_whole_line(language: str | None) -> None:
    held = [text for text in FRENCH if WHOLE.screen(Submission(text, language), RULES).outcome is not Outcome.PUBLISH]
    assert len(held) <= 4, held  # the model misjudges two, and weighs as much as a weak word in two more
