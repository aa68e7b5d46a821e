"""Putting evidence aside when life or safety is in danger, handing it over, recording who was told, letting go."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from comity.actions import outbox
from comity.actions.reporting import locked_case
from comity.actions.writing import write_transaction
from comity.events import EvidenceHandled
from comity.models import Comment, PreservationEntry, PreservedRecord, ReportCase, Staff
from comity.queries.evidence import preservable
from comity.queries.preservation import export_document
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.permissions import Permission, require
from comity.rules.preservation import (
    PreservationStep,
    check_authority,
    check_reference,
    check_told_at,
    check_why,
    document_digest,
)
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["export_case", "preserve_before_erasure", "preserve_case", "record_told", "release_case"]


def _staff_id(actor: Actor, site: SiteShape) -> int:
    return int(Staff.objects.values_list("pk", flat=True).get(site_id=site.id, pk=actor.staff_id or 0))


def _note(case: ReportCase, step: PreservationStep, *, staff_id: int | None, now: datetime, **more: Any) -> int:
    entry = PreservationEntry.objects.create(
        site_id=case.site_id, case=case, step=step.value, staff_id=staff_id, noted_at=now, **more
    )
    outbox.record(
        EvidenceHandled(
            site_id=case.site_id,
            story_id=case.comment.story_id,
            comment_id=case.comment_id,
            case_id=case.pk,
            entry_id=entry.pk,
        )
    )
    return int(entry.pk)


def _put_aside(case: ReportCase, *, staff_id: int | None, why: str, now: datetime) -> int:
    document = preservable(case)
    record = PreservedRecord.objects.create(
        site_id=case.site_id,
        case=case,
        document=document,
        digest=document_digest(document),
        preserved_at=now,
        preserved_by_id=staff_id,
    )
    _note(case, PreservationStep.PRESERVED, staff_id=staff_id, now=now, why=why, digest=record.digest)
    return int(record.pk)


def preserve_case(*, actor: Actor, site: SiteShape, case_id: int, why: str, now: datetime) -> int:
    """Put aside what is known of a reported comment, for authorities. Until it is let go, neither an edit nor a
    withdrawal, retention or erasure takes it away.

    Args:
        why: for the record.

    Returns:
        The record's id.

    Raises:
        Refusal: `authentication_required`, `permission_denied` (editors only), `case_unknown`,
            `preservation_reason_missing`, `text_too_long`.
    """
    require(actor, Permission.PRESERVE_EVIDENCE)
    said = check_why(why)
    with write_transaction():
        case = locked_case(site=site, case_id=case_id)
        return _put_aside(case, staff_id=_staff_id(actor, site), why=said, now=now)


def preserve_before_erasure(comment: Comment, *, now: datetime) -> None:
    """Put aside what has changed of a comment since it was last put aside; inside the transaction that erases it."""
    cases = ReportCase.objects.filter(comment_id=comment.pk, preserved__released_at=None, preserved__isnull=False)
    for case in cases.distinct().order_by("pk"):
        case.comment = comment
        last = PreservedRecord.objects.filter(case_id=case.pk, released_at=None).latest("pk")
        if last.digest != document_digest(preservable(case)):
            _put_aside(case, staff_id=None, why="Before an erasure", now=now)


def export_case(*, actor: Actor, site: SiteShape, case_id: int, with_reporters: bool, now: datetime) -> bytes:
    """The file to hand over of what is put aside: JSON. That it was taken out, by whom, and its digest are recorded.

    Args:
        with_reporters: the file also says who reported.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `case_unknown`, `preserved_nothing`.
    """
    require(actor, Permission.PRESERVE_EVIDENCE)
    if with_reporters:
        require(actor, Permission.SEE_REPORTERS)
    with write_transaction():
        case = locked_case(site=site, case_id=case_id)
        document = export_document(case, site=site, with_reporters=with_reporters)
        document |= {"exported_at": now.isoformat(), "exported_by": actor.staff_name}
        body = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
        _note(
            case,
            PreservationStep.EXPORTED,
            staff_id=_staff_id(actor, site),
            now=now,
            digest=sha256(body).hexdigest(),
            with_reporters=with_reporters,
        )
    return body


def record_told(
    *,
    actor: Actor,
    site: SiteShape,
    case_id: int,
    authority: str,
    reference: str = "",
    told_at: datetime | None = None,
    now: datetime,
) -> int:
    """Record that an authority was told of a case; each time, if it is told again or another is.

    Args:
        reference: the number that the authority gave the matter.
        told_at: when, if it was not now.

    Returns:
        The entry's id.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `case_unknown`, `authority_missing`, `text_too_long`,
            `field_invalid` (told in the future).
    """
    require(actor, Permission.PRESERVE_EVIDENCE)
    told = {
        "authority": check_authority(authority),
        "reference": check_reference(reference),
        "told_at": check_told_at(told_at, now=now),
    }
    with write_transaction():
        case = locked_case(site=site, case_id=case_id)
        return _note(case, PreservationStep.TOLD, staff_id=_staff_id(actor, site), now=now, **told)


def release_case(*, actor: Actor, site: SiteShape, case_id: int, why: str, now: datetime) -> int:
    """Let go of what is put aside of a case: the records are emptied, their digests and every step stay.

    Args:
        why: for the record.

    Returns:
        How many records.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `case_unknown`, `preserved_nothing`,
            `preservation_reason_missing`, `text_too_long`.
    """
    require(actor, Permission.PRESERVE_EVIDENCE)
    said = check_why(why)
    with write_transaction():
        case = locked_case(site=site, case_id=case_id)
        count = PreservedRecord.objects.filter(case_id=case.pk, released_at=None).update(document={}, released_at=now)
        if not count:
            raise Refusal(RefusalCode.PRESERVED_NOTHING)
        _note(case, PreservationStep.RELEASED, staff_id=_staff_id(actor, site), now=now, why=said)
    return count
