"""What differs per reader."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from comity.api import own_answers
from comity.api.operations import READING, Place, documented, private_json, statement_page
from comity.queries.comments import own_comments
from comity.queries.votes import own_votes
from comity.rules.posting import check_story_key
from comity.rules.refusals import RefusalCode as C
from comity.web.actors import identify
from comity.web.sites import language_of, site_of

__all__ = ["router"]

router = Router(tags=["conversation"])


@router.get(
    "/me",
    response={200: own_answers.Me},
    url_name="api-me",
    operation_id="readMe",
    summary="Read one's own comments and votes on a story",
    openapi_extra=documented(
        *READING, C.STORY_KEY_INVALID, security=[{}, {"device": []}, {"deviceCookie": []}, {"staffSession": []}]
    ),
)
def me(
    request: HttpRequest,
    place: Annotated[Place, Query(...)],
    key: Annotated[str, Query(..., description="Key of the story.", examples=["treve-2016"])],
) -> HttpResponse:
    """One small private answer, to be asked for only by a reader who holds a token or a session."""
    del place
    site = site_of(request)
    check_story_key(key)
    actor = identify(request, site)
    comments = own_comments(site=site, key=key, actor=actor, now=timezone.now(), language=language_of(request, site))
    return private_json(
        own_answers.Me.of(
            key=key,
            page_of=statement_page(request),
            actor=actor,
            comments=comments,
            votes=own_votes(site=site, key=key, actor=actor),
        )
    )
