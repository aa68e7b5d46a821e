"""Reading a thread, page by page. The cost of a page does not grow with the thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db.models import QuerySet

from comity.models import Comment
from comity.queries.cursors import ORDERINGS, SORTS, after, decode, encode, moment_key
from comity.queries.prepared import Prepared
from comity.queries.shapes import CommentShape, Cursor, SiteShape, StoryShape, ThreadShape
from comity.queries.stories import find_story
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import AuthorKind, CommentStatus, Prominence

__all__ = ["comment_shape", "nest", "read_thread"]

BRANCH_PAGE_SIZE = 100
"""Comments on one page of a single branch."""


class CommentRow(NamedTuple):
    """The columns of a comment that a thread shows, without the cost of a model instance."""

    pk: int
    parent_id: int | None
    root_id: int | None
    reply_to_id: int | None
    depth: int
    status: str
    created_at: datetime
    edited_at: datetime | None
    author_kind: str
    author_name: str
    author_website: str
    text_html: str
    language: str
    up_count: int
    down_count: int
    reply_count: int
    branch_count: int
    prominence: int
    popularity: float


Rows = QuerySet[Comment, tuple[Any, ...]]


def _rows(comments: QuerySet[Comment]) -> list[CommentRow]:
    return [CommentRow._make(row) for row in _columns(comments)]


def _columns(comments: QuerySet[Comment]) -> Rows:
    return comments.values_list(*CommentRow._fields)


def _first_roots(story_id: int, *, sort: str, limit: int) -> Rows:
    roots = Comment.objects.filter(story_id=story_id, parent__isnull=True, is_shown=True)
    return _columns(roots.order_by(*ORDERINGS[sort]))[:limit]


def _replies(*root_ids: int, limit: int) -> Rows:
    return _columns(Comment.objects.filter(root_id__in=root_ids, is_shown=True).order_by("id"))[:limit]


_prepared_roots = Prepared(_first_roots)
_prepared_replies = Prepared(_replies)


def comment_shape(
    comment: Comment | CommentRow, *, story_key: str, reply_to_name: str = "", show_words: bool | None = None
) -> CommentShape:
    """The shape of a row; words and author only where they may be seen (`show_words`: by default if published)."""
    shown = comment.status == CommentStatus.PUBLISHED if show_words is None else show_words
    return CommentShape(
        id=comment.pk,
        story_key=story_key,
        parent_id=comment.parent_id,
        root_id=comment.root_id or comment.pk,
        reply_to_id=comment.reply_to_id if comment.reply_to_id != comment.parent_id else None,
        reply_to_name=reply_to_name,
        depth=comment.depth,
        status=CommentStatus(comment.status),
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        author_kind=AuthorKind(comment.author_kind),
        author_name=comment.author_name if shown else "",
        author_website=comment.author_website if shown else "",
        html=comment.text_html if shown else "",
        language=comment.language if shown else "und",
        up_count=comment.up_count if shown else 0,
        down_count=comment.down_count if shown else 0,
        reply_count=comment.reply_count,
        branch_count=comment.branch_count,
        pinned=comment.prominence == Prominence.PINNED,
        picked=comment.prominence == Prominence.PICKED,
    )


def shapes_of(comments: Iterable[Comment | CommentRow], *, story_key: str) -> list[CommentShape]:
    """Shapes of rows of one story, with the names that flat replies answer."""
    rows = list(comments)
    flat = {row.reply_to_id for row in rows if row.reply_to_id is not None and row.reply_to_id != row.parent_id}
    names: dict[int, str] = (
        dict(Comment.objects.filter(pk__in=flat, status=CommentStatus.PUBLISHED).values_list("pk", "author_name"))
        if flat
        else {}
    )
    return [comment_shape(row, story_key=story_key, reply_to_name=names.get(row.reply_to_id or 0, "")) for row in rows]


def nest(shapes: Sequence[CommentShape]) -> tuple[CommentShape, ...]:
    """The shapes as trees, replies oldest first; those whose parent is not among them are the roots, in given order."""
    present = {shape.id for shape in shapes}
    children: defaultdict[int, list[CommentShape]] = defaultdict(list)
    for shape in sorted(shapes, key=lambda each: (each.created_at, each.id)):
        if shape.parent_id in present:
            children[shape.parent_id or 0].append(shape)

    def grow(shape: CommentShape) -> CommentShape:
        replies = children.get(shape.id)
        return msgspec.structs.replace(shape, replies=tuple(grow(each) for each in replies)) if replies else shape

    return tuple(grow(shape) for shape in shapes if shape.parent_id not in present)


def _branches(roots: Sequence[CommentRow], *, limit: int, depth_limit: int) -> tuple[list[CommentRow], dict[int, int]]:
    """The first replies of each root, at most `limit` a root, and how many each leaves out.

    Replies have greater ids than what they answer, so the first ones by id always hang together.
    """
    with_replies = [root for root in roots if root.branch_count]
    small = [root.pk for root in with_replies if root.branch_count <= limit]
    rows: list[CommentRow] = []
    left: dict[int, int] = {}
    if small:
        # A published comment keeps at most its ancestors and what it answers as placeholders.
        most = limit * len(small) * (depth_limit + 2)
        rows.extend(map(CommentRow._make, _prepared_replies.rows(*small, limit=most)))
    for root in with_replies:
        if root.branch_count > limit:
            first = [CommentRow._make(row) for row in _prepared_replies.rows(root.pk, limit=limit)]
            rows.extend(first)
            published = sum(each.status == CommentStatus.PUBLISHED for each in first)
            left[root.pk] = root.branch_count - published
    return rows, left


def _key_of(comment: CommentRow, sort: str) -> float:
    return comment.popularity if sort == "popular" else moment_key(comment.created_at)


def read_thread(
    *,
    site: SiteShape,
    key: str,
    now: datetime,
    sort: str = "newest",
    cursor: str | None = None,
    branch_id: int | None = None,
) -> ThreadShape:
    """One page of a thread, or of one branch of it.

    Raises:
        Refusal: `story_key_invalid`, `cursor_invalid`, `field_invalid` (sort), `comment_unknown` (branch).
    """
    if sort not in SORTS:
        raise Refusal(RefusalCode.FIELD_INVALID, field="sort")
    story = find_story(site=site, key=key, now=now)
    position = decode(cursor, sort="branch" if branch_id is not None else sort) if cursor else None
    if branch_id is not None:
        return _read_branch(story, sort=sort, branch_id=branch_id, position=position)
    if story.id is None:
        return ThreadShape(story=story, sort=sort, comments=(), next_cursor=None, roots_left=0)
    limit = site.page_size + 1
    if position is None:
        roots = [CommentRow._make(row) for row in _prepared_roots.rows(story.id, sort=sort, limit=limit)]
    else:
        candidates = Comment.objects.filter(after(position), story_id=story.id, parent__isnull=True, is_shown=True)
        roots = _rows(candidates.order_by(*ORDERINGS[sort])[:limit])
    more = len(roots) > site.page_size
    roots = roots[: site.page_size]
    replies, left = _branches(roots, limit=site.branch_size, depth_limit=site.depth_limit)
    trees = nest(shapes_of([*roots, *replies], story_key=key))
    next_cursor = None
    roots_left = 0
    if more:
        last = roots[-1]
        end = Cursor(sort, last.prominence, _key_of(last, sort), last.pk)
        next_cursor = encode(end)
        if position is None:
            roots_left = max(0, story.root_count - len(roots))
        else:
            roots_left = Comment.objects.filter(
                after(end), story_id=story.id, parent__isnull=True, is_shown=True
            ).count()
    return ThreadShape(
        story=story,
        sort=sort,
        comments=tuple(
            msgspec.structs.replace(tree, replies_left=left[tree.id]) if tree.id in left else tree for tree in trees
        ),
        next_cursor=next_cursor,
        roots_left=roots_left,
    )


def _read_branch(story: StoryShape, *, sort: str, branch_id: int, position: Cursor | None) -> ThreadShape:
    found = (
        _rows(Comment.objects.filter(pk=branch_id, story_id=story.id, parent__isnull=True, is_shown=True))
        if story.id is not None
        else []
    )
    if not found:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    root = found[0]
    rows = Comment.objects.filter(root_id=root.pk, is_shown=True).order_by("id")
    if position is not None:
        rows = rows.filter(id__gt=position.id)
    page = _rows(rows[: BRANCH_PAGE_SIZE + 1])
    next_cursor = None
    left = 0
    if len(page) > BRANCH_PAGE_SIZE:
        page = page[:BRANCH_PAGE_SIZE]
        last = page[-1]
        next_cursor = encode(Cursor("branch", 0, 0.0, last.pk))
        left = rows.filter(id__gt=last.pk).count()
    context = _ancestors_of(page) if position is not None else []
    trees = nest(shapes_of([root, *context, *page], story_key=story.key))
    return ThreadShape(
        story=story, sort=sort, comments=trees, next_cursor=next_cursor, roots_left=left, branch_id=root.pk
    )


def _ancestors_of(page: Sequence[CommentRow]) -> list[CommentRow]:
    """What the replies of a later page hang from; no more levels than the depth limit."""
    found: dict[int, CommentRow] = {}
    have = {row.pk for row in page}
    wanted = {row.parent_id or 0 for row in page if row.parent_id not in have and row.parent_id != row.root_id}
    while wanted:
        rows = _rows(Comment.objects.filter(pk__in=wanted))
        found |= {row.pk: row for row in rows}
        wanted = {
            row.parent_id or 0
            for row in rows
            if row.parent_id not in found and row.parent_id not in have and row.parent_id != row.root_id
        }
    return sorted(found.values(), key=lambda row: row.pk)
