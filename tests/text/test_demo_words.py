"""The demo's words: whole, clean, well set, civil, and telling a conversation that could have happened."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib import resources
from typing import Any

import pytest

from comity.screening import house_rules
from comity.screening.engine import Engine
from comity.screening.types import Outcome, Submission
from comity.text import plain
from comity.text.markdown import render, render_story

DEMO = resources.files("comity.demo")
WORDS: dict[str, Any] = tomllib.loads(DEMO.joinpath("demo.toml").read_text("utf-8"))
COMMENTS: list[dict[str, Any]] = WORDS["comment"]
BY_ID = {comment["id"]: comment for comment in COMMENTS}
FIELDS = {
    *("id", "parent", "minute", "author", "staff", "language", "text", "up", "down"),
    *("edited_from", "edited_minute", "status", "rule_key", "pinned", "picked"),
}
EDIT_WINDOW_MINUTES = 15
RULES = house_rules.with_overrides(
    house_rules.shipped(), [house_rules.HouseRule.from_document(rule) for rule in WORDS["house_rule"]]
)

# A space that may break, or none, where French sets a narrow one; a straight apostrophe between letters.
ILL_SET = re.compile("(?:^|[^\u202f])[;!?»](?!\\w)|[^\u202f/]:(?![/\\d])|«(?!\u202f)|\\w'\\w")


def depth(comment: dict[str, Any]) -> int:
    return 0 if "parent" not in comment else 1 + depth(BY_ID[comment["parent"]])


def test_the_conversation_has_every_kind_of_comment() -> None:
    assert 55 <= len(COMMENTS) <= 75
    assert len(BY_ID) == len(COMMENTS)
    assert all(set(comment) <= FIELDS for comment in COMMENTS)
    assert len({comment["author"] for comment in COMMENTS if not comment.get("staff")}) >= 30
    assert max(depth(comment) for comment in COMMENTS) == 5
    languages = Counter(comment["language"] for comment in COMMENTS)
    assert languages["fr"] > len(COMMENTS) / 2
    assert min(languages[language] for language in ("en", "he", "ar")) >= 3
    assert Counter(comment.get("status", "published") for comment in COMMENTS) == {
        "published": len(COMMENTS) - 2,
        "withdrawn": 1,
        "held": 1,
    }
    assert sum(comment.get("pinned", False) for comment in COMMENTS) == 1
    assert sum(comment.get("picked", False) for comment in COMMENTS) == 2
    assert sum("edited_from" in comment for comment in COMMENTS) == 5


def test_every_comment_comes_after_what_it_answers_and_within_two_days() -> None:
    seen: set[str] = set()
    for comment in COMMENTS:
        assert 0 < comment["minute"] <= 2 * 24 * 60
        if "parent" in comment:
            assert comment["parent"] in seen
            assert comment["minute"] > BY_ID[comment["parent"]]["minute"]
            assert BY_ID[comment["parent"]].get("status") != "held"
        seen.add(comment["id"])


def test_edits_were_made_within_the_window_and_before_the_first_reply() -> None:
    for comment in COMMENTS:
        if "edited_from" not in comment:
            continue
        assert comment["minute"] < comment["edited_minute"] < comment["minute"] + EDIT_WINDOW_MINUTES
        replies = [each["minute"] for each in COMMENTS if each.get("parent") == comment["id"]]
        assert all(comment["edited_minute"] < minute for minute in replies)
        assert comment["edited_from"].strip() != comment["text"].strip()


def test_the_withdrawn_comment_was_answered() -> None:
    (withdrawn,) = (comment["id"] for comment in COMMENTS if comment.get("status") == "withdrawn")
    assert any(comment.get("parent") == withdrawn for comment in COMMENTS)


@pytest.mark.parametrize("comment", COMMENTS, ids=lambda comment: comment["id"])
def test_a_comment_is_clean_and_reads_well(comment: dict[str, Any]) -> None:
    for text in filter(None, (comment["text"], comment.get("edited_from"))):
        assert plain.clean(text) == text.strip()
        rendered = render(text)
        expected = "rtl" if comment["language"] in {"he", "ar"} else "ltr"
        assert plain.direction(rendered.plain) == expected
        if comment["language"] == "fr":
            own = re.sub(r"^> .*$|https?://\S+", "", text, flags=re.MULTILINE)
            assert not ILL_SET.search(own), own
        if comment["language"] == "en":
            assert not re.search("[\"']", text)


def test_the_marks_of_comments_are_all_shown_somewhere() -> None:
    markup = "".join(render(comment["text"]).html for comment in COMMENTS)
    for tag in ("<em>", "<strong>", "<blockquote", "<ul", "<ol", "<a href=", "comity-spoiler"):
        assert tag in markup


def test_names_are_not_taken_for_one_another() -> None:
    names = {comment["author"] for comment in COMMENTS} | {WORDS["site"]["name"]}
    assert len({plain.fold_name(name) for name in names}) == len(names)


@pytest.mark.parametrize("story", WORDS["story"], ids=lambda story: story["key"])
def test_stories_are_clean_and_well_set(story: dict[str, Any]) -> None:
    body = DEMO.joinpath(story["file"]).read_text("utf-8")
    assert plain.clean(body) == body.strip()
    for text in (body, story["title"]):
        assert not ILL_SET.search(text), text
    assert render_story(body).count("<p>") >= 6


def test_the_dispatch_says_what_it_was_given() -> None:
    story = WORDS["story"][0]
    assert story["source_credit"] == "USNEWS"
    assert story["published_at"].date().isoformat() == "2016-02-14"
    body = DEMO.joinpath(story["file"]).read_text("utf-8")
    for fact in ("Interfax", "Kremlin", "Munich", "cessation des hostilités", "Alep", "humanitaire"):
        assert fact in body
    assert 6 <= len(body.strip().split("\n\n")) <= 7


def test_the_notice_is_that_of_the_founding_page() -> None:
    assert house_rules.sentence(RULES, "fr").replace("’", "'") == (
        "La rédaction retirera d'office tout commentaire antisémite, raciste, diffamatoire ou injurieux, "
        "ou qui contrevient à la morale juive."
    )
    assert all(house_rules.sentence(RULES, language) for language in house_rules.LANGUAGES)


def test_the_engine_holds_the_held_comment_and_no_other() -> None:
    engine = Engine()
    held = {
        comment["id"]: decision.citations[0].rule_key
        for comment in COMMENTS
        if (decision := engine.screen(Submission(text=comment["text"], author_name=comment["author"]), RULES)).outcome
        is not Outcome.PUBLISH
    }
    assert held == {comment["id"]: comment["rule_key"] for comment in COMMENTS if comment.get("status") == "held"}
