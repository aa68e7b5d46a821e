"""What a link that was sent out opens, for programs: a statement of reasons and its appeal, what came of a report, a
right of reply. The token alone says who asks."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Path, Query, Router

from comity.actions.appeals import file_appeal
from comity.actions.replies import request_reply
from comity.api import bodies, linked_answers
from comity.api.operations import CHANGING, READING, SENDING, Place, documented, linked_page, private_json
from comity.api.threads import Key
from comity.queries.reasons import read_statement
from comity.queries.replies import read_reply
from comity.queries.reports import read_receipt
from comity.rules.limits import Purpose
from comity.rules.refusals import RefusalCode as C
from comity.rules.replies import check_reply_draft
from comity.web import throttle
from comity.web.actors import identify, link_holder
from comity.web.sites import site_of

__all__ = ["router"]

router = Router(tags=["links sent out"])
Token = Annotated[str, Path(..., description="The last part of the private page's address.", examples=["MTc.c2ln"])]
_LINK = (C.LINK_INVALID, C.LINK_EXPIRED)


@router.get(
    "/reasons/{token}",
    response={200: linked_answers.StatementOfReasons},
    url_name="api-reasons",
    operation_id="readStatementOfReasons",
    summary="Read a statement of reasons",
    openapi_extra=documented(*READING, *_LINK, security=[]),
)
def reasons(request: HttpRequest, token: Token, place: Annotated[Place, Query(...)]) -> HttpResponse:
    """What was decided and why, in the comment's own language, and how its appeal stands."""
    del place
    found = read_statement(site=site_of(request), token=token, now=timezone.now())
    return private_json(linked_answers.StatementOfReasons.of(found))


@router.post(
    "/reasons/{token}/appeal",
    response={201: linked_answers.StatementOfReasons},
    url_name="api-appeal",
    operation_id="fileAppeal",
    summary="Appeal a decision",
    openapi_extra=documented(
        *READING,
        *SENDING,
        *_LINK,
        C.TOO_MANY_REQUESTS,
        C.APPEAL_NOT_POSSIBLE,
        C.APPEAL_TOO_LATE,
        C.APPEAL_ALREADY_FILED,
        C.APPEALS_TOO_MANY,
        C.TEXT_TOO_SHORT,
        C.TEXT_TOO_LONG,
        security=[],
    ),
)
def appeal(
    request: HttpRequest,
    token: Token,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.NewAppeal, Body(...)],
) -> HttpResponse:
    """Once for each decision, within six months. A person who did not take the decision answers; the answer stands in
    the statement."""
    del place
    site, now = site_of(request), timezone.now()
    actor = link_holder(request, site, now=now)
    throttle.spend(Purpose.LINK, actor)
    file_appeal(site=site, token=token, text=body.text, network_digest=actor.network_digest, now=now)
    found = read_statement(site=site, token=token, now=now)
    return private_json(linked_answers.StatementOfReasons.of(found), status=201)


@router.get(
    "/receipts/{token}",
    response={200: linked_answers.ReportOutcome},
    url_name="api-receipt",
    operation_id="readReportOutcome",
    summary="Read what came of a report",
    openapi_extra=documented(*READING, *_LINK, security=[]),
)
def receipt(request: HttpRequest, token: Token, place: Annotated[Place, Query(...)]) -> HttpResponse:
    """Opened by the token of the report's receipt."""
    del place
    found = read_receipt(site=site_of(request), token=token, now=timezone.now())
    return private_json(linked_answers.ReportOutcome.of(found))


@router.post(
    "/threads/{key}/right-of-reply",
    response={201: linked_answers.ReplyTaken},
    url_name="api-right-of-reply",
    operation_id="requestReply",
    summary="Ask the editor for a right of reply",
    openapi_extra=documented(
        *CHANGING,
        *SENDING,
        C.STORY_UNKNOWN,
        C.REPLY_WORDS_MISSING,
        C.TEXT_TOO_LONG,
        C.NAME_MISSING,
        C.NAME_TOO_LONG,
        C.NAME_INVALID,
        C.EMAIL_MISSING,
        C.EMAIL_INVALID,
        security=[{}],
    ),
)
def right_of_reply(
    request: HttpRequest,
    key: Key,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.NewReplyRequest, Body(...)],
) -> HttpResponse:
    """Whoever is named or designated in a story may ask. The same request again is the same request."""
    del place
    site = site_of(request)
    throttle.spend(Purpose.REPORT, identify(request, site))
    draft = check_reply_draft(name=body.name, email=body.email, passage=body.passage, reply=body.reply)
    token = request_reply(site=site, story_key=key, draft=draft, now=timezone.now())
    answer = linked_answers.ReplyTaken(receipt=linked_page(request, "reply-receipt", token))
    return private_json(answer, status=201)


@router.get(
    "/right-of-reply/{token}",
    response={200: linked_answers.ReplyOutcome},
    url_name="api-reply-receipt",
    operation_id="readReplyOutcome",
    summary="Read the answer to a request for a right of reply",
    openapi_extra=documented(*READING, *_LINK, security=[]),
)
def reply_receipt(request: HttpRequest, token: Token, place: Annotated[Place, Query(...)]) -> HttpResponse:
    """Opened by the token of the request's receipt."""
    del place
    found = read_reply(site=site_of(request), token=token, now=timezone.now())
    return private_json(linked_answers.ReplyOutcome.of(found))
