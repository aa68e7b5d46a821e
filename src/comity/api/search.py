"""Searching a conversation."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from comity.api import answers
from comity.api.operations import JSON, READING, Place, documented
from comity.queries.search import QUERY_MAXIMUM, Found, search_thread
from comity.rules.refusals import RefusalCode as C
from comity.text.searching import Piece
from comity.web.etags import answer_public
from comity.web.sites import site_of

__all__ = ["router"]

router = Router(tags=["conversation"])


class Hit(Schema):
    """A comment that a search found."""

    comment: answers.Comment = Field(description="Without its replies.")
    excerpt: str = Field(description="Safe HTML: the words around the first that was found, those found in `mark`.")


class Search(Schema):
    """What a search in a conversation found."""

    story: answers.Story
    query: str
    hits: list[Hit] = Field(description="Newest first, at most 50.")
    more: bool = Field(description="There are more than are given: search for more words.")

    @classmethod
    def of(cls, found: Found) -> Search:
        """What was found, as HTML."""
        hits = [Hit(comment=answers.Comment.of(each.comment), excerpt=_marked(each.excerpt)) for each in found.hits]
        return cls(story=answers.Story.of(found.story), query=found.query, hits=hits, more=found.more)


def _marked(pieces: Sequence[Piece]) -> str:
    return "".join(
        f"<mark>{html.escape(piece.text)}</mark>" if piece.found else html.escape(piece.text) for piece in pieces
    )


@router.get(
    "/threads/{key}/search",
    response={200: Search},
    url_name="api-search",
    operation_id="searchThread",
    summary="Search a conversation",
    openapi_extra=documented(*READING, C.STORY_KEY_INVALID, security=[]),
)
def search(
    request: HttpRequest,
    key: Annotated[str, Path(..., description="Key of the story, as its publisher chose it.", examples=["treve-2016"])],
    place: Annotated[Place, Query(...)],
    q: Annotated[
        str,
        Query(
            description=f"Words, at most {QUERY_MAXIMUM} characters; each is found at the beginning of a word, "
            "whatever its case and accents. All of them must be there.",
            examples=["trêve"],
        ),
    ] = "",
) -> HttpResponse:
    """Published comments whose text or author's name holds every word; the same for everybody."""
    del place
    found = search_thread(site=site_of(request), key=key, query=q, now=timezone.now())
    return answer_public(request, Search.of(found).model_dump_json().encode(), content_type=JSON)
