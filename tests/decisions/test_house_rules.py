"""House rules as objects: versions, files, comparison, trial."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.actions.house_rules import save_house_rule, save_house_rules
from comity.actions.screener import try_rules
from comity.cli.words import main
from comity.models import CitedRule, Comment, HouseRule
from comity.queries.house_rules import rules_of
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal
from comity.rules.statuses import CommentStatus
from comity.screening.house_rules import HouseRule as Rule
from comity.screening.house_rules import HouseRules, parse, shipped
from comity.screening.house_rules_writing import rule_changes, write_file
from tests.conversation.conftest import Clock, Post

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(lambda text: text.strip())


def _with(key: str, **changes: object) -> HouseRules:
    rules = [
        Rule.from_document({**rule.to_document(), **changes}) if rule.key == key else rule for rule in shipped().rules
    ]
    return HouseRules(tuple(rules), "draft")


def test_the_shipped_rules_written_and_read_are_the_same() -> None:
    assert parse(write_file(shipped())) == shipped()


@given(WORDS, WORDS, st.lists(WORDS, max_size=3), st.floats(0, 1), st.booleans())
def test_any_rule_written_and_read_is_the_same(
    title: str, text: str, words: list[str], score: float, enabled: bool
) -> None:
    made = _with("insult", title={"fr": title, "fr-CA": text}, words=words, thresholds={"hold": score}, enabled=enabled)
    assert parse(write_file(made)) == made


def test_changes_name_rule_and_field() -> None:
    changed = _with("insult", outcome="hold")
    assert [(each.key, each.field, each.before, each.after) for each in rule_changes(shipped(), changed)] == [
        ("insult", "outcome", '"remove"', '"hold"')
    ]
    fewer = HouseRules(shipped().rules[1:], "fewer")
    gone = shipped().rules[0].key
    assert [(each.key, each.after) for each in rule_changes(shipped(), fewer)] == [(gone, "absent")]
    assert [(each.key, each.after) for each in rule_changes(fewer, shipped())] == [(gone, "present")]
    assert rule_changes(shipped(), shipped()) == ()


@pytest.mark.django_db
def test_each_save_is_a_version_with_author_and_note_from_its_time(
    site: SiteShape, editor: Actor, clock: Clock
) -> None:
    later = clock.now + timedelta(days=2)
    first = _with("insult", outcome="hold")
    saved = save_house_rules(
        site=site, rules=first, staff_id=editor.staff_id, note=" Plus doux ", in_force_from=later, now=clock.now
    )
    assert saved == (("insult", 2),)  # the shipped rule is version 1
    row = HouseRule.objects.get()
    assert (row.author_id, row.note, row.in_force_from) == (editor.staff_id, "Plus doux", later)
    assert rules_of(site.id, now=clock.now) == shipped()
    in_force = rules_of(site.id, now=later).rule("insult")
    assert in_force is not None
    assert (in_force.outcome, in_force.version) == ("hold", 2)
    assert save_house_rules(site=site, rules=first, note="Encore", now=later) == ()


@pytest.mark.django_db
def test_a_rule_left_out_is_switched_off_and_a_note_is_needed(site: SiteShape, clock: Clock) -> None:
    fewer = HouseRules(tuple(rule for rule in shipped().rules if rule.key != "obscenity"), "fewer")
    assert save_house_rules(site=site, rules=fewer, note="Sans elle", now=clock.now) == (("obscenity", 2),)
    rule = rules_of(site.id, now=clock.now).rule("obscenity")
    assert rule is not None
    assert not rule.enabled
    for note, code in ((" ", "rule_note_missing"), ("x" * 501, "field_invalid")):
        with pytest.raises(Refusal, match=code):
            save_house_rules(site=site, rules=_with("insult", outcome="hold"), note=note, now=clock.now)
    assert HouseRule.objects.count() == 1


@pytest.mark.django_db
def test_a_decision_cites_the_version_in_force_and_keeps_its_wording(post: Post, site: SiteShape) -> None:
    rule = shipped().rule("insult")
    assert rule is not None
    save_house_rule(site=site, document={**rule.to_document(), "title": {"fr": "Gros mots"}})
    _, posted = post("Tu es un imbécile.")
    assert posted.own.rule_title == "Gros mots"
    kept = CitedRule.objects.get(key="insult")
    assert (kept.version, kept.document["title"]) == (2, {"fr": "Gros mots"})


@pytest.mark.django_db
def test_a_draft_is_tried_on_the_site_s_own_comments_and_changes_nothing(
    post: Post, site: SiteShape, clock: Clock
) -> None:
    for text in ("Tu es un imbécile.", "Cet article éclaire bien la question."):
        post(text)
    before = list(Comment.objects.values_list("status", flat=True))
    trial = try_rules(
        site=site, draft=_with("insult", outcome="hold"), since=clock.now - timedelta(days=30), now=clock.now
    )
    assert (trial.comments, trial.changed) == (2, 1)
    assert trial.outcomes == {("remove", "hold"): 1}
    assert trial.cited["insult"] == trial.cited_now["insult"] == 1
    assert list(Comment.objects.values_list("status", flat=True)) == before
    assert CommentStatus.REMOVED in before
    mild = _with("insult", outcome="advise", thresholds={"advise": 0.5})
    trial = try_rules(site=site, draft=mild, since=clock.now - timedelta(days=30), now=clock.now)
    assert trial.outcomes == {("remove", "publish"): 1}
    assert (dict(trial.cited), dict(trial.mild_now)) == ({}, {})
    assert trial.mild == {("insult", "advise"): 1}
    none = try_rules(site=site, draft=shipped(), since=clock.now + timedelta(days=1), now=clock.now)
    assert (none.comments, none.changed) == (0, 0)


@pytest.mark.django_db
def test_the_words_of_the_command_line(
    post: Post, site: SiteShape, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post("Tu es un imbécile.")
    assert main(["rules", "export"]) == 0
    draft = tmp_path / "draft.toml"
    text = capsys.readouterr().out
    draft.write_text(text.replace("0.85", "0.9", 1), "utf-8")
    assert main(["rules", "diff", str(draft)]) == 0
    assert "thresholds" in capsys.readouterr().out
    assert main(["rules", "try", str(draft), "--days", "36500"]) == 0
    tried = capsys.readouterr().out
    assert "1 comments" in tried
    assert "rule insult would be cited 1 times, instead of 1" in tried
    draft.write_text(text.replace('outcome = "remove"', 'outcome = "advise"'), "utf-8")
    assert main(["rules", "try", str(draft), "--days", "36500"]) == 0
    tried = capsys.readouterr().out
    assert "remove -> publish: 1" in tried
    assert "rule insult would be cited 0 times, instead of 1" in tried
    assert "rule insult would advise the author 1 times, instead of 0" in tried
    draft.write_text(text.replace("0.85", "0.9", 1), "utf-8")
    assert main(["rules", "import", str(draft), "--note", "Plus sûr"]) == 0
    assert "version 2" in capsys.readouterr().out
    assert main(["rules", "import", str(draft), "--note", "Encore"]) == 0
    assert "Nothing differs" in capsys.readouterr().out
    draft.write_text(text.replace('outcome = "remove"', 'outcome = "explode"', 1), "utf-8")
    assert main(["rules", "diff", str(draft)]) == 2
    assert "line " in capsys.readouterr().err
    assert main(["rules", "import", str(draft), "--note", "x", "--from", "demain"]) == 2
    assert main(["rules", "diff", str(tmp_path / "none.toml")]) == 3
