"""Stories, sent by publishers' systems."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Query, Router

from comity.actions.stories import save_story
from comity.api import answers, bodies
from comity.api.operations import READING, SENDING, Place, documented, private_json
from comity.api.threads import Key
from comity.rules.refusals import RefusalCode as C
from comity.web import throttle
from comity.web.actors import verify_signature
from comity.web.sites import site_of

__all__ = ["router"]

router = Router(tags=["publishing"])


@router.put(
    "/stories/{key}",
    response={200: answers.Story},
    url_name="api-story",
    operation_id="saveStory",
    summary="Publish or change a story",
    openapi_extra=documented(
        *READING,
        *SENDING,
        C.AUTHENTICATION_REQUIRED,
        C.SIGNATURE_INVALID,
        C.SIGNATURE_EXPIRED,
        C.PERMISSION_DENIED,
        C.TOO_MANY_REQUESTS,
        C.STORY_KEY_INVALID,
        C.STORY_URL_REFUSED,
        C.STORY_OUTDATED,
        security=[{"signature": []}],
    ),
)
def put(
    request: HttpRequest,
    key: Key,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.StoryContent, Body(...)],
) -> HttpResponse:
    """Signed with a key of the site. Of two calls the one signed later wins, whatever order they arrive in."""
    del place
    site = site_of(request)
    signed = verify_signature(request, site)
    throttle.spend_signed(site.id, signed.key_id)
    story = save_story(
        site=site,
        key=key,
        url=body.url,
        title=body.title,
        body_source=body.body,
        body_format=body.body_format,
        source_credit=body.source_credit,
        section=body.section,
        authors=body.authors,
        language=body.language,
        published_at=body.published_at,
        state=body.state,
        closes_at=body.closes_at,
        now=timezone.now(),
        signed_at=signed.signed_at,
    )
    return private_json(answers.Story.of(story))
