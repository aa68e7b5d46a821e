"""One comment on its own page."""

from __future__ import annotations

from django.http import HttpResponse

from comity.queries.comments import read_comment
from comity.stream.fragments import comment_context
from comity.stream.layout import render_public
from comity.stream.visits import Visit, page

__all__ = ["comment"]


@page("GET")
def comment(visit: Visit, comment_id: int) -> HttpResponse:
    """A comment with what it replies to and what replies to it."""
    found = read_comment(site=visit.site, comment_id=comment_id, now=visit.now)
    context = {
        **comment_context(site=visit.site, language=visit.language, carried=visit.carried, story=found.story),
        "page": found,
        "story": found.story,
        "canonical": visit.address("comment", comment_id=comment_id),
        "no_index": not found.comment.is_published,
    }
    return render_public(visit.request, "comity/comment.html", context, site=visit.site, language=visit.language)
