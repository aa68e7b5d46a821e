"""What a link that was sent out opens, as the OpenAPI file describes it."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from comity.api.answers import Time
from comity.queries.reasons import StatementShape
from comity.queries.replies import ReplyShape
from comity.queries.reports import ReceiptPage
from comity.rules.appeals import AppealState
from comity.rules.reports import CaseState
from comity.rules.statuses import CommentStatus

__all__ = ["ReplyOutcome", "ReplyTaken", "ReportOutcome", "StatementOfReasons"]


class StatementPart(Schema):
    """One part of a statement."""

    heading: str
    sentences: list[str]


class AppealAnswer(Schema):
    """How an appeal stands."""

    state: AppealState
    text: str
    filed_at: Time
    due_at: Time
    decided_at: Time | None
    reason: str = Field(description="The newsroom's answer; empty until there is one.")
    same_decider: bool = Field(description="Nobody else could decide: whoever took the decision decided the appeal.")


class StatementOfReasons(Schema):
    """What was decided on a comment or its author, why, and how to object."""

    comment_id: int
    story_key: str
    decided_at: Time
    language: str = Field(description="Of `title` and `parts`: the comment's own, where Comity speaks it.")
    direction: str = Field(description="`ltr` or `rtl`.")
    title: str
    parts: list[StatementPart]
    comment_html: str = Field(description="The comment; empty once it was erased.")
    comment_status: CommentStatus = Field(description="Now, which a later decision may have changed.")
    on_author: bool = Field(description="What was decided restricts the author; the comment stays as it is.")
    lifted_at: Time | None
    may_appeal: bool
    appeal_until: Time
    appeal: AppealAnswer | None

    @classmethod
    def of(cls, shape: StatementShape) -> StatementOfReasons:
        """The statement of a shape."""
        appeal = shape.appeal
        return cls(
            comment_id=shape.comment_id,
            story_key=shape.story_key,
            decided_at=shape.decided_at,
            language=shape.language,
            direction=shape.direction,
            title=shape.statement.title,
            parts=[StatementPart(heading=heading, sentences=list(said)) for heading, said in shape.statement.parts],
            comment_html=shape.comment_html,
            comment_status=shape.comment_status,
            on_author=shape.on_author,
            lifted_at=shape.lifted_at,
            may_appeal=shape.may_appeal,
            appeal_until=shape.appeal_until,
            appeal=None
            if appeal is None
            else AppealAnswer(
                state=appeal.state,
                text=appeal.text,
                filed_at=appeal.filed_at,
                due_at=appeal.due_at,
                decided_at=appeal.decided_at,
                reason=appeal.reason,
                same_decider=appeal.same_decider,
            ),
        )


class ReportOutcome(Schema):
    """That a report was received, and what came of it."""

    comment_id: int
    story_key: str
    filed_at: Time
    state: CaseState
    decided_at: Time | None
    by_machine: bool = Field(description="Whether the decision was taken by automated means.")

    @classmethod
    def of(cls, shape: ReceiptPage) -> ReportOutcome:
        """The outcome of a shape."""
        return cls(
            comment_id=shape.comment_id,
            story_key=shape.story_key,
            filed_at=shape.filed_at,
            state=shape.state,
            decided_at=shape.decided_at,
            by_machine=shape.by_machine,
        )


class ReplyTaken(Schema):
    """That a request for a right of reply was received."""

    receipt: str = Field(description="Address of the page where the answer will stand.")


class ReplyOutcome(Schema):
    """A request for a right of reply, and the editor's answer."""

    story_key: str
    passage: str
    reply: str
    filed_at: Time
    answered_at: Time | None
    answer: str

    @classmethod
    def of(cls, shape: ReplyShape) -> ReplyOutcome:
        """The outcome of a shape."""
        return cls(
            story_key=shape.story_key,
            passage=shape.passage,
            reply=shape.reply,
            filed_at=shape.filed_at,
            answered_at=shape.answered_at,
            answer=shape.answer,
        )
