"""Statements that refuse a group its worth or name it without a verb, told from the same words said otherwise."""

from __future__ import annotations

import pytest

from comity.screening.detectors.statements import StatementsDetector
from comity.screening.explain import for_moderator
from tests.screening.screened import RULES, found_by, screen

HOSTILE = [
    ("Les étrangers ne sont pas honnêtes.", "racism"),
    ("Aucune femme n'est digne de confiance.", "discrimination"),
    ("Un étranger honnête, ça n'existe pas.", "racism"),
    ("Aucun migrant ne mérite d'être écouté.", "racism"),
    ("Les migrants, franchement, je les déteste.", "racism"),
    ("Que tous les migrants disparaissent.", "racism"),
    ("Les migrants, ces parasites, sont partout.", "racism"),
    ("Des menteurs, voilà ce que sont les étrangers.", "racism"),
    ("Mon voisin est étranger, donc il vit à nos crochets.", "racism"),
    ("Pourquoi les étrangers sont-ils si sales ?", "racism"),
    ("Les étrangers, tous des menteurs.", "racism"),
    ("Vous ne trouverez pas d'étranger honnête.", "racism"),
    ("Un étranger qui travaille, ça n'existe pas.", "racism"),
    ("Il n'y a qu'une solution pour les migrants : le peloton.", "racism"),
    ("Vivement que la mer emporte les migrants.", "racism"),
    ("Je vais casser la figure à un étranger.", "racism"),
    ("Encore un coup de ces (((messieurs))) de la radio", "antisemitism"),
    ("Le juif ne pense qu'à l'argent.", "antisemitism"),
]
INNOCENT = [
    "Les étrangers ne sont pas tous riches.",
    "Aucune femme n'est obligée de répondre.",
    "Il est faux de dire que les étrangers ne sont pas honnêtes.",
    "Un étranger honnête m'a rendu mes clés.",
    "Aucun migrant ne mérite d'être insulté.",
    "Aucun migrant ne mérite de mourir.",
    "Les moustiques, franchement, je les déteste.",
    "Il est triste que les migrants disparaissent en mer.",
    "Que les migrants disparaissent en mer est une honte.",
    "J'espère que les migrants ne souffrent pas du froid.",
    "Les soldats israéliens contrôlent la frontière et la presse.",
    "Encore un juif agressé à Paris.",
    "Ah (((2+3)*4)*5) font cent :)))",
    "Le Talmud compte des milliers de pages.",
    "Soros finance une université à Vienne.",
    "Ma fille est une vraie peste en ce moment.",
    "Les étrangers ne sont pas tous honnêtes.",
    "Je n'aime pas les films de femmes battues.",
    "Les migrants, ces voisins discrets, sont partout.",
    "Les migrants ne nous envahissent pas.",
    "Les étrangers, tous des voisins.",
    "Vous trouverez un étranger honnête à la gare.",
    "Un étranger qui travaille ici m'a aidé.",
    "Il n'y a qu'une solution pour les migrants : un toit.",
    "La mer emporte les migrants, quel drame.",
    "Je vais casser la tirelire pour un étranger.",
    "Personne ne devrait frapper les étrangers.",
    "Les étrangers expulsés de leur logement dorment à la mairie.",
    "Si tu étais ma femme, je me pendrais.",
    "Rien ne permet d'affirmer que les étrangers sont des voleurs.",
]


@pytest.mark.parametrize(("text", "category"), HOSTILE)
def test_refusing_a_group_its_worth_is_found(text: str, category: str) -> None:
    found = {one.category: one.score for one in found_by(StatementsDetector(), text)}
    assert found.get(category, 0.0) >= 0.66


@pytest.mark.parametrize("language", ["fr", "en", "he", "ar", "es", "de"])
def test_moderators_read_what_was_found_in_their_language(language: str) -> None:
    for text in (HOSTILE[0][0], "Aliens steal our jobs."):
        codes = {code for one in found_by(StatementsDetector(), text) for code in one.evidence}
        assert codes
        said = " ".join(for_moderator(screen(text), RULES, language))
        assert not [code for code in codes if code in said]


@pytest.mark.parametrize("text", INNOCENT)
def test_the_same_words_said_otherwise_are_not(text: str) -> None:
    assert all(one.score < 0.5 for one in found_by(StatementsDetector(), text))
    assert screen(text).outcome == "publish"
