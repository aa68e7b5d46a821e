"""The thread's bytes: numbers for machines and for people, and words that nobody can turn into markup."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from comity.queries.shapes import CommentShape, SiteShape
from comity.rules.statuses import AuthorKind, CommentStatus
from comity.stream.fragments import count_text, render_comment
from comity.stream.wording import hue, initial, replies_line

NBSP = "\u00a0"
SITE = SiteShape(
    id=1,
    key="gazette",
    name="La Gazette",
    language="fr",
    domains=(),
    hosts=(),
    email_requirement="optional",
    website_field=False,
    comment_minimum=2,
    comment_maximum=5000,
    reply_minimum=2,
    reply_maximum=5000,
    edit_window_seconds=900,
    depth_limit=4,
    page_size=20,
    branch_size=30,
    down_votes=True,
    guest_votes=True,
    pre_moderated=False,
    close_after_days=None,
    office_hours=None,
    accent="",
)
COMMENT = CommentShape(
    id=123456,
    story_key="treve",
    parent_id=None,
    root_id=123456,
    reply_to_id=None,
    reply_to_name="",
    depth=0,
    status=CommentStatus.PUBLISHED,
    created_at=datetime(2026, 3, 1, 17, 4, tzinfo=UTC),
    edited_at=None,
    author_kind=AuthorKind.GUEST,
    author_name="Anne",
    author_website="",
    html="<p>Bonjour.</p>",
    language="fr",
    up_count=12345,
    down_count=0,
    reply_count=0,
    branch_count=0,
    pinned=False,
    picked=False,
)


@pytest.mark.parametrize("grouped", [False, True])
def test_numbers_are_grouped_for_people_and_never_in_addresses(settings: Settings, grouped: bool) -> None:
    """A host may group every number of its templates; ours say themselves which are for people."""
    settings.USE_THOUSAND_SEPARATOR = grouped
    html = render_comment(COMMENT, SITE, "fr")
    assert 'id="comment-123456"' in html
    assert "/comments/123456/reply" in html
    assert 'data-value="12345"' in html
    assert ">12\u202f345<" in html
    assert "12,345" in render_comment(COMMENT, SITE, "en")


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0 commentaire", "0 comments"),
        (1, "1 commentaire", "1 comment"),
        (2, "2 commentaires", "2 comments"),
        (12345, "12\u202f345 commentaires", "12,345 comments"),
        (1_000_000, "1\u202f000\u202f000 de commentaires", "1,000,000 comments"),
    ],
)
def test_counts(count: int, french: str, english: str) -> None:
    assert count_text(count, "fr") == french
    assert count_text(count, "en") == english


def test_the_first_of_the_month_and_the_time_as_french_writes_them() -> None:
    with timezone.override("Europe/Paris"):
        html, english = render_comment(COMMENT, SITE, "fr"), render_comment(COMMENT, SITE, "en")
    assert f"1er mars 2026 à 18{NBSP}h{NBSP}04" in html
    assert 'datetime="2026-03-01T17:04:00Z"' in html
    assert "March 1, 2026 at 6:04 p.m." in english


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (CommentStatus.WITHDRAWN, "Commentaire retiré par son auteur"),
        (CommentStatus.REMOVED, "Commentaire retiré par la rédaction"),
        (CommentStatus.HELD, "Commentaire en attente de relecture par la rédaction"),
    ],
)
def test_a_place_that_is_kept_says_why_and_offers_nothing(status: CommentStatus, sentence: str) -> None:
    kept = msgspec.structs.replace(COMMENT, status=status, author_name="", html="", up_count=0)
    html = render_comment(msgspec.structs.replace(kept, replies=(COMMENT,)), SITE, "fr")
    assert sentence in html
    assert html.count("Répondre") == 1


@given(st.text(), st.sampled_from(["fr", "en"]))
def test_no_name_becomes_markup(name: str, language: str) -> None:
    hostile = f"<script>{name}\"'><img src=x>"
    reply = msgspec.structs.replace(
        COMMENT, id=2, parent_id=COMMENT.id, author_name=hostile, reply_to_id=7, reply_to_name=hostile
    )
    html = render_comment(msgspec.structs.replace(COMMENT, author_name=hostile, replies=(reply,)), SITE, language)
    assert "<script" not in html
    assert "<img" not in html


@given(st.text(min_size=1))
def test_every_name_has_a_mark(name: str) -> None:
    assert 0 <= hue(name) < 12
    assert hue(name) == hue(name.casefold())
    assert initial(name).strip()


@pytest.mark.parametrize(
    ("names", "left", "line"),
    [
        (["Benoît"], 0, "1 reply from <bdi>Benoît</bdi>"),
        (["Anne", "Benoît"], 0, "2 replies from <bdi>Anne</bdi> and <bdi>Benoît</bdi>"),
        (["Anne", "Benoît", "Chloé"], 0, "3 replies from <bdi>Anne</bdi>, <bdi>Benoît</bdi> and 1 other"),
        (["Anne", "Anne"], 3, "5 replies from <bdi>Anne</bdi>"),
    ],
)
def test_what_stands_for_a_folded_branch(names: list[str], left: int, line: str) -> None:
    from django.utils import translation

    replies = tuple(msgspec.structs.replace(COMMENT, id=place, author_name=name) for place, name in enumerate(names, 2))
    with translation.override("en"):
        assert replies_line(msgspec.structs.replace(COMMENT, replies=replies, replies_left=left)) == line
