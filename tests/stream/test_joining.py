"""Joiners give what their templates give; what is kept is never stale."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import msgspec
import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from comity.queries.shapes import CommentShape
from comity.rules.statuses import AuthorKind, CommentStatus
from comity.stream.comments import Surroundings, comment_html, comment_words
from comity.stream.joining import Joiner, Joiners, Marks
from comity.stream.memory import Memory

COMMENT = CommentShape(
    id=7, story_key="treve", parent_id=None, root_id=7, reply_to_id=None, reply_to_name="", depth=0,
    status=CommentStatus.PUBLISHED, created_at=datetime(2026, 3, 1, 17, 4, tzinfo=UTC), edited_at=None,
    author_kind=AuthorKind.GUEST, author_name="Anne", author_website="", html="<p>Bonjour.</p>", language="fr",
    up_count=3, down_count=1, reply_count=0, branch_count=0, pinned=False, picked=False,
)  # fmt: skip
AROUND = Surroundings(
    language="fr", carried=(("site", "gazette"), ("lang", "fr")), may_reply=True, may_vote=True, down_votes=True
)


def test_a_joiner_fills_its_fields_in_their_places() -> None:
    template = Template("{% if c.is_new %}<b>{{ c.name }}</b>{% endif %}<i title='{{ c.name }}'>{{ c.size }}</i>")
    joiners: Joiners[bool] = Joiners(lambda is_new: template.render(Context({"c": Marks({"is_new": is_new})})))
    assert joiners.of(True).fill({"name": "A", "size": "1"}) == "<b>A</b><i title='A'>1</i>"
    assert joiners.of(False).fill({"name": "A", "size": "1"}) == "<i title='A'>1</i>"
    assert joiners.of(True) is joiners.of(True)
    assert joiners.of(True).names == ("name", "name", "size")


@pytest.mark.parametrize("source", ["{{ c.name|upper }}", "{{ c.name|slice:':9' }}", "{{ c.name|truncatechars:12 }}"])
def test_a_template_that_changes_a_field_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="filter"):
        Joiner(Template(source).render(Context({"c": Marks()})))


def test_no_more_variants_are_kept_than_allowed() -> None:
    rendered: list[int] = []

    def render(variant: int) -> str:
        rendered.append(variant)
        return str(variant)

    joiners: Joiners[int] = Joiners(render, most=2)
    for variant in (1, 2, 3, 2, 3, 1):
        assert joiners.of(variant).fill({}) == str(variant)
    assert rendered == [1, 2, 3, 1]


def _rendered(comment: CommentShape, around: Surroundings) -> str:
    """The comment by its templates alone, with its real values."""
    words = comment_words(comment, around)
    known = {
        "is_published": comment.is_published,
        "is_edited": comment.edited_at is not None,
        "is_pinned": comment.pinned,
        "is_picked": comment.picked,
        "status": comment.status,
        "author_kind": comment.author_kind,
    }
    article = render_to_string("comity/fragments/article.html", {**around._asdict(), "comment": {**words, **known}})
    return render_to_string("comity/fragments/comment.html", {"comment": {"article": article}})


@pytest.mark.parametrize("language", ["fr", "en", "he"])
def test_every_variant_of_a_comment_is_what_its_template_gives(language: str) -> None:
    flags = itertools.product((False, True), repeat=4)
    for (pinned, edited, flat, votes), status, kind in itertools.product(flags, CommentStatus, AuthorKind):
        comment = msgspec.structs.replace(
            COMMENT,
            pinned=pinned,
            edited_at=datetime(2026, 3, 2, tzinfo=UTC) if edited else None,
            reply_to_id=3 if flat else None,
            reply_to_name="<Chloé>" if flat and edited else "",
            author_website="https://anne.example/?a=1&b=2" if votes else "",
            language="und" if pinned else "fr",
            status=status,
            author_kind=kind,
        )
        around = AROUND._replace(language=language, may_vote=votes, may_reply=not flat, down_votes=edited)
        with translation.override(language):
            assert comment_html(comment, around) == _rendered(comment, around)


@given(st.text(max_size=30), st.text(max_size=30), st.integers(-9999, 9999))
def test_whatever_was_typed_is_joined_as_the_template_escapes_it(name: str, answered: str, points: int) -> None:
    comment = msgspec.structs.replace(
        COMMENT, author_name=name, reply_to_id=3, reply_to_name=answered, up_count=points, down_count=0
    )
    with translation.override("fr"):
        assert comment_html(comment, AROUND) == _rendered(comment, AROUND)


def test_a_comment_that_was_kept_shows_every_change_at_once() -> None:
    seen = {comment_html(COMMENT, AROUND)}
    changes = {
        "html": "<p>Bonsoir.</p>",
        "author_name": "Benoît",
        "up_count": 4,
        "status": CommentStatus.REMOVED,
        "edited_at": datetime(2026, 3, 2, tzinfo=UTC),
        "pinned": True,
    }
    for field, value in changes.items():
        seen.add(comment_html(msgspec.structs.replace(COMMENT, **{field: value}), AROUND))
    assert len(seen) == 1 + len(changes)


def test_a_comment_that_was_kept_follows_the_time_zone() -> None:
    with timezone.override("Europe/Paris"):
        paris = comment_html(COMMENT, AROUND)
    with timezone.override("America/Montreal"):
        montreal = comment_html(COMMENT, AROUND)
    assert "18" in paris
    assert paris != montreal


def test_memory_gives_only_what_was_made_from_the_same_and_stays_within_its_bytes() -> None:
    memory: Memory[int, str] = Memory(10_000)
    memory.keep(1, "source", "text")
    assert memory.find(1, "source") == "text"
    assert memory.find(1, "other") is None
    for number in range(2, 40):
        memory.keep(number, "source", "x" * 300)
        assert memory.find(number, "source") == "x" * 300
    assert memory.find(1, "source") is None
    assert memory.find(31, "source")
    memory.keep(99, "source", "x" * 20_000)
    assert memory.find(99, "source") is None
