"""What programs get, as the OpenAPI file describes it, made from the shapes that queries and actions return."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
from ninja import Schema
from pydantic import Field, PlainSerializer

from comity.queries.shapes import CommentShape, StoryShape, ThreadShape, VoteShape
from comity.rules.statuses import AuthorKind, CommentStatus, StoryState

__all__ = ["Comment", "Preview", "Receipt", "Story", "Thread", "Time", "Votes", "thread_json"]

Time = Annotated[
    datetime,
    PlainSerializer(lambda moment: moment.astimezone(UTC).isoformat().replace("+00:00", "Z"), return_type=str),
    Field(json_schema_extra={"format": "date-time"}, description="RFC 3339, UTC."),
]


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
        author = Author.model_construct(name=shape.author_name, kind=shape.author_kind, website=shape.author_website)
        return cls.model_construct(
            id=shape.id,
            parent_id=shape.parent_id,
            root_id=shape.root_id,
            reply_to=None
            if shape.reply_to_id is None
            else ReplyTo.model_construct(id=shape.reply_to_id, name=shape.reply_to_name),
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


def thread_json(shape: ThreadShape) -> bytes:
    """`Thread.of(shape)` as JSON, a tenth of the work: this is what programs ask for the most."""
    story = shape.story
    return msgspec.json.encode(
        {
            "story": {
                "key": story.key,
                "url": story.url,
                "title": story.title,
                "state": story.state,
                "closes_at": _time(story.closes_at),
                "published_at": _time(story.published_at),
                "language": story.language,
                "comment_count": story.count,
                "version": story.version,
            },
            "sort": shape.sort,
            "comments": [_comment(each) for each in shape.comments],
            "next_cursor": shape.next_cursor,
            "roots_left": shape.roots_left,
            "branch_id": shape.branch_id,
        }
    )


def _comment(shape: CommentShape) -> dict[str, object]:
    return {
        "id": shape.id,
        "parent_id": shape.parent_id,
        "root_id": shape.root_id,
        "reply_to": None if shape.reply_to_id is None else {"id": shape.reply_to_id, "name": shape.reply_to_name},
        "depth": shape.depth,
        "status": shape.status,
        "created_at": _time(shape.created_at),
        "edited_at": _time(shape.edited_at),
        "author": {"name": shape.author_name, "kind": shape.author_kind, "website": shape.author_website}
        if shape.author_name
        else None,
        "html": shape.html,
        "language": shape.language,
        "up_count": shape.up_count,
        "down_count": shape.down_count,
        "score": shape.score,
        "reply_count": shape.reply_count,
        "branch_count": shape.branch_count,
        "pinned": shape.pinned,
        "picked": shape.picked,
        "replies": [_comment(reply) for reply in shape.replies],
        "replies_left": shape.replies_left,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


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


class Preview(Schema):
    """A text as it would be shown."""

    html: str


class Receipt(Schema):
    """That a report was received."""

    receipt: str = Field(description="Address of the page where the outcome will stand.")
    decided_by: str = Field(description="`person`: no machine takes part in the decision on a report.")
    repeated: bool = Field(description="The same report was received before: this is its receipt.")
