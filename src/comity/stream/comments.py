"""A comment's HTML. Nothing in it differs from reader to reader, and most of it is kept from one page to the next."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from comity.queries.shapes import CommentShape, SiteShape, StoryShape
from comity.rules.statuses import AuthorKind, CommentStatus, StoryState
from comity.stream.addresses import Carried, NumberedAddresses, page_address
from comity.stream.joining import Joiners, Marks
from comity.stream.memory import Memory
from comity.stream.wording import hue, initial, moment, number, replies_line, rest_line, stamp

__all__ = ["Surroundings", "comment_html", "comment_words", "comments_html", "forget_all"]

KEPT_BYTES = 24 * 1024 * 1024
"""Of comments' HTML in one process; the oldest are made again when they are next wanted."""
_OPTIONAL = ("author_website", "reply_to_address", "reply_to_name", "language")


class Surroundings(NamedTuple):
    """What a comment's HTML depends on besides the comment. Its words are those of the language in force."""

    language: str
    carried: Carried
    may_reply: bool
    may_vote: bool
    down_votes: bool

    @classmethod
    def of(
        cls, site: SiteShape, language: str, *, carried: Mapping[str, str] | None, story: StoryShape | None
    ) -> Surroundings:
        """Args:
        story: the comment's story; None when nothing is known of it but that it is open.
        """
        is_open = story is None or story.state is not StoryState.CLOSED
        return cls(
            language=language,
            carried=tuple((carried or {}).items()),
            may_reply=is_open,
            may_vote=is_open and site.guest_votes,
            down_votes=site.down_votes,
        )


class _Place(NamedTuple):
    """Where comments are shown, for all of a page."""

    mounted: tuple[str, str]
    """Where the app is mounted, which every address in the HTML begins with, and the time zone of its times."""
    addresses: NumberedAddresses


class _ArticleVariant(NamedTuple):
    language: str
    may_reply: bool
    may_vote: bool
    down_votes: bool
    status: CommentStatus
    author_kind: AuthorKind
    pinned: bool
    picked: bool
    is_edited: bool
    without: frozenset[str]


class _ItemVariant(NamedTuple):
    language: str
    has_replies: bool
    has_rest: bool


def _render_article(variant: _ArticleVariant) -> str:
    known = {
        "is_published": variant.status is CommentStatus.PUBLISHED,
        "is_edited": variant.is_edited,
        "is_pinned": variant.pinned,
        "is_picked": variant.picked,
        "status": variant.status,
        "author_kind": variant.author_kind,
    }
    return render_to_string(
        "comity/fragments/article.html",
        {
            "comment": Marks(known, without=variant.without),
            "may_reply": variant.may_reply,
            "may_vote": variant.may_vote,
            "down_votes": variant.down_votes,
        },
    )


def _render_item(variant: _ItemVariant) -> str:
    known = {"has_replies": variant.has_replies, "has_rest": variant.has_rest}
    return render_to_string("comity/fragments/comment.html", {"comment": Marks(known)})


_articles = Joiners(_render_article, most=1024)
_items = Joiners(_render_item)
_kept: Memory[tuple[Surroundings, tuple[str, str], int], CommentShape] = Memory(KEPT_BYTES)


def _text(value: str) -> SafeString:
    return SafeString(html.escape(value))  # as Django escapes, which takes its time to look for lazy words


def comment_words(
    comment: CommentShape, around: Surroundings, addresses: NumberedAddresses | None = None
) -> dict[str, Any]:
    """The comment's fields as its templates show them: HTML, of which all but `html` was escaped."""
    address_of = (addresses or NumberedAddresses(around.carried)).of
    flat = comment.reply_to_id
    return {
        "id": str(comment.id),
        "author_name": _text(comment.author_name),
        "author_website": _text(comment.author_website),
        "hue": str(hue(comment.author_name)),
        "initial": _text(initial(comment.author_name)),
        "language": "" if comment.language == "und" else _text(comment.language),
        "html": SafeString(comment.html),  # sanitised when it was written
        "stamp": stamp(comment.created_at),
        "moment": _text(moment(comment.created_at)),
        "points": str(comment.score),
        "score": number(comment.score),
        "address": address_of("comment", comment.id),
        "reply_address": address_of("reply", comment.id),
        "report_address": address_of("report", comment.id),
        "vote_address": address_of("vote", comment.id),
        "reply_to_address": "" if flat is None else address_of("comment", flat),
        "reply_to_name": _text(comment.reply_to_name),
    }


def _article(comment: CommentShape, around: Surroundings, place: _Place) -> str:
    """The comment without its replies: kept, and made again when anything in it has changed."""
    key = (around, place.mounted, comment.id)
    kept = _kept.find(key, comment)
    if kept is not None:
        return kept
    words = comment_words(comment, around, place.addresses)
    variant = _ArticleVariant(
        language=around.language,
        may_reply=around.may_reply,
        may_vote=around.may_vote,
        down_votes=around.down_votes,
        status=comment.status,
        author_kind=comment.author_kind,
        pinned=comment.pinned,
        picked=comment.picked,
        is_edited=comment.edited_at is not None,
        without=frozenset(name for name in _OPTIONAL if not words[name]),
    )
    made = _articles.of(variant).fill(words)
    _kept.keep(key, comment, made)
    return made


def forget_all() -> None:
    """Keep nothing of what was made so far; for measuring what making it costs."""
    _kept.clear()


def comments_html(comments: Iterable[CommentShape], around: Surroundings) -> SafeString:
    """Items of a thread's list, each with its replies."""
    place = _Place((page_address("home"), timezone.get_current_timezone_name()), NumberedAddresses(around.carried))
    with translation.override(around.language):
        return mark_safe("".join(_item(each, around, place) for each in comments))  # noqa: S308 - joined of escaped parts


def comment_html(comment: CommentShape, around: Surroundings) -> SafeString:
    """One item, with its replies."""
    return comments_html((comment,), around)


def _item(comment: CommentShape, around: Surroundings, place: _Place) -> str:
    alone = comment
    if comment.replies or comment.replies_left:
        alone = msgspec.structs.replace(comment, replies=(), replies_left=0)
    words = {"article": _article(alone, around, place)}
    if comment.replies:
        words["replies_line"] = replies_line(comment)
        words["replies"] = "".join(_item(each, around, place) for each in comment.replies)
    if comment.replies_left:
        query = {"filter": f"branch:{comment.root_id}"}
        address = page_address("thread", carried=dict(around.carried), query=query, key=comment.story_key)
        words["rest_address"] = conditional_escape(address)
        words["rest"] = conditional_escape(rest_line(comment.replies_left))
    return _items.of(_ItemVariant(around.language, bool(comment.replies), bool(comment.replies_left))).fill(words)
