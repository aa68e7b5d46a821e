"""Finding comments of a thread by their words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection

from comity.models import Comment
from comity.queries.shapes import CommentShape, SiteShape, StoryShape
from comity.queries.stories import find_story
from comity.queries.threads import shapes_of
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import CommentStatus
from comity.text.markdown import render
from comity.text.searching import Piece, excerpt_around, marked, terms_of

__all__ = ["QUERY_MAXIMUM", "Found", "Hit", "search_thread"]

QUERY_MAXIMUM = 200
"""Characters of a search."""
HITS_MAXIMUM = 50
EXCERPT_LENGTH = 240


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A comment that was found."""

    comment: CommentShape
    """Without its replies."""
    name: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    """The words around the first that was found."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found."""

    story: StoryShape
    query: str
    hits: tuple[Hit, ...]
    """Newest first."""
    more: bool
    """There are more than are given."""


def search_thread(*, site: SiteShape, key: str, query: str, now: datetime, limit: int = HITS_MAXIMUM) -> Found:
    """The published comments of a story that hold a word beginning with each of the query's words, case and accents
    aside; in the text or the author's name.

    Raises:
        Refusal: `story_key_invalid`; `field_invalid` for a query that is too long or holds no word.
    """
    story = find_story(site=site, key=key, now=now)
    terms = terms_of(query) if len(query) <= QUERY_MAXIMUM else ()
    if not terms:
        raise Refusal(RefusalCode.FIELD_INVALID, field="q", limit=QUERY_MAXIMUM)
    ids = _ids(story.id, terms, limit=limit + 1) if story.id is not None else []
    rows = Comment.objects.filter(pk__in=ids[:limit], status=CommentStatus.PUBLISHED).order_by("-created_at", "-id")
    texts = {row.pk: render(row.text_source).plain for row in rows}
    hits = tuple(
        Hit(
            comment=shape,
            name=marked(shape.author_name, terms),
            excerpt=marked(excerpt_around(texts[shape.id], terms, length=EXCERPT_LENGTH), terms),
        )
        for shape in shapes_of(rows, story_key=key)
    )
    return Found(story=story, query=query, hits=hits, more=len(ids) > limit)


def _ids(story_id: int, terms: Sequence[str], *, limit: int) -> list[int]:
    """Newest first. Terms are letters and digits alone; still every one is quoted."""
    if connection.vendor == "sqlite":
        asked = " AND ".join(f'words: "{term}"*' for term in terms)
        sql = "SELECT rowid FROM comity_search WHERE comity_search MATCH %s ORDER BY rowid DESC LIMIT %s"
        values: list[str | int] = [f'(place: "s{story_id}") AND {asked}', limit]
    else:
        sql = (
            "SELECT comment_id FROM comity_searchentry WHERE story_id = %s "
            "AND array_to_tsvector(string_to_array(words, ' ')) @@ %s::tsquery ORDER BY comment_id DESC LIMIT %s"
        )
        values = [story_id, " & ".join(f"'{term}':*" for term in terms), limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
