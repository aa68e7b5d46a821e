"""The values of a publication: its editor's words and examples."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.screening.engine import Engine
from comity.screening.house_rules import HouseRule as Rule
from comity.screening.house_rules import HouseRules, parse, shipped, values_template, with_overrides
from comity.screening.learning import Lesson, replay
from comity.screening.types import Decision, Submission
from tests.screening.screened import LINE

BAD = (
    "On raconte que la voisine du troisième trompe son mari",
    "La boulangère aurait quitté son mari pour le facteur",
    "Il paraît que le fils du pharmacien a des dettes de jeu",
)
GOOD = (
    "La voisine du troisième organise une collecte pour les sinistrés",
    "La boulangère propose du pain au levain",
    "Le fils du pharmacien a obtenu son diplôme",
)


def rules(outcome: str = "hold", **changes: object) -> HouseRules:
    (template,) = parse(values_template()).rules
    rule = replace(template, outcome=outcome, bad_examples=BAD, good_examples=GOOD, words=("ragot bien juteux",))  # type: ignore[arg-type]  # the tests give known outcome words
    return with_overrides(shipped(), [replace(rule, **changes)])  # type: ignore[arg-type]  # fields are named by the tests


def screen(text: str, house_rules: HouseRules, engine: Engine | None = None) -> Decision:
    return (engine or Engine(LINE)).screen(Submission(text), house_rules)


@pytest.mark.parametrize(
    "text",
    ["On raconte que la voisine trompe son mari avec le facteur", "Voilà un ragot bien juteux", BAD[2]],
)
def test_what_resembles_a_bad_example_is_held(text: str) -> None:
    decision = screen(text, rules())
    assert decision.outcome == "hold"
    assert decision.citations[0].rule_key == "values"


@pytest.mark.parametrize(
    "text",
    [
        GOOD[0],
        "La boulangère propose un bon pain",
        "Le Parlement examine la réforme des retraites.",
        "Ma voisine est charmante",
    ],
)
def test_what_does_not_is_published(text: str) -> None:
    assert screen(text, rules()).outcome == "publish"


def test_other_rules_do_not_know_these_words() -> None:
    assert screen("Voilà un ragot bien juteux", shipped()).outcome == "publish"


def test_a_changed_rule_is_read_anew() -> None:
    engine = Engine(LINE)
    assert screen("Voilà un ragot bien juteux", rules(), engine).outcome == "hold"
    assert screen("Voilà un ragot bien juteux", rules(words=()), engine).outcome == "publish"


def test_it_only_holds_until_thirty_people_decided() -> None:
    strict = rules("remove", needs=("learned",), thresholds={"hold": 0.6, "remove": 0.6})
    text = BAD[0]

    def after(count: int) -> str:
        lessons = [Lesson(text, frozenset({"values"})), Lesson(GOOD[0], spared=frozenset({"values"}))] * count
        head = replay(lessons[:count])
        return screen(text, strict, Engine(LINE, site_head=lambda: head)).outcome

    assert after(29) == "hold"
    assert after(30) == "remove"


def test_a_rule_s_own_words_speak_for_that_rule_alone() -> None:
    """Two rules of one category: each is met by its own words, and not by the other's."""
    mild = Rule.from_document({**_MILD, "key": "mild", "outcome": "advise", "thresholds": {"advise": 0.5}})
    strict = Rule.from_document({**_MILD, "key": "strict", "words": ["flibustier"], "thresholds": {"hold": 0.6}})
    rules = with_overrides(shipped(), [mild, strict])
    decision = Engine().screen(Submission("Saperlipopette, quelle recette."), rules)
    assert [(each.rule_key, each.outcome) for each in decision.citations] == [("mild", "advise")]
    assert Engine().screen(Submission("Un flibustier, dit-on."), rules).outcome == "hold"


_MILD = {
    "title": {"en": "Tone"},
    "text": {"en": "Calm."},
    "ground": {"kind": "terms", "reference": {"en": "Terms"}},
    "categories": ["values"],
    "words": ["saperlipopette"],
}
