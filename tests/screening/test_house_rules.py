"""House rules: the notice, the documents, the errors with their lines."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import pytest

from comity.screening.house_rules import (
    CATEGORIES,
    LANGUAGES,
    OUTCOMES,
    HouseRule,
    HouseRules,
    HouseRulesError,
    parse,
    sentence,
    shipped,
    values_template,
    with_overrides,
)

RULE = """format = 1
[[rule]]
key = "calm"
categories = ["toxicity"]
outcome = "hold"
thresholds = { hold = 0.6 }
[rule.title]
en = "Calm"
[rule.text]
en = "Keep calm."
[rule.ground]
kind = "terms"
[rule.ground.reference]
en = "House rules, calm"
"""


def values_rule(words: str) -> HouseRule:
    return replace(parse(values_template()).rules[0], sentence={"fr": words, "en": "that goes against it"})


def test_the_founding_sentence() -> None:
    rules = with_overrides(shipped(), [values_rule("qui contrevient à la morale juive")])
    assert sentence(rules, "fr") == (
        "La rédaction retirera d’office tout commentaire antisémite, raciste, diffamatoire ou injurieux, "
        "ou qui contrevient à la morale juive."
    )


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", "La rédaction retirera d’office tout commentaire antisémite, raciste, diffamatoire ou injurieux."),
        (
            "en",
            "The editors will remove as a matter of course any comment that is antisemitic, racist, defamatory or "
            "insulting.",
        ),
        ("he", "המערכת תסיר מיוזמתה כל תגובה אנטישמית, גזענית, משמיצה או מעליבה."),
        ("ar", "ستحذف هيئة التحرير من تلقاء نفسها كل تعليق معادٍ للسامية أو عنصري أو تشهيري أو مسيء."),
        ("es", "La redacción retirará de oficio todo comentario antisemita, racista, difamatorio o injurioso."),
        (
            "de",
            "Die Redaktion entfernt von sich aus jeden Kommentar, der antisemitisch, rassistisch, verleumderisch "
            "oder beleidigend ist.",
        ),
        ("fr-CA", "La rédaction retirera d’office tout commentaire antisémite, raciste, diffamatoire ou injurieux."),
    ],
)
def test_the_notice_in_six_languages(language: str, written: str) -> None:
    assert sentence(shipped(), language) == written


def test_an_unknown_language_reads_the_english_notice() -> None:
    assert sentence(shipped(), "fi") == sentence(shipped(), "en")


def test_only_flagged_and_enabled_rules_take_part() -> None:
    only = HouseRules((replace(shipped().rules[0], enabled=False), shipped().rules[1]), "x")
    assert sentence(only, "fr") == "La rédaction retirera d’office tout commentaire raciste."
    assert sentence(HouseRules((), "x"), "fr") == ""
    clause = HouseRules((values_rule("qui déplaît"),), "x")
    assert sentence(clause, "fr") == "La rédaction retirera d’office tout commentaire qui déplaît."
    euphony = HouseRules((replace(shipped().rules[0]), replace(shipped().rules[1], sentence={"es": "obsceno"})), "x")
    assert sentence(euphony, "es").endswith("antisemita u obsceno.")


def test_braces_in_an_editors_words_are_only_words() -> None:
    odd = HouseRules((replace(shipped().rules[0], sentence={"fr": "{clauses}{0}"}),), "x")
    assert "{clauses}{0}" in sentence(odd, "fr")


def test_the_shipped_rules_are_complete() -> None:
    keys = [rule.key for rule in shipped().rules]
    assert len(keys) == len(set(keys)) == 9
    covered = {category for rule in shipped().rules for category in (*rule.categories, *rule.also)}
    assert covered == set(CATEGORIES) - {"values"}
    for rule in shipped().rules:
        for texts in (rule.title, rule.text, rule.ground.reference, *([rule.sentence] if rule.in_sentence else [])):
            assert set(texts) == set(LANGUAGES), rule.key
        strictest = OUTCOMES.index(rule.outcome)
        assert all(OUTCOMES.index(word) >= strictest for word in rule.thresholds), rule.key  # type: ignore[arg-type]  # thresholds are keyed by outcome words


def test_documents_come_back_equal() -> None:
    stored = json.loads(json.dumps(shipped().to_document()))
    assert HouseRules.from_document(stored) == shipped()
    for rule in shipped().rules:
        assert HouseRule.from_document(json.loads(json.dumps(rule.to_document()))) == rule
    assert pickle.loads(pickle.dumps(shipped())) == shipped()


def test_overrides_replace_by_key_and_change_the_version() -> None:
    stricter = replace(shipped().rules[0], version=2, thresholds={"hold": 0.4, "remove": 0.8})
    rules = with_overrides(shipped(), [stricter, values_rule("qui déplaît")])
    assert rules.rule("antisemitism") == stricter
    assert [rule.key for rule in rules.rules][-1] == "values"
    assert rules.version != shipped().version
    assert with_overrides(shipped(), [shipped().rules[0]]) is shipped()
    assert with_overrides(rules, [shipped().rules[0]]).version.count("+") == 1


def test_a_rule_is_read() -> None:
    (rule,) = parse(RULE).rules
    assert rule.key == "calm"
    assert rule.thresholds == {"hold": 0.6}
    assert parse(RULE).version == parse(RULE).version
    assert parse('version = "mine"\n' + RULE).version == "mine"


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (("format = 1", "format = 2"), 1, "format"),
        (('key = "calm"', 'key = "two words"'), 3, "key"),
        (('["toxicity"]', '["noise"]'), 4, "noise"),
        (('["toxicity"]', "[]"), 4, "at least one"),
        (('outcome = "hold"', 'outcome = "burn"'), 5, "outcome"),
        (("hold = 0.6", "hold = 6"), 6, "0 to 1"),
        (("hold = 0.6", "burn = 0.6"), 6, "burn"),
        (("{ hold = 0.6 }", "{}"), 6, "thresholds"),
        (('en = "Calm"', ""), 7, "title"),
        (('kind = "terms"', 'kind = "mood"'), 11, "ground"),
        (('en = "House rules, calm"', "en = 3"), 13, "reference"),
        (('outcome = "hold"', 'outcome = "hold"\ncolour = "red"'), 6, "colour"),
        (('outcome = "hold"', 'outcome = "hold"\nneeds = ["luck"]'), 6, "luck"),
        (('outcome = "hold"', 'outcome = "hold"\nwords = [""]'), 6, "words"),
        (('outcome = "hold"', 'outcome = "hold"\nenabled = 1'), 6, "enabled"),
        (('outcome = "hold"', 'outcome = "hold"\nversion = 0'), 6, "version"),
        (('outcome = "hold"', "outcome = hold"), 5, "line 5"),
        (("[[rule]]", "[rule]"), 2, "[[rule]]"),
    ],
)
def test_a_mistake_names_its_line(change: tuple[str, str], line: int, reason: str) -> None:
    with pytest.raises(HouseRulesError) as caught:
        parse(RULE.replace(*change))
    assert caught.value.line == line
    assert reason in str(caught.value)


def test_a_key_used_twice_is_refused() -> None:
    with pytest.raises(HouseRulesError, match="twice") as caught:
        parse(RULE + RULE.partition("\n")[2])
    assert caught.value.line == 16


def test_documents_of_another_shape_are_refused() -> None:
    for wrong in ({}, {"rules": 3}, {"rules": [3]}, {"rules": [{}]}):
        with pytest.raises(HouseRulesError):
            HouseRules.from_document(wrong)
