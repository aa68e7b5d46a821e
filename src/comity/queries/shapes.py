"""The frozen shapes that queries and actions return. No model instance leaves those rooms."""

from __future__ import annotations

from datetime import datetime

import msgspec

from comity.rules.hours import OfficeHours
from comity.rules.statuses import AuthorKind, CommentStatus, StoryState

__all__ = [
    "CommentShape",
    "Cursor",
    "OwnComment",
    "PostedComment",
    "SiteShape",
    "StoryShape",
    "ThreadShape",
    "VoteShape",
]


class SiteShape(msgspec.Struct, frozen=True, kw_only=True):
    """A site with everything that reading and posting ask of it."""

    id: int
    key: str
    name: str
    language: str
    domains: tuple[str, ...]
    hosts: tuple[str, ...]
    email_requirement: str
    website_field: bool
    comment_minimum: int
    comment_maximum: int
    reply_minimum: int
    reply_maximum: int
    edit_window_seconds: int
    depth_limit: int
    page_size: int
    branch_size: int
    down_votes: bool
    guest_votes: bool
    pre_moderated: bool
    close_after_days: int | None
    office_hours: OfficeHours | None
    accent: str
    readers_contact: str = ""
    """How readers reach the newsroom: an e-mail or https address; empty when the site has not said."""
    readers_contact_person: bool = False
    authorities_contact: str = ""
    contact_languages: tuple[str, ...] = ()


class StoryShape(msgspec.Struct, frozen=True, kw_only=True):
    """A story as pages show it. `id` is None for a key nobody has used yet."""

    id: int | None
    site_id: int
    key: str
    url: str = ""
    title: str = ""
    body_html: str = ""
    source_credit: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    state: StoryState = StoryState.OPEN
    """The state in force now: a story past its closing time is closed."""
    closes_at: datetime | None = None
    version: int = 0
    count: int = 0
    """Published comments."""
    root_count: int = 0
    """Root comments with a place in the thread."""

    @property
    def is_hosted(self) -> bool:
        """Whether Comity holds the story's body."""
        return bool(self.body_html)


class CommentShape(msgspec.Struct, frozen=True, kw_only=True):
    """A comment as everybody sees it. A placeholder (`status` other than published) has no words and no author."""

    id: int
    story_key: str
    parent_id: int | None
    root_id: int
    reply_to_id: int | None
    """Set only when it differs from `parent_id`: the reply stands flat beyond the depth limit."""
    reply_to_name: str
    depth: int
    status: CommentStatus
    created_at: datetime
    edited_at: datetime | None
    author_kind: AuthorKind
    author_name: str
    author_website: str
    html: str
    language: str
    up_count: int
    down_count: int
    reply_count: int
    branch_count: int
    pinned: bool
    picked: bool
    replies: tuple[CommentShape, ...] = ()
    replies_left: int = 0
    """On a root: shown comments of its branch that this page leaves out."""

    @property
    def seen(self) -> str:
        """What whoever decides on it has seen: its status, and when its words were last changed."""
        changed = int(self.edited_at.timestamp() * 1_000_000) if self.edited_at else 0
        return f"{self.status}-{changed}"

    @property
    def score(self) -> int:
        """Up votes less down votes."""
        return self.up_count - self.down_count

    @property
    def is_published(self) -> bool:
        """Whether its words are shown."""
        return self.status is CommentStatus.PUBLISHED


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ends: sort, prominence, the sort's own key, and the id that breaks ties."""

    sort: str
    prominence: int
    key: float
    id: int


class ThreadChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What readers see otherwise in a thread since a version of its story."""

    story: StoryShape
    since: int
    changed: tuple[CommentShape, ...]
    """As they are now, without their replies, in the order in which readers first saw them."""
    new_ids: frozenset[int]
    """Those among them that readers have first seen since."""
    gone_ids: tuple[int, ...]
    """Comments that are not shown, whether or not they ever were."""
    is_complete: bool
    """Whether that is all; after too many changes, or from a version yet to come, the thread is loaded anew."""


class ThreadShape(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a thread."""

    story: StoryShape
    sort: str
    """`newest`, `oldest` or `popular`."""
    comments: tuple[CommentShape, ...]
    """Root comments with their replies nested."""
    next_cursor: str | None
    roots_left: int
    """Root comments after this page."""
    branch_id: int | None = None
    """Set when the page shows one branch alone."""


class OwnComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment as its author sees it."""

    comment: CommentShape
    status: CommentStatus
    text_source: str
    email: str
    editable_until: datetime | None
    """None when it may no longer be edited or withdrawn."""
    rule_key: str = ""
    """Rule cited by the decision in force, when held or removed."""
    rule_title: str = ""
    explanation: str = ""
    statement_token: str = ""
    """Opens the private page with the statement of reasons; empty where none is owed."""


class PostedComment(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a posting or an edit."""

    own: OwnComment
    repeated: bool
    """The request was a repeat: this is the first one's comment."""
    device_id: int | None
    device_token: str | None
    """To be given to the device, when this request made it one."""
    story: StoryShape | None = None
    """The story with this comment; None where it was not read."""


class VoteShape(msgspec.Struct, frozen=True, kw_only=True):
    """A comment's votes after one was cast, and the voter's own."""

    comment_id: int
    story_key: str
    up_count: int
    down_count: int
    own: int
    """1, 0 or -1."""
    device_id: int | None = None
    device_token: str | None = None
