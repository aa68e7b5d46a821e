"""One comment on its own page."""

from __future__ import annotations

from django.http import HttpResponse

from comity.queries.comments import read_comment
from comity.stream.comments import Surroundings, comment_html, comments_html
from comity.stream.fragments import PROTOCOL
from comity.stream.layout import render_public
from comity.stream.visits import Visit, page
from comity.web.etags import MadeOf

__all__ = ["comment"]


@page("GET")
def comment(visit: Visit, comment_id: int) -> HttpResponse:
    """A comment with what it replies to and what replies to it."""
    found = read_comment(site=visit.site, comment_id=comment_id, now=visit.now)
    around = Surroundings.of(visit.site, visit.language, carried=visit.carried, story=found.story)
    context = {
        "page": found,
        "ancestors_html": comments_html(found.ancestors, around),
        "comment_html": comment_html(found.comment, around),
        "protocol": PROTOCOL,
        "story": found.story,
        "canonical": visit.address("comment", comment_id=comment_id),
        "no_index": not found.comment.is_published,
    }
    return render_public(
        visit.request,
        "comity/comment.html",
        context,
        site=visit.site,
        language=visit.language,
        made_of=MadeOf(visit.site.id, ((found.story.id, found.story.key),), comment_id),
    )
