"""Queries compiled once give what the ORM gives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import QuerySet

from comity.actions.imports import CommentRecord, import_comments
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.api import answers
from comity.models import Comment
from comity.queries.cursors import SORTS
from comity.queries.prepared import Prepared
from comity.queries.shapes import SiteShape
from comity.queries.threads import read_thread

NOW = datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
COLUMNS = ("pk", "created_at", "edited_at", "is_shown", "text_html", "popularity", "author_name")


@pytest.fixture
def site(db: None) -> SiteShape:
    site = create_site(key="gazette", name="La Gazette", domains=["gazette.example"])
    save_story(site=site, key="treve", title="Une trêve", body_source="Un texte.", authors=["Inès"], now=NOW)
    records = [
        CommentRecord(
            local_id=str(number),
            author_name="Anne" if number % 2 else "دود <b>",
            text=f"Un commentaire, le numéro {number}.",
            created_at=NOW.replace(second=number),
            parent=str(number - 1) if number % 3 == 2 else None,
            up=number,
            earlier_text="Avant." if number == 3 else "",
            edited_at=NOW if number == 3 else None,
        )
        for number in range(1, 12)
    ]
    import_comments(site=site, story_key="treve", records=records)
    return site


def _by(name: str, least: int, *, limit: int, descending: bool) -> QuerySet[Comment, Any]:
    found = Comment.objects.filter(author_name=name, up_count__gte=least)
    return found.order_by("-id" if descending else "id").values_list(*COLUMNS)[:limit]


def test_rows_are_those_of_the_orm_whatever_the_values_and_the_form(site: SiteShape) -> None:
    prepared = Prepared(_by)
    for name in ("Anne", "دود <b>", "%s", "nobody", "'; DROP TABLE x; --"):
        for least, limit, descending in ((0, 3, True), (4, 9, False), (0, 9, True)):
            expected = list(_by(name, least, limit=limit, descending=descending))
            assert prepared.rows(name, least, limit=limit, descending=descending) == expected


def _never_given(name: str, least: int) -> QuerySet[Comment, Any]:
    return Comment.objects.filter(author_name=name.upper()).values_list("pk")


def test_a_query_that_changes_its_values_is_refused(site: SiteShape) -> None:
    with pytest.raises(ValueError, match="as it is"):
        Prepared(_never_given).rows("Anne", 3)


@pytest.mark.parametrize("sort", SORTS)
def test_the_json_of_a_thread_is_what_the_openapi_file_describes(site: SiteShape, sort: str) -> None:
    thread = read_thread(site=site, key="treve", now=NOW, sort=sort)
    assert answers.thread_json(thread).decode() == answers.Thread.of(thread).model_dump_json()
    unused = read_thread(site=site, key="unused", now=NOW, sort=sort)
    assert answers.thread_json(unused).decode() == answers.Thread.of(unused).model_dump_json()
