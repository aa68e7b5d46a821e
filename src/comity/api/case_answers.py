"""Reports as the newsroom's programs get them, as the OpenAPI file describes it."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from comity.api.answers import Comment, Time
from comity.queries.preservation import PreservationShape, StepShape
from comity.queries.reports import CaseShape, ReportShape
from comity.rules.preservation import PreservationStep
from comity.rules.reports import CaseState, ReportReason

__all__ = ["Case", "CaseDetail", "CaseList", "Decided"]


class ReasonCount(Schema):
    """How many reports, of those kept word for word, give a reason."""

    reason: ReportReason
    count: int


class Case(Schema):
    """All reports of a comment that are decided together."""

    id: int
    comment: Comment
    story_title: str
    state: CaseState
    is_urgent: bool = Field(description="Somebody's life or safety is said to be in danger.")
    count: int = Field(description="Every report, also those that are counted and not kept.")
    opened_at: Time
    reasons: list[ReasonCount]

    @classmethod
    def of(cls, shape: CaseShape) -> Case:
        """The case of a shape."""
        return cls(**_members(shape))


class CaseList(Schema):
    """What waits: danger first, then the oldest."""

    cases: list[Case]


class Reported(Schema):
    """One report."""

    reason: ReportReason
    explanation: str
    filed_at: Time
    reporter_name: str | None = Field(description="Null for staff without the right `see_reporters`.")
    reporter_email: str | None = Field(description="As `reporter_name`.")

    @classmethod
    def of(cls, shape: ReportShape, *, sees: bool) -> Reported:
        """The report of a shape."""
        return cls(
            reason=shape.reason,
            explanation=shape.explanation,
            filed_at=shape.filed_at,
            reporter_name=shape.name if sees else None,
            reporter_email=shape.email if sees else None,
        )


class Step(Schema):
    """One step of the record kept for authorities."""

    step: PreservationStep
    noted_at: Time
    by: str
    why: str
    digest: str = Field(description="SHA-256 of what was put aside, or of the file's bytes.")
    with_reporters: bool
    authority: str
    reference: str
    told_at: Time | None

    @classmethod
    def of(cls, shape: StepShape) -> Step:
        """The step of a shape."""
        return cls(
            step=shape.step,
            noted_at=shape.noted_at,
            by=shape.by,
            why=shape.why,
            digest=shape.digest,
            with_reporters=shape.with_reporters,
            authority=shape.authority,
            reference=shape.reference,
            told_at=shape.told_at,
        )


class Evidence(Schema):
    """What is put aside of a case."""

    kept: int = Field(description="Records that were not let go.")
    is_current: bool = Field(description="Nothing has changed since the last of them.")
    steps: list[Step]


class CaseDetail(Case):
    """A case with its reports."""

    reports: list[Reported]
    evidence: Evidence | None = Field(description="Null for staff without the right `preserve_evidence`.")

    @classmethod
    def of_all(cls, shape: CaseShape, *, sees: bool, evidence: PreservationShape | None) -> CaseDetail:
        """The case of its shapes."""
        return cls(
            **_members(shape),
            reports=[Reported.of(each, sees=sees) for each in shape.reports],
            evidence=None
            if evidence is None
            else Evidence(
                kept=evidence.kept,
                is_current=evidence.is_current,
                steps=[Step.of(each) for each in evidence.steps],
            ),
        )


class Decided(Schema):
    """What came of a case."""

    state: CaseState


def _members(shape: CaseShape) -> dict[str, Any]:
    return {
        "id": shape.id,
        "comment": Comment.of(shape.comment),
        "story_title": shape.story_title,
        "state": shape.state,
        "is_urgent": shape.is_urgent,
        "count": shape.count,
        "opened_at": shape.opened_at,
        "reasons": [ReasonCount(reason=reason, count=count) for reason, count in shape.reasons],
    }
