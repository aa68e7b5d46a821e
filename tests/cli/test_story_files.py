"""Stories in files."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.cli.story_files import StoryFileError, read_story

MARKDOWN = """+++
key = "trees"
title = "Two hundred trees"
authors = ["Claire D.", "Sami B."]
published_at = 2026-05-01T09:00:00+02:00
closes_at = 2026-06-01
+++

A first paragraph.

+++ is no fence here.
"""


def test_markdown_with_a_head() -> None:
    story = read_story(MARKDOWN)
    assert (story.key, story.title, story.authors) == ("trees", "Two hundred trees", ("Claire D.", "Sami B."))
    assert story.published_at == datetime(2026, 5, 1, 7, tzinfo=UTC)
    assert story.closes_at == datetime(2026, 6, 1, tzinfo=UTC)
    assert story.body_source == "A first paragraph.\n\n+++ is no fence here."
    assert story.body_format == "markdown"


def test_json_says_the_same() -> None:
    members = {"key": "trees", "title": "Two hundred trees", "authors": ["Claire D.", "Sami B."],
               "published_at": "2026-05-01T07:00:00Z", "closes_at": "2026-06-01T00:00:00",
               "body": "A first paragraph.\n\n+++ is no fence here."}  # fmt: skip
    assert read_story(json.dumps(members)) == read_story(MARKDOWN)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it begins neither"),
        ("A text alone.", "it begins neither"),
        ("+++\nkey = 'a'\n", "it begins neither"),
        ("+++\nkey = \n+++\n", "its head is not TOML"),
        ("+++\ntitle = 'a'\n+++\n", "it has no key"),
        ("+++\nkey = 3\n+++\n", "key must be a text"),
        ("+++\nkey = 'a'\nbody = 'b'\n+++\n", "stands below the head"),
        ("+++\nkey = 'a'\ncolour = 'red'\n+++\n", "unknown: colour"),
        ("+++\nkey = 'a'\nauthors = 'b'\n+++\n", "authors must be a list"),
        ("+++\nkey = 'a'\nstate = 'ajar'\n+++\n", "state is open"),
        ("+++\nkey = 'a'\nbody_format = 'rtf'\n+++\n", "body_format is"),
        ("+++\nkey = 'a'\npublished_at = 'soon'\n+++\n", "published_at must be a time"),
        ("+++\nkey = 'a'\npublished_at = 3\n+++\n", "published_at must be a time"),
        ('{"key": }', "not JSON"),
        ("{" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_story(text: str, reason: str) -> None:
    with pytest.raises(StoryFileError) as raised:
        read_story(text)
    assert reason in str(raised.value)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for each in (text, f"+++\nkey = 'a'\n{text}\n+++\n{text}", "{" + text):
        with suppress(StoryFileError):
            assert read_story(each).key
