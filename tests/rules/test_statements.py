from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules.reasons import Source
from comity.rules.statements import Facts, short_reason, state_reasons, statement_language
from comity.screening.house_rules import CATEGORIES, LANGUAGES, shipped

TABLES = tomllib.loads(resources.files("comity.rules").joinpath("statements.toml").read_text("utf-8"))
INSULT = shipped().rule("insult")
SPAM = shipped().rule("spam")


def test_every_language_says_the_same_things_with_the_same_blanks() -> None:
    assert set(TABLES) == set(LANGUAGES)
    for table in TABLES.values():
        assert set(table) == set(TABLES["en"])
        for name, sentence in table.items():
            blanks = [sorted(re.findall(r"\{\w+\}", each)) for each in (sentence, TABLES["en"][name])]
            assert blanks[0] == blanks[1]


def test_french_has_its_typography() -> None:
    for sentence in TABLES["fr"].values():
        assert "'" not in sentence
        assert not re.search(r"[^\u202f][;?!»]|«[^\u202f]|[^\u00a0]:", sentence)


@pytest.mark.parametrize(
    ("tags", "language"),
    [(("fr-CA", "en"), "fr"), (("und", "he"), "he"), (("pt", "it"), "en"), (("AR", "fr"), "ar"), ((), "en")],
)
def test_the_comments_own_language_is_spoken(tags: tuple[str, ...], language: str) -> None:
    assert statement_language(*tags) == language


def _text(facts: Facts, language: str = "fr", until: str = "1er novembre 2026") -> str:
    made = state_reasons(facts, language=language, appeal_until=until)
    return "\n".join([made.title, *(line for heading, lines in made.parts for line in (heading, *lines))])


def test_a_removal_by_the_machine_on_a_legal_ground() -> None:
    text = _text(
        Facts(
            outcome="remove",
            by_machine=True,
            source=Source.MACHINE,
            rule=INSULT,
            categories=("insult", "toxicity"),
            check_failed=False,
        )
    )
    for said in (
        "Motifs du retrait de votre commentaire",
        "n’est plus montré à personne d’autre que vous",
        "Injure, Agressivité",
        "repéré par un moyen automatique",
        "prise par un moyen automatique",
        "Règle «\u202fInjure\u202f»",
        "Fondement légal",
        "Loi du 29 juillet 1881, articles 29 et 33",
        "Jusqu’au 1er novembre 2026",
        "règlement extrajudiciaire",
    ):
        assert said in text


def test_a_removal_by_a_person_after_a_report_on_the_sites_terms() -> None:
    text = _text(
        Facts(outcome="remove", by_machine=False, source=Source.REPORT, rule=SPAM, categories=(), check_failed=False)
    )
    for said in (
        "a été signalé",
        "Qui l’a signalé n’est pas révélé",
        "prise par une personne",
        "Fondement contractuel",
    ):
        assert said in text
    assert "automatique" not in text


def test_what_waits_because_a_check_failed_or_the_newsroom_reads_first() -> None:
    failed = Facts(outcome="hold", by_machine=True, source=Source.MACHINE, rule=None, categories=(), check_failed=True)
    first = Facts(outcome="hold", by_machine=True, source=Source.MACHINE, rule=None, categories=(), check_failed=False)
    assert "n’a pas pu se faire" in _text(failed, until="")
    assert "lus par la rédaction avant de paraître" in _text(first, until="")
    assert "repéré" not in _text(first, until="")
    assert "Vous n’avez rien à faire" in _text(first, until="")
    assert (
        short_reason(first, language="fr")
        == "Les commentaires de cet article sont lus par la rédaction avant de paraître."
    )


@given(
    st.sampled_from(["remove", "hold"]),
    st.booleans(),
    st.sampled_from(list(Source)),
    st.sampled_from([None, *shipped().rules]),
    st.lists(st.sampled_from(CATEGORIES), max_size=3),
    st.booleans(),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["", "1 May"]),
)
def test_every_statement_says_what_why_on_which_ground_and_how_to_object(
    outcome: str,
    by_machine: bool,
    source: Source,
    rule: object,
    categories: list[str],
    failed: bool,
    language: str,
    until: str,
) -> None:
    facts = Facts(
        outcome=outcome,
        by_machine=by_machine,
        source=source,
        rule=rule,  # type: ignore[arg-type]  # a rule or None
        categories=categories,
        check_failed=failed,
    )
    made = state_reasons(facts, language=language, appeal_until=until)
    assert [heading for heading, _ in made.parts] == [
        TABLES[language][name] for name in ("restricted", "facts", "ground", "redress")
    ]
    for _, sentences in made.parts:
        assert sentences
        assert not any("{" in sentence for sentence in sentences)
    assert short_reason(facts, language=language)
