"""What a posting must be like."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.rules import posting
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus, StoryState

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TERMS = posting.PostingTerms(minimum=3, maximum=20, email_requirement="optional", website_field=True)


def draft(**changes: str) -> posting.Draft:
    given = {"text": "Bonjour", "author_name": "Anne", "author_email": "", "author_website": ""} | changes
    return posting.check_draft(**given, terms=TERMS)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("text", "", RefusalCode.TEXT_EMPTY),
        ("text", " \n\t ", RefusalCode.TEXT_EMPTY),
        ("text", "\u200b\u200d\u2060", RefusalCode.TEXT_EMPTY),
        ("text", "\x00\x01", RefusalCode.TEXT_EMPTY),
        ("text", "ab", RefusalCode.TEXT_TOO_SHORT),
        ("text", "a" * 21, RefusalCode.TEXT_TOO_LONG),
        ("text", "a" * 1_000_000, RefusalCode.TEXT_TOO_LONG),
        ("author_name", "", RefusalCode.NAME_MISSING),
        ("author_name", "a" * 81, RefusalCode.NAME_TOO_LONG),
        ("author_name", "a" * 5000, RefusalCode.NAME_TOO_LONG),
        ("author_name", "!?", RefusalCode.NAME_INVALID),
        ("author_email", "nobody", RefusalCode.EMAIL_INVALID),
        ("author_email", "a@b", RefusalCode.EMAIL_INVALID),
        ("author_email", "a@b..fr", RefusalCode.EMAIL_INVALID),
        ("author_email", "a b@example.org", RefusalCode.EMAIL_INVALID),
        ("author_email", "a@example.org, b@example.org", RefusalCode.EMAIL_INVALID),
        ("author_email", "a" * 250 + "@example.org", RefusalCode.EMAIL_INVALID),
        ("author_website", "javascript:alert(1)", RefusalCode.WEBSITE_INVALID),
        ("author_website", "https://", RefusalCode.WEBSITE_INVALID),
    ],
)
def test_what_is_refused(field: str, value: str, code: RefusalCode) -> None:
    with pytest.raises(Refusal) as caught:
        draft(**{field: value})
    assert caught.value.code is code
    assert caught.value.field == field
    assert value not in str(caught.value.details) or not value


@pytest.mark.parametrize("email", ["a@example.org", "prenom.nom+x@sous.domaine.example", "é@exämple.org"])
def test_addresses_that_pass(email: str) -> None:
    assert draft(author_email=email).author_email == email


def test_a_required_address_is_missed() -> None:
    terms = posting.PostingTerms(minimum=1, maximum=20, email_requirement="required", website_field=False)
    with pytest.raises(Refusal) as caught:
        posting.check_draft(text="Bonjour", author_name="Anne", author_email=" ", author_website="", terms=terms)
    assert caught.value.code is RefusalCode.EMAIL_MISSING


def test_what_the_site_does_not_ask_is_not_kept() -> None:
    terms = posting.PostingTerms(minimum=1, maximum=20, email_requirement="none", website_field=False)
    kept = posting.check_draft(
        text="Bonjour",
        author_name="Anne",
        author_email="a@example.org",
        author_website="https://example.org",
        terms=terms,
    )
    assert (kept.author_email, kept.author_website) == ("", "")


def test_names_are_one_line() -> None:
    assert draft(author_name="  Anne \n Marie ").author_name == "Anne Marie"


@given(st.text(max_size=40))
def test_any_text_is_kept_clean_or_refused(text: str) -> None:
    try:
        cleaned = posting.check_text(text, minimum=1, maximum=30)
    except Refusal:
        return
    assert 1 <= len(cleaned) <= 30
    assert posting.check_text(cleaned, minimum=1, maximum=30) == cleaned


@pytest.mark.parametrize("key", ["", "a/b", "a b", "a\n", "\x00", "x" * 201, "a\u00a0b"])
def test_keys_that_are_none(key: str) -> None:
    with pytest.raises(Refusal) as caught:
        posting.check_story_key(key)
    assert caught.value.code is RefusalCode.STORY_KEY_INVALID


@pytest.mark.parametrize("key", ["a", "2016-02-14-treve", "https:example", "קובץ", "x" * 200])
def test_keys_that_pass(key: str) -> None:
    assert posting.check_story_key(key) == key


@pytest.mark.parametrize(
    ("state", "closes", "after_days", "site", "expected"),
    [
        (StoryState.OPEN, None, None, False, StoryState.OPEN),
        (StoryState.OPEN, NOW, None, False, StoryState.CLOSED),
        (StoryState.OPEN, NOW + timedelta(seconds=1), None, False, StoryState.OPEN),
        (StoryState.OPEN, None, 10, False, StoryState.CLOSED),
        (StoryState.OPEN, None, 11, False, StoryState.OPEN),
        (StoryState.OPEN, None, None, True, StoryState.PRE_MODERATED),
        (StoryState.CLOSED, None, None, True, StoryState.CLOSED),
        (StoryState.PRE_MODERATED, None, None, False, StoryState.PRE_MODERATED),
    ],
)
def test_state_in_force(
    state: StoryState, closes: datetime | None, after_days: int | None, site: bool, expected: StoryState
) -> None:
    found = posting.state_in_force(
        state=state,
        closes_at=closes,
        published_at=NOW - timedelta(days=10),
        close_after_days=after_days,
        pre_moderated_site=site,
        now=NOW,
    )
    assert found is expected


@pytest.mark.parametrize(
    ("status", "age", "replies", "state", "code"),
    [
        (CommentStatus.PUBLISHED, 899, 0, StoryState.OPEN, None),
        (CommentStatus.HELD, 10, 0, StoryState.OPEN, None),
        (CommentStatus.PUBLISHED, 900, 0, StoryState.OPEN, RefusalCode.EDIT_WINDOW_CLOSED),
        (CommentStatus.PUBLISHED, 10, 1, StoryState.OPEN, RefusalCode.EDIT_AFTER_REPLY),
        (CommentStatus.PUBLISHED, 10, 0, StoryState.CLOSED, RefusalCode.STORY_CLOSED),
        (CommentStatus.REMOVED, 10, 0, StoryState.OPEN, RefusalCode.TRANSITION_REFUSED),
        (CommentStatus.WITHDRAWN, 10, 0, StoryState.OPEN, RefusalCode.COMMENT_UNKNOWN),
    ],
)
def test_changes(status: CommentStatus, age: int, replies: int, state: StoryState, code: RefusalCode | None) -> None:
    facts = {
        "status": status,
        "created_at": NOW - timedelta(seconds=age),
        "window_seconds": 900,
        "reply_count": replies,
        "state": state,
        "now": NOW,
    }
    until = posting.editable_until(**facts)  # type: ignore[arg-type]  # one table feeds both functions
    if code is None:
        posting.check_change(**facts)  # type: ignore[arg-type]  # as above
        assert until == NOW - timedelta(seconds=age) + timedelta(seconds=900)
    else:
        with pytest.raises(Refusal) as caught:
            posting.check_change(**facts)  # type: ignore[arg-type]  # as above
        assert caught.value.code is code
        assert until is None
