"""Sentences in six languages, made from findings and never from the text."""

from __future__ import annotations

import pytest

from comity.screening.explain import for_author, for_log, for_moderator
from comity.screening.house_rules import CATEGORIES, LANGUAGES
from comity.screening.types import Citation, Decision, Field, Finding, Outcome
from tests.screening.screened import RULES, screen

HIDDEN = "mirabelle"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_has_its_sentence(language: str) -> None:
    said = set()
    for text in (f"Vous êtes un crétin {HIDDEN}", f"Espèce de crétin ! {HIDDEN}", f"Bonjour {HIDDEN}"):
        decision = screen(text)
        author = for_author(decision, RULES, language)
        assert author
        said.add(author)
        for sentence in (author, *for_moderator(decision, RULES, language), for_log(decision, RULES, language)):
            assert HIDDEN not in sentence
            assert "{" not in sentence
    assert len(said) >= 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_has_a_name(language: str, category: str) -> None:
    finding = Finding(category, 0.5, "lexicon", ((0, 1),), ("x",))
    decision = Decision(Outcome.PUBLISH, "fr", (finding,))
    (sentence,) = for_moderator(decision, RULES, language)
    assert not sentence.startswith(category)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", ["remove", "hold", "mark", "advise"])
def test_every_citation_has_a_sentence(language: str, outcome: str) -> None:
    decision = Decision(Outcome.PUBLISH, "fr", citations=(Citation("insult", 1, outcome),))
    assert RULES.rules[3].title[language] in for_moderator(decision, RULES, language)[0]


def test_a_removal_says_its_rule_its_ground_and_how_to_object() -> None:
    decision = screen("Espèce de crétin !")
    assert decision.outcome is Outcome.REMOVE
    said = for_author(decision, RULES, "fr")
    assert "retiré d’office par un moyen automatique" in said
    assert "Injure" in said
    assert "Loi du 29 juillet 1881, articles 29 et 33" in said
    assert "contester" in said


def test_advice_before_posting() -> None:
    decision = Decision(Outcome.PUBLISH, "fr", citations=(Citation("insult", 1, "advise"),))
    assert for_author(decision, RULES, "fr").startswith("Avant de publier")


def test_a_failed_check_is_told() -> None:
    decision = Decision(Outcome.HOLD, "fr", notes=("detector_failed:links", "signal:bidi"))
    assert "vérification" in for_author(decision, RULES, "fr")
    said = for_moderator(decision, RULES, "fr")
    assert "links" in said[0]
    assert "sens d’écriture" in said[1]


def test_where_a_finding_stands_and_unknown_languages() -> None:
    finding = Finding("insult", 0.9, "lexicon", ((0, 2),), (), Field.AUTHOR_NAME)
    decision = Decision(Outcome.PUBLISH, "fr", (finding,))
    assert "dans le nom" in for_moderator(decision, RULES, "fr")[0]
    assert "in the name" in for_moderator(decision, RULES, "fi")[0]
    assert for_moderator(Decision(Outcome.PUBLISH, "fr"), RULES, "en") == ("Nothing was noticed.",)


def test_french_has_its_narrow_spaces() -> None:
    for text in ("Espèce de crétin !", "Vous êtes un crétin", "06 12 34 56 78"):
        decision = screen(text)
        said = " ".join((for_author(decision, RULES, "fr"), *for_moderator(decision, RULES, "fr")))
        for sign in ":;!?":
            assert f" {sign}" not in said
        assert "« " not in said
        assert " »" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_are_told_in_words(language: str) -> None:
    texts = ("Espèce de clown !", "Les étrangers sont des parasites", "Jean Dupuis est un escroc", "06 98 76 54 32")
    for text in texts:
        for sentence in for_moderator(screen(text), RULES, language):
            assert "_" not in sentence, sentence


def test_every_language_has_words_for_the_same_codes() -> None:
    from comity.screening.explain import _tables

    tables = _tables()
    for part in ("evidence", "detectors", "categories"):
        codes = {language: set(tables[language][part]) for language in LANGUAGES}
        assert all(codes[language] == codes["en"] for language in LANGUAGES)
