"""What programs get, as the OpenAPI file describes it, made from the shapes that queries and actions return."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, PlainSerializer

from comity.queries.shapes import CommentShape, OwnComment, PostedComment, StoryShape, ThreadShape, VoteShape
from comity.rules.actors import Actor, StaffRole
from comity.rules.statuses import AuthorKind, CommentStatus, StoryState

__all__ = ["Comment", "Me", "Own", "Posted", "Preview", "Receipt", "Story", "Thread", "Votes"]

Time = Annotated[
    datetime,
    PlainSerializer(lambda moment: moment.astimezone(UTC).isoformat().replace("+00:00", "Z"), return_type=str),
    Field(json_schema_extra={"format": "date-time"}, description="RFC 3339, UTC."),
]

StatementPage = Callable[[str], str]


class Story(Schema):
    """A story, without its body."""

    key: str
    url: str
    title: str
    state: StoryState = Field(description="The state in force now: a story past its closing time is closed.")
    closes_at: Time | None
    published_at: Time | None
    language: str
    comment_count: int = Field(description="Published comments.")
    version: int = Field(description="Grows with every change that a reader can see.")

    @classmethod
    def of(cls, shape: StoryShape) -> Story:
        """The story of a shape; a key nobody has used yet is an open story without comments."""
        return cls(
            key=shape.key,
            url=shape.url,
            title=shape.title,
            state=shape.state,
            closes_at=shape.closes_at,
            published_at=shape.published_at,
            language=shape.language,
            comment_count=shape.count,
            version=shape.version,
        )


class Author(Schema):
    """Who wrote a comment, as readers are told."""

    name: str
    kind: AuthorKind
    website: str


class ReplyTo(Schema):
    """The comment answered, where the reply stands flat beyond the depth limit."""

    id: int
    name: str


class Comment(Schema):
    """A comment. One that is removed or withdrawn keeps its place for its replies, without words and author."""

    id: int
    parent_id: int | None
    root_id: int
    reply_to: ReplyTo | None
    depth: int = Field(description="0 for a comment on the story itself.")
    status: CommentStatus
    created_at: Time
    edited_at: Time | None
    author: Author | None
    html: str = Field(description="Safe to be put into a page as it is.")
    language: str = Field(description="BCP 47 tag; `und` when it cannot be told.")
    up_count: int
    down_count: int
    score: int
    reply_count: int
    branch_count: int = Field(description="Published comments below this one, at any depth.")
    pinned: bool
    picked: bool
    replies: list[Comment] = Field(description="Oldest first.")
    replies_left: int = Field(description="Comments of this branch that this page leaves out: ask for the branch.")

    @classmethod
    def of(cls, shape: CommentShape) -> Comment:
        """The comment of a shape, with its replies."""
        author = Author(name=shape.author_name, kind=shape.author_kind, website=shape.author_website)
        return cls(
            id=shape.id,
            parent_id=shape.parent_id,
            root_id=shape.root_id,
            reply_to=None if shape.reply_to_id is None else ReplyTo(id=shape.reply_to_id, name=shape.reply_to_name),
            depth=shape.depth,
            status=shape.status,
            created_at=shape.created_at,
            edited_at=shape.edited_at,
            author=author if shape.author_name else None,
            html=shape.html,
            language=shape.language,
            up_count=shape.up_count,
            down_count=shape.down_count,
            score=shape.score,
            reply_count=shape.reply_count,
            branch_count=shape.branch_count,
            pinned=shape.pinned,
            picked=shape.picked,
            replies=[cls.of(reply) for reply in shape.replies],
            replies_left=shape.replies_left,
        )


class Thread(Schema):
    """One page of a conversation."""

    story: Story
    sort: str
    comments: list[Comment] = Field(description="Root comments with their replies nested.")
    next_cursor: str | None = Field(description="The `cursor` of the next page; null on the last.")
    roots_left: int = Field(description="Root comments after this page.")
    branch_id: int | None

    @classmethod
    def of(cls, shape: ThreadShape) -> Thread:
        """The page of a shape."""
        return cls(
            story=Story.of(shape.story),
            sort=shape.sort,
            comments=[Comment.of(each) for each in shape.comments],
            next_cursor=shape.next_cursor,
            roots_left=shape.roots_left,
            branch_id=shape.branch_id,
        )


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
            reason = Reason(rule=shape.rule_key, title=shape.rule_title, explanation=shape.explanation)
        return cls(
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
        return cls(
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


class Votes(Schema):
    """A comment's votes after one was cast."""

    comment_id: int
    up_count: int
    down_count: int
    score: int
    own: int = Field(description="1, 0 or -1.")
    device_token: str | None = Field(description="As in the answer to a posting.")

    @classmethod
    def of(cls, shape: VoteShape, *, device_token: str | None) -> Votes:
        """The votes of a shape."""
        return cls(
            comment_id=shape.comment_id,
            up_count=shape.up_count,
            down_count=shape.down_count,
            score=shape.up_count - shape.down_count,
            own=shape.own,
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


class Preview(Schema):
    """A text as it would be shown."""

    html: str


class Receipt(Schema):
    """That a report was received."""

    receipt: str = Field(description="Address of the page where the outcome will stand.")
    decided_by: str = Field(description="`person`: no machine takes part in the decision on a report.")
    repeated: bool = Field(description="The same report was received before: this is its receipt.")
