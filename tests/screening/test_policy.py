"""What the rules make of the findings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.screening.house_rules import CATEGORIES, HouseRules, parse, shipped, values_template, with_overrides
from comity.screening.policy import DECISIONS_BEFORE_VALUES_REMOVE, decide
from comity.screening.types import Finding, Outcome

KINDS = {name: name for name in ("words", "statement", "model", "learned", "facts", "watch", "mention", "back_end")}
STRICTNESS = {Outcome.PUBLISH: 0, Outcome.HOLD: 1, Outcome.REMOVE: 2}


def outcome_of(*findings: tuple[str, float, str], rules: HouseRules | None = None, failed: bool = False) -> Outcome:
    made = [Finding(category, score, kind) for category, score, kind in findings]
    return decide(made, rules or shipped(), KINDS, failed)[0]


@pytest.mark.parametrize(
    ("findings", "outcome"),
    [
        ([], Outcome.PUBLISH),
        ([("insult", 0.69, "words")], Outcome.PUBLISH),
        ([("insult", 0.7, "words")], Outcome.HOLD),
        ([("insult", 0.99, "words")], Outcome.HOLD),
        ([("insult", 0.99, "model")], Outcome.HOLD),
        ([("insult", 0.75, "model")], Outcome.PUBLISH),
        ([("insult", 0.75, "model"), ("insult", 0.45, "words")], Outcome.HOLD),
        ([("insult", 0.75, "model"), ("insult", 0.2, "words")], Outcome.PUBLISH),
        ([("insult", 0.9, "words"), ("insult", 0.6, "model")], Outcome.REMOVE),
        ([("insult", 0.9, "words"), ("toxicity", 0.6, "model")], Outcome.REMOVE),
        ([("insult", 0.9, "words"), ("insult", 0.4, "model")], Outcome.HOLD),
        ([("insult", 0.9, "statement")], Outcome.REMOVE),
        ([("toxicity", 0.99, "model")], Outcome.PUBLISH),
        ([("toxicity", 0.99, "model"), ("insult", 0.35, "model")], Outcome.HOLD),
        ([("spam", 0.99, "model")], Outcome.PUBLISH),
        ([("spam", 0.99, "model"), ("spam", 0.3, "facts")], Outcome.PUBLISH),
        ([("values", 0.99, "watch"), ("insult", 0.99, "watch")], Outcome.PUBLISH),
        ([("spam", 0.99, "model"), ("spam", 0.45, "facts")], Outcome.HOLD),
        ([("defamation", 0.99, "facts")], Outcome.HOLD),
        ([("obscenity", 0.99, "words"), ("obscenity", 0.99, "model")], Outcome.HOLD),
        ([("personal_data", 0.97, "facts")], Outcome.HOLD),
        ([("personal_data", 0.45, "facts")], Outcome.PUBLISH),
        ([("spam", 0.98, "facts")], Outcome.REMOVE),
        ([("hate", 0.9, "model")], Outcome.HOLD),
        ([("hate", 0.7, "model"), ("racism", 0.02, "mention")], Outcome.PUBLISH),
        ([("hate", 0.7, "model"), ("racism", 0.4, "mention")], Outcome.HOLD),
        ([("hate", 0.89, "model"), ("racism", 0.4, "mention")], Outcome.HOLD),
        ([("hate", 0.91, "model"), ("racism", 0.4, "mention")], Outcome.REMOVE),
        ([("hate", 0.99, "model"), ("racism", 0.02, "mention")], Outcome.HOLD),
        ([("racism", 0.4, "mention")], Outcome.PUBLISH),
        ([("antisemitism", 0.45, "watch")], Outcome.PUBLISH),
        ([("values", 0.99, "words")], Outcome.PUBLISH),
    ],
)
def test_outcomes(findings: list[tuple[str, float, str]], outcome: Outcome) -> None:
    assert outcome_of(*findings) is outcome


def test_a_failure_holds_and_does_not_soften() -> None:
    assert outcome_of(failed=True) is Outcome.HOLD
    assert outcome_of(("insult", 0.9, "statement"), failed=True) is Outcome.REMOVE


def test_hatred_goes_to_the_rule_of_the_group_that_is_named() -> None:
    rules = shipped()
    for category, key in (("antisemitism", "antisemitism"), ("discrimination", "discrimination"), ("racism", "racism")):
        findings = [Finding("hate", 0.9, "model"), Finding(category, 0.02, "mention")]
        assert decide(findings, rules, KINDS, False)[1][0].rule_key == key
    assert decide([Finding("hate", 0.9, "model")], rules, KINDS, False)[1][0].rule_key == "racism"


def test_citations_name_the_findings_they_rest_on() -> None:
    findings = [Finding("spam", 0.1, "facts"), Finding("threat", 0.9, "words"), Finding("insult", 0.75, "words")]
    _, citations = decide(findings, shipped(), KINDS, False)
    assert [(one.rule_key, one.outcome, one.findings) for one in citations] == [
        ("threat", "hold", (1,)),
        ("insult", "hold", (2,)),
    ]


def test_a_disabled_rule_asks_for_nothing() -> None:
    document = shipped().to_document()
    for rule in document["rules"]:
        rule["enabled"] = False
    assert outcome_of(("insult", 0.99, "statement"), rules=HouseRules.from_document(document)) is Outcome.PUBLISH


def test_a_values_rule_only_holds_until_people_taught_it() -> None:
    template = values_template().replace('outcome = "hold"', 'outcome = "remove"\nneeds = ["learned"]')
    rules = with_overrides(shipped(), parse(template).rules)
    findings = [Finding("values", 0.95, "learned")]
    for taught, outcome in (
        ({}, Outcome.HOLD),
        ({"values": DECISIONS_BEFORE_VALUES_REMOVE - 1}, Outcome.HOLD),
        ({"values": DECISIONS_BEFORE_VALUES_REMOVE}, Outcome.REMOVE),
    ):
        assert decide(findings, rules, KINDS, False, taught)[0] is outcome


some_findings = st.lists(
    st.builds(
        Finding,
        category=st.sampled_from(CATEGORIES),
        score=st.floats(0, 1),
        detector=st.sampled_from(sorted(KINDS)),
    ),
    max_size=8,
)


@given(some_findings, some_findings)
def test_more_findings_never_make_a_milder_outcome(some: list[Finding], more: list[Finding]) -> None:
    fewer = decide(some, shipped(), KINDS, False)[0]
    all_of_them = decide([*some, *more], shipped(), KINDS, False)[0]
    assert STRICTNESS[all_of_them] >= STRICTNESS[fewer]


@given(some_findings)
def test_a_machine_removes_only_where_two_kinds_or_a_statement_agree(findings: list[Finding]) -> None:
    outcome, citations = decide(findings, shipped(), KINDS, False)
    if outcome is Outcome.REMOVE:
        met = [findings[index] for index in citations[0].findings]
        kinds = {one.detector for one in met if one.score >= 0.5}
        sure = any(one.detector in ("model", "learned") and one.score >= 0.6 for one in met)
        hostile = any(one.detector == "mention" and one.score >= 0.4 for one in met)
        assert kinds & {"statement", "facts"} or (sure and ("words" in kinds or hostile))
