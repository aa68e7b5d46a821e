"""The conversation: reading it, posting to it, previewing."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Header, Path, Query, Router

from comity.actions.comments import post_comment, preview_text
from comity.api import answers, bodies, own_answers
from comity.api.operations import (
    CHANGING,
    JSON,
    READING,
    SENDING,
    Place,
    documented,
    hand_out,
    private_json,
    statement_page,
)
from comity.queries.shapes import PostedComment, SiteShape
from comity.queries.stories import find_story
from comity.queries.threads import read_thread
from comity.rules.limits import Purpose
from comity.rules.posting import check_story_key
from comity.rules.refusals import Refusal
from comity.rules.refusals import RefusalCode as C
from comity.rules.statuses import CommentStatus
from comity.stream.addresses import carried_of
from comity.stream.fragments import render_comment
from comity.web import throttle, tokens
from comity.web.actors import idempotency_key, identify
from comity.web.bodies import body_digest
from comity.web.etags import MadeOf, answer_public, keep_fresh
from comity.web.sites import language_of, site_of

__all__ = ["router"]

router = Router(tags=["conversation"])
_BRANCH = re.compile(r"branch:([0-9]{1,19})", re.ASCII)

Key = Annotated[str, Path(..., description="Key of the story, as its publisher chose it.", examples=["treve-2016"])]


@router.get(
    "/threads/{key}",
    response={200: answers.Thread},
    url_name="api-thread",
    operation_id="readThread",
    summary="Read a conversation",
    openapi_extra=documented(*READING, C.STORY_KEY_INVALID, C.CURSOR_INVALID, C.COMMENT_UNKNOWN, security=[]),
)
def read(
    request: HttpRequest,
    key: Key,
    place: Annotated[Place, Query(...)],
    sort: Annotated[Literal["newest", "oldest", "popular"], Query(description="Pinned and picked first.")] = "newest",
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.")] = None,
    filter: Annotated[  # noqa: A002 - the public parameter's name
        str | None, Query(description="`branch:<id>` shows one branch alone.", examples=["branch:12"])
    ] = None,
) -> HttpResponse:
    """One page, the same for everybody: with an ETag, and readable from every page. A key that nobody has used yet is
    an open story without comments."""
    del place  # read by the edge; named here for the OpenAPI file
    site = site_of(request)
    thread = read_thread(site=site, key=key, now=timezone.now(), sort=sort, cursor=cursor, branch_id=_branch_id(filter))
    made_of = MadeOf(site.id, ((thread.story.id, key),))
    response = answer_public(request, answers.thread_json(thread), content_type=JSON, made_of=made_of)
    keep_fresh(response)
    return response


@router.post(
    "/threads/{key}/comments",
    response={201: own_answers.Posted, 202: own_answers.Posted},
    url_name="api-post",
    operation_id="postComment",
    summary="Post a comment or a reply",
    openapi_extra=documented(
        *CHANGING,
        *SENDING,
        C.STORY_KEY_INVALID,
        C.STORY_CLOSED,
        C.STORY_URL_MISSING,
        C.STORY_URL_REFUSED,
        C.TEXT_EMPTY,
        C.TEXT_TOO_SHORT,
        C.TEXT_TOO_LONG,
        C.NAME_MISSING,
        C.NAME_TOO_LONG,
        C.NAME_INVALID,
        C.NAME_RESERVED,
        C.EMAIL_MISSING,
        C.EMAIL_INVALID,
        C.WEBSITE_INVALID,
        C.PARENT_UNKNOWN,
        C.PARENT_NOT_PUBLISHED,
        C.COMMENT_DUPLICATE,
        C.AUTHOR_SUSPENDED,
        C.AUTHOR_BANNED,
        C.ADVICE_GIVEN,
        C.IDEMPOTENCY_KEY_REUSED,
        security=[{}, {"device": []}, {"deviceCookie": []}, {"staffSession": []}],
    ),
)
def post(
    request: HttpRequest,
    key: Key,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.NewComment, Body(...)],
    repeat_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Made by the caller, new for every comment: a repeat with the same key and body within 24 "
            "hours gives the first comment. 16 or more random characters, such as a UUID.",
            examples=["5f0c6f1e-6a0e-4f0a-9a39-3f1f4f6a7c11"],
        ),
    ] = None,
) -> HttpResponse:
    """201: published. 202: accepted and waiting for the newsroom, or removed by the house rules; `status` and `reason`
    say which and why. A repeat is answered as the first was. 409 `advice_given`: nothing is stored; `advice` names the
    house rule that asks the author to read again, and holds the token with which the comment, changed or not, is
    posted."""
    del place, repeat_key  # read by the edge and by identify
    site, language = site_of(request), language_of(request, site_of(request))
    actor = identify(request, site)
    throttle.spend(Purpose.POST, actor)
    posted = post_comment(
        actor=actor,
        site=site,
        story_key=key,
        story_url=body.story_url,
        text=body.text,
        author_name=body.author_name,
        author_email=body.author_email,
        author_website=body.author_website,
        parent_id=body.parent_id,
        honeypot=body.honeypot,
        advice_token=body.advice_token,
        idempotency_key=idempotency_key(request),
        body_digest=body_digest(request),
        now=timezone.now(),
        language=language,
    )
    return posted_answer(
        request, site, posted, status=201 if posted.own.status is CommentStatus.PUBLISHED else 202, language=language
    )


@router.post(
    "/threads/{key}/preview",
    response={200: answers.Preview},
    url_name="api-preview",
    operation_id="previewComment",
    summary="See a text as it would be shown",
    openapi_extra=documented(
        *CHANGING, *SENDING, C.STORY_KEY_INVALID, C.TEXT_EMPTY, C.TEXT_TOO_SHORT, C.TEXT_TOO_LONG, security=[{}]
    ),
)
def preview(
    request: HttpRequest,
    key: Key,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.CommentPreview, Body(...)],
) -> HttpResponse:
    """Nothing is stored and nothing is screened."""
    del place
    site = site_of(request)
    check_story_key(key)
    throttle.spend(Purpose.PREVIEW, identify(request, site))
    html = preview_text(site=site, text=body.text, is_reply=body.parent_id is not None)
    return private_json(answers.Preview(html=html))


def posted_answer(
    request: HttpRequest, site: SiteShape, posted: PostedComment, *, status: int, language: str
) -> HttpResponse:
    """The rendered comment, and the token of a device that this request made."""
    shape = posted.own.comment
    fragment = ""
    if shape.is_published:
        story = posted.story or find_story(site=site, key=shape.story_key, now=timezone.now())
        fragment = render_comment(shape, site, language, carried=carried_of(request), story=story)
    in_body, by_cookie = hand_out(request, posted.device_token)
    response = private_json(
        own_answers.Posted.from_posted(
            posted, page_of=statement_page(request), fragment=fragment, device_token=in_body
        ),
        status=status,
    )
    tokens.set_cookie(request, response, site, by_cookie)
    return response


def _branch_id(filter_parameter: str | None) -> int | None:
    if not filter_parameter:
        return None
    found = _BRANCH.fullmatch(filter_parameter)
    if found is None:
        raise Refusal(C.FIELD_INVALID, field="filter")
    return int(found[1])
