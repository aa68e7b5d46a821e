"""Reporting a comment."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Query, Router

from comity.actions.reports import file_report
from comity.api import answers, bodies
from comity.api.comments import CommentId
from comity.api.operations import CHANGING, SENDING, Place, documented, linked_page, private_json
from comity.queries.reports import gathered
from comity.rules.limits import Purpose
from comity.rules.refusals import RefusalCode as C
from comity.rules.reports import check_notice
from comity.web import throttle
from comity.web.actors import identify
from comity.web.sites import site_of

__all__ = ["router"]

router = Router(tags=["conversation"])


@router.post(
    "/comments/{int:comment_id}/reports",
    response={200: answers.Receipt, 201: answers.Receipt},
    url_name="api-report",
    operation_id="reportComment",
    summary="Report a comment",
    openapi_extra=documented(
        *CHANGING,
        *SENDING,
        C.COMMENT_UNKNOWN,
        C.REPORT_NOT_PUBLISHED,
        C.REPORT_REASON_MISSING,
        C.REPORT_EXPLANATION_MISSING,
        C.REPORT_GOOD_FAITH_MISSING,
        C.TEXT_TOO_LONG,
        C.NAME_MISSING,
        C.NAME_TOO_LONG,
        C.NAME_INVALID,
        C.EMAIL_MISSING,
        C.EMAIL_INVALID,
        security=[{}],
    ),
)
def report(
    request: HttpRequest,
    comment_id: CommentId,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.NewReport, Body(...)],
) -> HttpResponse:
    """Anybody may, without signing in. 201: received. 200: the same report was received before. A person decides; the
    outcome stands on the receipt's page."""
    del place
    site = site_of(request)
    actor = identify(request, site)
    notice = check_notice(
        reason=body.reason,
        explanation=body.explanation,
        name=body.reporter_name,
        email=body.reporter_email,
        good_faith=body.good_faith,
    )
    known = gathered(actor=actor, site=site, comment_id=comment_id, notice=notice)
    if known.receipt is None:
        throttle.spend(Purpose.REPORT, actor)
    filed = file_report(actor=actor, site=site, comment_id=comment_id, notice=notice, known=known, now=timezone.now())
    answer = answers.Receipt(
        receipt=linked_page(request, "receipt", filed.token), decided_by="person", repeated=filed.repeated
    )
    return private_json(answer, status=200 if filed.repeated else 201)
