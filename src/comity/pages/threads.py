"""The first page, a story with its conversation, the conversation alone."""

from __future__ import annotations

from django.http import HttpResponse

from comity.queries.house_rules import rules_of
from comity.queries.shapes import ThreadShape
from comity.queries.stories import find_story, newest_stories
from comity.rules.refusals import Refusal, RefusalCode
from comity.screening.house_rules import sentence
from comity.stream.fragments import FILTER_ALL, SORT_DEFAULT, render_thread
from comity.stream.layout import render_public
from comity.stream.pagination import Part, part_of, read_part
from comity.stream.visits import Visit, page
from comity.web.etags import MadeOf

__all__ = ["home", "story", "thread"]


@page("GET")
def home(visit: Visit) -> HttpResponse:
    """The site's newest stories."""
    context = {"stories": newest_stories(site=visit.site, now=visit.now), "canonical": visit.address("home")}
    made_of = MadeOf(visit.site.id, lists_stories=True)
    return render_public(
        visit.request, "comity/home.html", context, site=visit.site, language=visit.language, made_of=made_of
    )


def thread_html(visit: Visit, part: Part, shown: ThreadShape) -> str:
    """The thread's fragment for this visit."""
    return render_thread(
        shown,
        site=visit.site,
        language=visit.language,
        rules_sentence=sentence(rules_of(visit.site.id), visit.language),
        carried=visit.carried,
        shows_all=part.all,
        is_first=part.cursor is None,
    )


@page("GET")
def story(visit: Visit, key: str) -> HttpResponse:
    """An article page that can stand alone, with the beginning of its conversation.

    Raises:
        Refusal: `story_unknown` for a story that Comity does not hold.
    """
    found = find_story(site=visit.site, key=key, now=visit.now)
    if not found.is_hosted:
        raise Refusal(RefusalCode.STORY_UNKNOWN)
    part = Part()
    context = {
        "story": found,
        "thread_html": thread_html(visit, part, read_part(part, site=visit.site, key=key, now=visit.now)),
        "canonical": found.url or visit.address("story", key=key),
    }
    return render_public(
        visit.request,
        "comity/story.html",
        context,
        site=visit.site,
        language=visit.language,
        made_of=MadeOf(visit.site.id, ((found.id, key),)),
    )


@page("GET")
def thread(visit: Visit, key: str) -> HttpResponse:
    """The conversation alone, in any order, page by page, whole, or one branch of it."""
    part = part_of(visit.request)
    shown = read_part(part, site=visit.site, key=key, now=visit.now)
    chosen = FILTER_ALL if part.all else f"branch:{part.branch_id}" if part.branch_id is not None else ""
    query = {"cursor": part.cursor or "", "filter": chosen}
    following = {"sort": "" if part.sort == SORT_DEFAULT else part.sort, "filter": chosen}
    context = {
        "story": shown.story,
        "thread_html": thread_html(visit, part, shown),
        "canonical": visit.address("thread", query=query, key=key),
        "next_address": visit.address("thread", query={**following, "cursor": shown.next_cursor}, key=key)
        if shown.next_cursor
        else "",
        # One order is enough for search engines, and a thread that nobody has written in is none.
        "no_index": part.sort != SORT_DEFAULT or shown.story.id is None,
    }
    return render_public(
        visit.request,
        "comity/thread.html",
        context,
        site=visit.site,
        language=visit.language,
        made_of=MadeOf(visit.site.id, ((shown.story.id, key),)),
    )
