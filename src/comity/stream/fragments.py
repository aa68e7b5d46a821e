"""The thread's bytes. The same templates serve the page, the embedded fragment and the widget.

Nothing in them differs from reader to reader: no token, no nonce, no relative time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info

from comity.queries.shapes import CommentShape, SiteShape, StoryShape, ThreadChanges, ThreadShape
from comity.rules.statuses import StoryState
from comity.stream.addresses import page_address
from comity.stream.wording import count_text

__all__ = [
    "FILTER_ALL",
    "PROTOCOL",
    "SORT_DEFAULT",
    "comment_context",
    "count_text",
    "render_changes",
    "render_comment",
    "render_thread",
]

SORT_DEFAULT = "newest"
PROTOCOL = 1
"""What fragments and the widget's script agree on. It grows only when an older script could no longer handle what is
written here; such a script then shows the fragment without touching it."""
SEARCH_FROM = 10
"""Comments from which on a thread has a search: fewer are seen at a glance."""
FILTER_ALL = "all"
"""The filter of a page that shows the whole thread, as far as one page may."""


def comment_context(
    *, site: SiteShape, language: str, carried: Mapping[str, str] | None, story: StoryShape | None = None
) -> dict[str, Any]:
    """What the comment's template needs besides the comment.

    Args:
        story: the comment's story; None when nothing is known of it but that it is open.
    """
    is_open = story is None or story.state is not StoryState.CLOSED
    return {
        "site": site,
        "language": language,
        "carried": dict(carried or {}),
        "may_reply": is_open,
        "may_vote": is_open and site.guest_votes,
        "text_direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
        "protocol": PROTOCOL,
        "story_authors": story.authors if story is not None else (),
    }


def render_comment(
    comment: CommentShape,
    site: SiteShape,
    language: str,
    *,
    carried: Mapping[str, str] | None = None,
    story: StoryShape | None = None,
) -> str:
    """A comment with its replies, as an item of the thread's list.

    Args:
        carried: `site` and `lang` that the links carry on; see `stream.addresses.carried_of`.
    """
    context = comment_context(site=site, language=language, carried=carried, story=story)
    with translation.override(language):
        return render_to_string("comity/fragments/comment.html", {**context, "comment": comment})


def render_thread(
    thread: ThreadShape,
    *,
    site: SiteShape,
    language: str,
    rules_sentence: str,
    carried: Mapping[str, str] | None = None,
    shows_all: bool = False,
    is_first: bool = True,
) -> str:
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
        return page_address("thread", carried=own, query=query, key=story.key)

    branch = f"branch:{thread.branch_id}" if thread.branch_id is not None else ""
    chosen = branch or (FILTER_ALL if shows_all else "")
    context = {
        **comment_context(site=site, language=language, carried=own, story=story),
        "thread": thread,
        "story": story,
        "rules_sentence": rules_sentence,
        "sorts": [(sort, address(sort=sort)) for sort in ("newest", "oldest", "popular")],
        "is_first": is_first,
        "is_branch": thread.branch_id is not None,
        "first_address": address(),
        "more_address": address(cursor=thread.next_cursor, chosen=chosen) if thread.next_cursor else "",
        "all_address": "" if shows_all and is_first else address(chosen=FILTER_ALL),
        "values": {},
        "errors": {},
        "form_name": "root",
        "asks_story_url": story.id is None,
        "is_reply": False,
        "minimum": site.comment_minimum,
        "maximum": site.comment_maximum,
        "action": page_address("post", carried=own, key=story.key),
        "preview_action": page_address("preview", carried=own, key=story.key),
        "search_address": page_address("search", key=story.key),
        "search_from": SEARCH_FROM,
    }
    with translation.override(language):
        return render_to_string("comity/fragments/thread.html", context)


def render_changes(
    changes: ThreadChanges, *, site: SiteShape, language: str, carried: Mapping[str, str] | None = None
) -> str:
    """What changed in a thread, for a page that holds it already."""
    items = [
        (
            each.id in changes.new_ids,
            each.parent_id,
            render_comment(each, site, language, carried=carried, story=changes.story),
        )
        for each in changes.changed
    ]
    context = {"changes": changes, "story": changes.story, "items": items}
    with translation.override(language):
        return render_to_string("comity/fragments/changes.html", context)
