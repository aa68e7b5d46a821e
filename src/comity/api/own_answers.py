"""What one reader gets of their own comments and votes, as the OpenAPI file describes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ninja import Schema
from pydantic import Field

from comity.api.answers import Comment, Time
from comity.queries.shapes import OwnComment, PostedComment
from comity.rules.actors import Actor, StaffRole
from comity.rules.statuses import CommentStatus

__all__ = ["Me", "Own", "Posted"]

StatementPage = Callable[[str], str]


class Reason(Schema):
    """Why a comment waits or was removed."""

    rule: str = Field(description="Key of the house rule, or empty: not every comment that waits met a rule.")
    title: str
    explanation: str


class Own(Schema):
    """A comment as its author sees it."""

    comment: Comment
    status: CommentStatus
    text: str = Field(description="The source as typed.")
    editable_until: Time | None = Field(description="Null when it may no longer be edited or withdrawn.")
    reason: Reason | None
    statement_of_reasons: str | None = Field(
        description="Address of the private page that says why the comment waits or was removed, and takes an appeal; "
        "null where no statement is owed. Whoever has the address can read it."
    )

    @classmethod
    def of(cls, shape: OwnComment, *, page_of: StatementPage) -> Own:
        """The comment of a shape.

        Args:
            page_of: makes the statement's address of its token.
        """
        reason = None
        if shape.explanation or shape.rule_key:
            reason = Reason.model_construct(rule=shape.rule_key, title=shape.rule_title, explanation=shape.explanation)
        # Made of a shape, whose members are known to be what they should: nothing is checked again.
        return cls.model_construct(
            comment=Comment.of(shape.comment),
            status=shape.status,
            text=shape.text_source,
            editable_until=shape.editable_until,
            reason=reason,
            statement_of_reasons=page_of(shape.statement_token) if shape.statement_token else None,
        )


class Posted(Own):
    """What came of a posting."""

    repeated: bool = Field(description="The request was a repeat: this is the first one's comment.")
    fragment: str = Field(description="The comment as Comity's pages render it; empty unless it is published.")
    device_token: str | None = Field(
        description="Given once, when this request made a device: keep it and send it as "
        "`Authorization: Comity-Device <token>`. Null for a known device and on Comity's own pages, which use a cookie."
    )

    @classmethod
    def from_posted(
        cls, posted: PostedComment, *, page_of: StatementPage, fragment: str, device_token: str | None
    ) -> Posted:
        """What the action returned, with the bytes of the pages."""
        own = Own.of(posted.own, page_of=page_of)
        return cls.model_construct(
            comment=own.comment,
            status=own.status,
            text=own.text,
            editable_until=own.editable_until,
            reason=own.reason,
            statement_of_reasons=own.statement_of_reasons,
            repeated=posted.repeated,
            fragment=fragment,
            device_token=device_token,
        )


class OwnVote(Schema):
    """One of the reader's votes."""

    comment_id: int
    value: int = Field(description="1 or -1.")


class StaffMember(Schema):
    """The member of staff who asks."""

    name: str
    role: StaffRole


class Me(Schema):
    """What differs per reader on one story. Empty for someone whom Comity does not know."""

    key: str
    known: bool = Field(description="Whether the request proved a device, a reader or a member of staff.")
    staff: StaffMember | None
    comments: list[Own] = Field(description="The reader's own comments on this story, newest first, held ones too.")
    votes: list[OwnVote]

    @classmethod
    def of(
        cls,
        *,
        key: str,
        page_of: StatementPage,
        actor: Actor,
        comments: tuple[OwnComment, ...],
        votes: Mapping[int, int],
    ) -> Me:
        """What the actor may know of itself on the story with this key."""
        staff = None
        if actor.staff_role is not None:
            staff = StaffMember(name=actor.staff_name, role=actor.staff_role)
        return cls(
            key=key,
            known=actor.device_id is not None or actor.reader_id is not None or staff is not None,
            staff=staff,
            comments=[Own.of(each, page_of=page_of) for each in comments],
            votes=[OwnVote(comment_id=comment_id, value=value) for comment_id, value in votes.items()],
        )
