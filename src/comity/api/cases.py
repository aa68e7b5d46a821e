"""Reports that wait, their decision, and evidence put aside for authorities: for the newsroom's own pages and tools."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body, Path, Query, Router

from comity.actions.preservation import export_case, preserve_case, record_told, release_case
from comity.actions.reports import decide_case
from comity.api import bodies, case_answers
from comity.api.operations import CHANGING, JSON, READING, SENDING, Place, documented, private_json
from comity.queries.preservation import read_preservation
from comity.queries.reports import open_cases, read_case
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.permissions import PERMISSIONS, Permission, require
from comity.rules.refusals import RefusalCode as C
from comity.web.actors import identify
from comity.web.etags import answer_private
from comity.web.sites import site_of

__all__ = ["router"]

router = Router(tags=["newsroom"])
CaseId = Annotated[int, Path(..., description="Id of the case.", examples=[3])]
_STAFF: list[dict[str, list[str]]] = [{"staffSession": []}]
_DOOR = (C.AUTHENTICATION_REQUIRED, C.PERMISSION_DENIED)
_CASE = (*CHANGING, *SENDING, *_DOOR, C.CASE_UNKNOWN)


def _enter(request: HttpRequest, permission: Permission) -> tuple[SiteShape, Actor]:
    site = site_of(request)
    actor = identify(request, site)
    require(actor, permission)
    return site, actor


def _detail(site: SiteShape, actor: Actor, case_id: int, *, status: int = 200) -> HttpResponse:
    rights = PERMISSIONS[actor.staff_role] if actor.staff_role is not None else frozenset()
    keeps = Permission.PRESERVE_EVIDENCE in rights
    answer = case_answers.CaseDetail.of_all(
        read_case(site=site, case_id=case_id, actor=actor),
        sees=Permission.SEE_REPORTERS in rights,
        evidence=read_preservation(site=site, case_id=case_id, actor=actor) if keeps else None,
    )
    return private_json(answer, status=status)


@router.get(
    "/reports",
    response={200: case_answers.CaseList},
    url_name="api-cases",
    operation_id="listCases",
    summary="List reports that wait, by comment",
    openapi_extra=documented(*READING, *_DOOR, security=_STAFF),
)
def cases(request: HttpRequest, place: Annotated[Place, Query(...)]) -> HttpResponse:
    """Danger for life first, then the oldest; at most 50."""
    del place
    site, _ = _enter(request, Permission.MODERATE)
    return private_json(case_answers.CaseList(cases=[case_answers.Case.of(each) for each in open_cases(site=site)]))


@router.get(
    "/reports/{int:case_id}",
    response={200: case_answers.CaseDetail},
    url_name="api-case",
    operation_id="readCase",
    summary="Read the reports of a comment",
    openapi_extra=documented(*READING, *_DOOR, C.CASE_UNKNOWN, security=_STAFF),
)
def case(request: HttpRequest, case_id: CaseId, place: Annotated[Place, Query(...)]) -> HttpResponse:
    """Who reported is told to staff with the right alone."""
    del place
    site, actor = _enter(request, Permission.MODERATE)
    return _detail(site, actor, case_id)


@router.post(
    "/reports/{int:case_id}/decision",
    response={200: case_answers.Decided},
    url_name="api-case-decision",
    operation_id="decideCase",
    summary="Decide the reports of a comment",
    openapi_extra=documented(*_CASE, C.CASE_ALREADY_DECIDED, security=_STAFF),
)
def decision(
    request: HttpRequest,
    case_id: CaseId,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.CaseDecision, Body(...)],
) -> HttpResponse:
    """Remove the comment, citing a house rule, or let it stand; whoever reported reads the outcome."""
    del place
    site, actor = _enter(request, Permission.MODERATE)
    state = decide_case(
        actor=actor,
        site=site,
        case_id=case_id,
        remove=body.outcome == "remove",
        rule_key=body.rule,
        now=timezone.now(),
    )
    return private_json(case_answers.Decided(state=state))


@router.post(
    "/reports/{int:case_id}/evidence",
    response={201: case_answers.CaseDetail},
    url_name="api-case-preserve",
    operation_id="preserveEvidence",
    summary="Put evidence aside for authorities",
    openapi_extra=documented(*_CASE, C.PRESERVATION_REASON_MISSING, C.TEXT_TOO_LONG, security=_STAFF),
)
def preserve(
    request: HttpRequest,
    case_id: CaseId,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.Why, Body(...)],
) -> HttpResponse:
    """What is known now; until it is let go, editing, withdrawal, retention and erasure do not reach it."""
    del place
    site, actor = _enter(request, Permission.PRESERVE_EVIDENCE)
    preserve_case(actor=actor, site=site, case_id=case_id, why=body.why, now=timezone.now())
    return _detail(site, actor, case_id, status=201)


@router.post(
    "/reports/{int:case_id}/export",
    response={200: dict[str, object]},
    url_name="api-case-export",
    operation_id="exportEvidence",
    summary="Take out what is put aside, as one file",
    openapi_extra=documented(*_CASE, C.PRESERVED_NOTHING, security=_STAFF),
)
def export(
    request: HttpRequest,
    case_id: CaseId,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.EvidenceExport, Body(...)],
) -> HttpResponse:
    """That it was taken out, by whom, and the SHA-256 of these bytes are recorded."""
    del place
    site, actor = _enter(request, Permission.PRESERVE_EVIDENCE)
    made = export_case(actor=actor, site=site, case_id=case_id, with_reporters=body.with_reporters, now=timezone.now())
    return answer_private(made, content_type=JSON)


@router.post(
    "/reports/{int:case_id}/told",
    response={201: case_answers.CaseDetail},
    url_name="api-case-told",
    operation_id="recordAuthorityTold",
    summary="Record that an authority was told",
    openapi_extra=documented(*_CASE, C.AUTHORITY_MISSING, C.TEXT_TOO_LONG, security=_STAFF),
)
def told(
    request: HttpRequest,
    case_id: CaseId,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.AuthorityTold, Body(...)],
) -> HttpResponse:
    """As often as one is told; no entry is ever changed."""
    del place
    site, actor = _enter(request, Permission.PRESERVE_EVIDENCE)
    record_told(
        actor=actor,
        site=site,
        case_id=case_id,
        authority=body.authority,
        reference=body.reference,
        told_at=body.told_at,
        now=timezone.now(),
    )
    return _detail(site, actor, case_id, status=201)


@router.post(
    "/reports/{int:case_id}/release",
    response={200: case_answers.CaseDetail},
    url_name="api-case-release",
    operation_id="releaseEvidence",
    summary="Let go of what is put aside",
    openapi_extra=documented(
        *_CASE, C.PRESERVED_NOTHING, C.PRESERVATION_REASON_MISSING, C.TEXT_TOO_LONG, security=_STAFF
    ),
)
def release(
    request: HttpRequest,
    case_id: CaseId,
    place: Annotated[Place, Query(...)],
    body: Annotated[bodies.Why, Body(...)],
) -> HttpResponse:
    """The copies are emptied for good; their digests and every step stay."""
    del place
    site, actor = _enter(request, Permission.PRESERVE_EVIDENCE)
    release_case(actor=actor, site=site, case_id=case_id, why=body.why, now=timezone.now())
    return _detail(site, actor, case_id)
