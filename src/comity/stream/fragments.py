"""The thread's bytes. The same templates serve the page, the embedded fragment and the widget.

Nothing in them differs from reader to reader: no token, no nonce, no relative time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

from comity.queries.shapes import CommentShape, SiteShape, StoryShape, ThreadShape
from comity.rules.statuses import StoryState
from comity.stream.addresses import Carried, page_address
from comity.stream.comments import Surroundings, comment_html, comments_html
from comity.stream.joining import Joiners, Marks
from comity.stream.wording import count_text, left_line

__all__ = ["FILTER_ALL", "PROTOCOL", "SORT_DEFAULT", "count_text", "render_comment", "render_thread"]

SORT_DEFAULT = "newest"
_SORTS = ("newest", "oldest", "popular")
PROTOCOL = 1
"""What fragments and the widget's script agree on. It grows only when an older script could no longer handle what is
written here; such a script then shows the fragment without touching it."""
SEARCH_FROM = 10
"""Comments from which on a thread has a search: fewer are seen at a glance."""
FILTER_ALL = "all"
"""The filter of a page that shows the whole thread, as far as one page may."""


def render_comment(
    comment: CommentShape,
    site: SiteShape,
    language: str,
    *,
    carried: Mapping[str, str] | None = None,
    story: StoryShape | None = None,
) -> SafeString:
    """A comment with its replies, as an item of the thread's list.

    Args:
        carried: `site` and `lang` that the links carry on; see `stream.addresses.carried_of`.
        story: the comment's story; None when nothing is known of it but that it is open.
    """
    return comment_html(comment, Surroundings.of(site, language, carried=carried, story=story))


class _Variant(NamedTuple):
    """What the thread's template decides upon, and what seldom changes."""

    home: str
    language: str
    site: SiteShape
    carried: Carried
    rules_sentence: str
    sort: str
    may_reply: bool
    is_pre_moderated: bool
    asks_story_url: bool
    is_branch: bool
    is_first: bool
    has_sorts: bool
    has_search: bool
    has_comments: bool
    has_more: bool
    has_all: bool
    has_left: bool


def _render(variant: _Variant) -> str:
    site = variant.site
    thread = Marks()
    context = {
        **variant._asdict(),
        "thread": thread,
        "carried": dict(variant.carried),
        "text_direction": "rtl" if get_language_info(variant.language)["bidi"] else "ltr",
        "protocol": PROTOCOL,
        "sorts": [(sort, getattr(thread, f"{sort}_address")) for sort in _SORTS],
        "chosen_sort": variant.sort,
        "values": {},
        "errors": {},
        "form_name": "root",
        "is_reply": False,
        "minimum": site.comment_minimum,
        "maximum": site.comment_maximum,
        "action": thread.action,
        "preview_action": thread.preview_action,
        "search_address": thread.search_address,
    }
    return render_to_string("comity/fragments/thread.html", context)


_threads = Joiners(_render)


def render_thread(
    thread: ThreadShape,
    *,
    site: SiteShape,
    language: str,
    rules_sentence: str,
    carried: Mapping[str, str] | None = None,
    shows_all: bool = False,
    is_first: bool = True,
) -> SafeString:
    """One page of a thread: its head, the form, the comments, and the way to more of them.

    Args:
        rules_sentence: the notice of the house rules, in `language`; empty for none.
        carried: `site` and `lang` that the links carry on.
        shows_all: whether this is the page that shows the whole thread.
        is_first: whether the page begins at the thread's beginning.
    """
    story = thread.story
    own = dict(carried or {})

    def address(*, sort: str = thread.sort, cursor: str = "", chosen: str = "") -> str:
        query = {"sort": "" if sort == SORT_DEFAULT else sort, "cursor": cursor, "filter": chosen}
        return conditional_escape(page_address("thread", carried=own, query=query, key=story.key))

    def place(name: str, *, carries: bool = True) -> str:
        return conditional_escape(page_address(name, carried=own if carries else None, key=story.key))

    is_branch = thread.branch_id is not None
    chosen = f"branch:{thread.branch_id}" if is_branch else FILTER_ALL if shows_all else ""
    around = Surroundings.of(site, language, carried=own, story=story)
    variant = _Variant(
        home=page_address("home"),
        language=language,
        site=site,
        carried=around.carried,
        rules_sentence=rules_sentence,
        sort=thread.sort,
        may_reply=around.may_reply,
        is_pre_moderated=story.state is StoryState.PRE_MODERATED,
        asks_story_url=story.id is None,
        is_branch=is_branch,
        is_first=is_first,
        has_sorts=story.root_count > 1 and not is_branch,
        has_search=story.count >= SEARCH_FROM and not is_branch,
        has_comments=bool(thread.comments),
        has_more=thread.next_cursor is not None,
        has_all=not is_branch and not (shows_all and is_first),
        has_left=bool(thread.roots_left),
    )
    with translation.override(language):
        words = {
            "key": conditional_escape(story.key),
            "version": str(story.version),
            "count": str(story.count),
            "count_text": conditional_escape(count_text(story.count)),
            "comments": comments_html(thread.comments, around),
            "left": conditional_escape(left_line(thread.roots_left)),
            "first_address": address(),
            "more_address": address(cursor=thread.next_cursor or "", chosen=chosen),
            "all_address": address(chosen=FILTER_ALL),
            **{f"{sort}_address": address(sort=sort) for sort in _SORTS},
            "mine_address": place("mine"),
            "live_address": conditional_escape(page_address("embed-live", carried=own, query={"key": story.key})),
            "changes_address": conditional_escape(page_address("embed-thread", carried=own, query={"key": story.key})),
            "action": place("post"),
            "preview_action": place("preview"),
            "search_address": place("search", carries=False),
        }
        return mark_safe(_threads.of(variant).fill(words))  # noqa: S308 - joined of escaped parts
