"""One's own vote on a comment, and casting it by plain form."""

from __future__ import annotations

from django.http import HttpResponse

from comity.actions.votes import cast_vote
from comity.queries.comments import read_comment
from comity.queries.votes import own_votes
from comity.rules.limits import Purpose
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.comments import Surroundings, comment_words
from comity.stream.layout import render_private
from comity.stream.visits import Visit, page
from comity.web import throttle, tokens
from comity.web.answers import see_other
from comity.web.bodies import read_form

__all__ = ["vote"]


@page("GET", "POST")
def vote(visit: Visit, comment_id: int) -> HttpResponse:
    """Show one's vote, or cast it."""
    actor = visit.actor()
    if visit.is_post:
        value = read_form(visit.request).get("value", "")
        if value not in {"1", "0", "-1"}:
            raise Refusal(RefusalCode.VOTE_INVALID, field="value")
        throttle.spend(Purpose.VOTE, actor)
        cast = cast_vote(actor=actor, site=visit.site, comment_id=comment_id, value=int(value), now=visit.now)
        if not visit.is_embedded:
            response = see_other(visit.address("vote", comment_id=comment_id))
            tokens.set_cookie(visit.request, response, visit.site, cast.device_token)
            return response
        actor = visit.actor()  # known now, if it was not before
    found = read_comment(site=visit.site, comment_id=comment_id, now=visit.now)
    if not found.comment.is_published:
        raise Refusal(RefusalCode.VOTE_NOT_PUBLISHED)
    around = Surroundings.of(visit.site, visit.language, carried=visit.carried, story=found.story)
    context = {
        **around._asdict(),
        "story": found.story,
        "comment": comment_words(found.comment, around),
        "carried": visit.carried,
        "own_vote": own_votes(site=visit.site, key=found.story.key, actor=actor).get(comment_id, 0),
        "back_address": visit.conversation_address(found.story, comment_id),
    }
    return render_private(visit.request, "comity/vote.html", context, site=visit.site, language=visit.language)
