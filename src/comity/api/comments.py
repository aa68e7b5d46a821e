"""One's own comment afterwards, and votes."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Path, Query, Router

from comity.actions.editing import edit_comment, withdraw_comment
from comity.actions.votes import cast_vote
from comity.api import answers, bodies, own_answers
from comity.api.operations import CHANGING, SENDING, Place, documented, hand_out, private_json
from comity.api.threads import posted_answer
from comity.rules.limits import Purpose
from comity.rules.refusals import RefusalCode as C
from comity.web import throttle, tokens
from comity.web.actors import identify
from comity.web.sites import language_of, site_of

__all__ = ["router"]

router = Router(tags=["conversation"])
_AFTERWARDS = (
    *CHANGING,
    C.COMMENT_UNKNOWN,
    C.NOT_YOURS,
    C.EDIT_WINDOW_CLOSED,
    C.EDIT_AFTER_REPLY,
    C.STORY_CLOSED,
    C.TRANSITION_REFUSED,
    C.AUTHOR_SUSPENDED,
    C.AUTHOR_BANNED,
)
_BY_AUTHOR: list[dict[str, list[str]]] = [{"device": []}, {"deviceCookie": []}, {"staffSession": []}]

CommentId = Annotated[int, Path(..., description="Id of the comment.", examples=[12])]


@router.patch(
    "/comments/{int:comment_id}",
    response={200: own_answers.Posted},
    url_name="api-comment",
    operation_id="editComment",
    summary="Change the words of one's own comment",
    openapi_extra=documented(
        *_AFTERWARDS, *SENDING, C.TEXT_EMPTY, C.TEXT_TOO_SHORT, C.TEXT_TOO_LONG, security=_BY_AUTHOR
    ),
)
def edit(
    request: HttpRequest,
    comment_id: CommentId,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.CommentChange, Body(...)],
) -> HttpResponse:
    """Within the site's edit window and before the first reply. The new words are screened like the first; `status`
    says what came of it."""
    del place
    site, language = site_of(request), language_of(request, site_of(request))
    actor = identify(request, site)
    throttle.spend(Purpose.CHANGE, actor)
    posted = edit_comment(
        actor=actor, site=site, comment_id=comment_id, text=body.text, now=timezone.now(), language=language
    )
    return posted_answer(request, site, posted, status=200, language=language)


@router.delete(
    "/comments/{int:comment_id}",
    response={200: own_answers.Posted},
    url_name="api-comment",
    operation_id="withdrawComment",
    summary="Take one's own comment back",
    openapi_extra=documented(*_AFTERWARDS, security=_BY_AUTHOR),
)
def withdraw(request: HttpRequest, comment_id: CommentId, place: Annotated[Place, Query(...)]) -> HttpResponse:
    """Within the site's edit window and before the first reply."""
    del place
    site, language = site_of(request), language_of(request, site_of(request))
    actor = identify(request, site)
    throttle.spend(Purpose.CHANGE, actor)
    posted = withdraw_comment(actor=actor, site=site, comment_id=comment_id, now=timezone.now(), language=language)
    return posted_answer(request, site, posted, status=200, language=language)


@router.post(
    "/comments/{int:comment_id}/vote",
    response={200: answers.Votes},
    url_name="api-vote",
    operation_id="castVote",
    summary="Vote, change or withdraw a vote",
    openapi_extra=documented(
        *CHANGING,
        *SENDING,
        C.COMMENT_UNKNOWN,
        C.STORY_CLOSED,
        C.AUTHENTICATION_REQUIRED,
        C.VOTE_INVALID,
        C.VOTE_OWN_COMMENT,
        C.VOTE_NOT_PUBLISHED,
        C.VOTE_DOWN_DISABLED,
        C.VOTE_GUESTS_DISABLED,
        security=[{}, *_BY_AUTHOR],
    ),
)
def vote(
    request: HttpRequest,
    comment_id: CommentId,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.VoteChange, Body(...)],
) -> HttpResponse:
    """One vote a voter, never on one's own comment."""
    del place
    site = site_of(request)
    actor = identify(request, site)
    throttle.spend(Purpose.VOTE, actor)
    cast = cast_vote(actor=actor, site=site, comment_id=comment_id, value=body.value, now=timezone.now())
    in_body, by_cookie = hand_out(request, cast.device_token)
    response = private_json(answers.Votes.of(cast, device_token=in_body))
    tokens.set_cookie(request, response, site, by_cookie)
    return response
