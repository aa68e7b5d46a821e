"""Reading what is put aside for authorities, and every step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Exists, OuterRef

from comity.models import PreservationEntry, PreservedRecord, Report, ReportCase, Site
from comity.queries.evidence import preservable, time_text
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.identifiers import is_identifier
from comity.rules.permissions import Permission, require
from comity.rules.preservation import PreservationStep, document_digest
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.reports import CaseState

__all__ = [
    "PreservationShape",
    "PutAside",
    "StepShape",
    "export_document",
    "is_preserved",
    "put_aside",
    "read_preservation",
]


class StepShape(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the record."""

    step: PreservationStep
    noted_at: datetime
    by: str
    """Name of the member of staff; empty for an erasure."""
    why: str
    digest: str
    with_reporters: bool
    authority: str
    reference: str
    told_at: datetime | None


class PreservationShape(msgspec.Struct, frozen=True, kw_only=True):
    """What is put aside of a case."""

    kept: int
    """Records that were not let go."""
    is_current: bool
    """Nothing has changed since the last of them."""
    steps: tuple[StepShape, ...]
    """Oldest first."""


class PutAside(msgspec.Struct, frozen=True, kw_only=True):
    """What is put aside at a site, for `comity doctor`."""

    site_key: str
    records: int
    oldest: datetime | None
    spoilt: int
    """Records that no longer are what their digest says."""
    waiting: int
    """Open cases of danger of which nothing is put aside."""


def is_preserved(comment: str) -> Exists:
    """Whether something of the comment that the column names is put aside and not let go."""
    return Exists(PreservedRecord.objects.filter(case__comment_id=OuterRef(comment), released_at=None))


def _case(*, site: SiteShape, case_id: int) -> ReportCase:
    row = (
        ReportCase.objects.select_related("comment__story", "comment__device", "comment__reader")
        .filter(pk=case_id, site_id=site.id)
        .first()
        if is_identifier(case_id)
        else None
    )
    if row is None:
        raise Refusal(RefusalCode.CASE_UNKNOWN)
    return row


def _step(row: PreservationEntry) -> StepShape:
    return StepShape(
        step=PreservationStep(row.step),
        noted_at=row.noted_at,
        by=row.staff.name if row.staff is not None else "",
        why=row.why,
        digest=row.digest,
        with_reporters=row.with_reporters,
        authority=row.authority,
        reference=row.reference,
        told_at=row.told_at,
    )


def _steps(case_id: int) -> tuple[StepShape, ...]:
    rows = PreservationEntry.objects.select_related("staff").filter(case_id=case_id).order_by("pk")
    return tuple(_step(row) for row in rows)


def read_preservation(*, site: SiteShape, case_id: int, actor: Actor) -> PreservationShape:
    """What is put aside of a case, and what was done about it.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `case_unknown`.
    """
    require(actor, Permission.PRESERVE_EVIDENCE)
    case = _case(site=site, case_id=case_id)
    digests = list(
        PreservedRecord.objects.filter(case_id=case.pk, released_at=None)
        .order_by("pk")
        .values_list("digest", flat=True)
    )
    return PreservationShape(
        kept=len(digests),
        is_current=bool(digests) and digests[-1] == document_digest(preservable(case)),
        steps=_steps(case.pk),
    )


def export_document(case: ReportCase, *, site: SiteShape, with_reporters: bool) -> dict[str, Any]:
    """What is put aside of a case, as one document to hand over, with every step so far.

    Args:
        with_reporters: also who reported: name and address as they gave them.

    Raises:
        Refusal: `preserved_nothing`.
    """
    records = list(
        PreservedRecord.objects.select_related("preserved_by").filter(case_id=case.pk, released_at=None).order_by("pk")
    )
    if not records:
        raise Refusal(RefusalCode.PRESERVED_NOTHING)
    document: dict[str, Any] = {
        "format": "comity-preserved-1",
        "site": {"key": site.key, "name": site.name},
        "case": {
            "id": case.pk,
            "opened_at": time_text(case.opened_at),
            "is_urgent": case.is_urgent,
            "reports": case.report_count,
            "state": case.state,
            "decided_at": time_text(case.decided_at),
        },
        "records": [
            {
                "id": each.pk,
                "preserved_at": time_text(each.preserved_at),
                "preserved_by": each.preserved_by.name if each.preserved_by is not None else "",
                "digest": each.digest,
                "document": each.document,
            }
            for each in records
        ],
        "steps": msgspec.to_builtins(_steps(case.pk)),
    }
    if with_reporters:
        document["reporters"] = [
            {"report": each.pk, "name": each.reporter_name, "email": each.reporter_email}
            for each in Report.objects.filter(case_id=case.pk)
            .exclude(reporter_name="", reporter_email="")
            .order_by("pk")
        ]
    return document


def put_aside() -> tuple[PutAside, ...]:
    """One for each site, by key."""
    found = []
    for site_id, key in Site.objects.order_by("key").values_list("pk", "key"):
        kept = PreservedRecord.objects.filter(site_id=site_id, released_at=None)
        waiting = ReportCase.objects.filter(~is_preserved("comment_id"), site_id=site_id, state=CaseState.OPEN)
        records, oldest, spoilt = 0, None, 0
        for document, digest, preserved_at in kept.order_by("pk").values_list("document", "digest", "preserved_at"):
            records += 1
            oldest = oldest or preserved_at
            spoilt += document_digest(document) != digest
        found.append(
            PutAside(
                site_key=key,
                records=records,
                oldest=oldest,
                spoilt=spoilt,
                waiting=waiting.filter(is_urgent=True).count(),
            )
        )
    return tuple(found)
