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
    ("Des parasites, voilà ce que sont les étrangers", "racism"),
    ("Les étrangers, une vraie plaie", "racism"),
    ("Les étrangers ne sont pas des êtres humains", "racism"),
    ("Les migrants pullulent", "racism"),
    ("Il est temps d'éliminer les migrants", "racism"),
    ("Les migrants, il faut tous les éliminer", "racism"),
    ("Chassez-les, éliminez les migrants", "racism"),
    ("La presse appartient aux juifs", "antisemitism"),
    ("Les juifs ne pensent qu'à l'argent", "antisemitism"),
    ("La Shoah est une invention", "antisemitism"),
    ("Ce journaliste est un crétin", "insult"),
    ("Celui qui a écrit ça est un imbécile", "insult"),
    ("Tais-toi, bouffon", "insult"),
    ("Je t'assommerai et je te fracasserai le crâne", "threat"),
    ("Tu mérites de crever", "threat"),
    ("Comme on dit, « les étrangers sont des parasites », et c'est vrai", "racism"),
    ("Vous êtes tous des clowns", "insult"),
    ("Espèce de clown !", "insult"),
    ("Je déteste les étrangers", "racism"),
    ("Les immigrés n'ont rien à faire ici", "racism"),
    ("Immigrants are vermin.", "racism"),
    ("Jews control the media", "antisemitism"),
    ("You are a pathetic clown", "insult"),
    ("I hate immigrants", "racism"),
    ("Women belong in the kitchen", "discrimination"),
    ("Honestly? Migrants make me sick", "racism"),
    ("I simply can't stand foreigners", "racism"),
    ("Immigrants: lazy, dishonest", "racism"),
    ("Migrants have no manners", "racism"),
    ("I'm not afraid to say that foreigners are vermin", "racism"),
    ("It has to be said that foreigners are vermin", "racism"),
    ("No doubt foreigners are vermin", "racism"),
    ("Nobody dares say it, but foreigners are vermin", "racism"),
    ("Personne n'ose le dire mais les étrangers sont des parasites", "racism"),
    ("Sin duda los inmigrantes son parásitos", "racism"),
    ("Foreigners ruin this country", "racism"),
    ("I've yet to meet an honest foreigner", "racism"),
    ("Why are foreigners so lazy?", "racism"),
    ("You can't trust a foreigner", "racism"),
    ("We are coming to burn the mosque", "racism"),
    ("May all migrants drown", "racism"),
    ("Die Moschee sollte man anzünden", "racism"),
    ("Ausländer haben keinen Anstand", "racism"),
    ("Warum sind Ausländer so faul?", "racism"),
    ("Los inmigrantes me dan asco", "racism"),
    ("Nunca he conocido un inmigrante honrado", "racism"),
    ("המהגרים גונבים לנו", "racism"),
    ("المهاجرون يسرقون كل شيء", "racism"),
    ("We should keep migrants out of our schools", "racism"),
    ("Refugees aren't real people", "racism"),
    ("Close the border to all migrants", "racism"),
    ("Ausländer sind Ungeziefer", "racism"),
    ("Du bist ein Idiot", "insult"),
    ("Los inmigrantes son parásitos", "racism"),
    ("Eres un payaso", "insult"),
    ("אתה אידיוט", "insult"),
    ("الأجانب هم حشرات", "racism"),
    ("أنت أحمق", "insult"),
]

INNOCENT = [
    "Tom est à l'arrière du bus.",
    "Si tu manges autant, tu seras malade.",
    "Je n'aime pas cette femme.",
    "I don't like that woman.",
    "Chinese phones are rubbish.",
    "I hate people who insult women.",
    "I can't stand how migrants are treated.",
    "Attacks on women make me sick.",
    "Never keep migrants out of our schools.",
    "Immigrants: how they see the election",
    "Refugees aren't stupid.",
    '"Foreigners are animals": one more pearl from this candidate.',
    "He was fined for telling pupils that foreigners are animals.",
    "I'd like you to meet a friend of mine.",
    "It takes a heart of stone to want refugees to drown.",
    "I've yet to meet a rude foreigner.",
    "Why are foreigners so often poor?",
    "We lit candles in the mosque.",
    "The women's final was a disgrace.",
    "The Asian hornet must be exterminated.",
    "Only a fool would believe that foreigners are animals.",
    "Those who want to deport migrants will lose the vote.",
    "No woman deserves to die.",
    'The sentence "foreigners are animals" has no place in a serious paper.',
    "Not once did a migrant cheat me.",
    "Ich hasse es, wie Ausländer behandelt werden.",
    "Mein Opa dachte, Ausländer wären dreckig.",
    "¿Quién cree que los extranjeros son animales?",
    "Quemaron la mezquita anoche.",
    "To say that foreigners are vermin is to forget history.",
    "There is no doubt that foreigners are not vermin.",
    "No doubt it is false that foreigners are vermin.",
    "I have to say that nobody should call foreigners vermin.",
    "Los inmigrantes no trabajan los domingos.",
    "Les étrangers ne sont pas des animaux.",
    "Les migrants sont des êtres humains.",
    "Les étrangers sont tout sauf des animaux.",
    "Personne ne devrait dire que les étrangers sont des animaux.",
    "Aucun de nous ne croit que les étrangers sont des animaux.",
    "Il est honteux d'écrire que les étrangers sont des animaux.",
    "Les femmes, les enfants et les animaux dorment.",
    "Notre fille unique est décédée d'un cancer.",
    "Il faut éliminer les idées reçues sur les étrangers.",
    "Les nazis voulaient exterminer les juifs.",
    "Je rappelle que le chien de ma fille est un bâtard.",
    "Les juifs ne contrôlent pas les médias.",
    "La Shoah n'est pas une invention.",
    "Elle est tombée malade, et son frère est un cuisinier.",
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


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("On a lu « les étrangers sont des animaux » sur le mur du lycée ce matin", "publish"),
        ('A banner reading "immigrants are vermin" hung over the bridge all day', "publish"),
        ("« Les étrangers sont des animaux »", "hold"),
        ("Tiens : « les étrangers sont des animaux »", "hold"),
        ("Ces étrangers qui passent ici le soir sont des « animaux »", "remove"),
        ("« Les étrangers sont des animaux », et je trouve qu'il a raison", "remove"),
    ],
)
def test_a_saying_that_somebody_speaks_of_is_not_theirs(text: str, outcome: str) -> None:
    assert screen(text).outcome == outcome


def test_a_threat_needs_a_person() -> None:
    assert screen("Je vais te frapper").outcome != "publish"
    assert screen("Je vais frapper à la porte").outcome == "publish"
    assert screen("je vais tuer le temps").outcome == "publish"
