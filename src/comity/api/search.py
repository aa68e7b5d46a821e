"""Searching a conversation."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router

from comity.api import answers
from comity.api.operations import JSON, READING, Place, documented
from comity.queries.search import QUERY_MAXIMUM, search_thread
from comity.rules.refusals import RefusalCode as C
from comity.web.etags import answer_public
from comity.web.sites import site_of

__all__ = ["router"]

router = Router(tags=["conversation"])


@router.get(
    "/threads/{key}/search",
    response={200: answers.Search},
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
    return answer_public(request, answers.Search.of(found).model_dump_json().encode(), content_type=JSON)
