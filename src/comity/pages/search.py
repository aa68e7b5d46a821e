"""Searching a thread by plain form."""

from __future__ import annotations

from django.http import HttpResponse

from comity.queries.search import QUERY_MAXIMUM, search_thread
from comity.queries.stories import find_story
from comity.rules.refusals import Refusal
from comity.stream.addresses import page_address
from comity.stream.layout import render_public
from comity.stream.visits import Visit, page
from comity.web.problems import sentence

__all__ = ["search"]


@page("GET")
def search(visit: Visit, key: str) -> HttpResponse:
    """The comments that hold the words of `q`; without words the form alone.

    Raises:
        Refusal: `story_key_invalid`.
    """
    query = visit.request.GET.get("q", "")
    context = {
        "story": find_story(site=visit.site, key=key, now=visit.now),
        "query": query[:QUERY_MAXIMUM],
        "no_index": True,
        "back_address": visit.address("thread", key=key),
        "search_address": page_address("search", key=key),
    }
    if query.strip():
        try:
            context["found"] = search_thread(site=visit.site, key=key, query=query, now=visit.now)
        except Refusal as refusal:
            if refusal.field != "q":
                raise
            context["error"] = sentence(refusal)
    return render_public(visit.request, "comity/search.html", context, site=visit.site, language=visit.language)
