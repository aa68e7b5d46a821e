"""Reading one's own votes."""

from __future__ import annotations

from django.db.models import Q

from comity.models import Vote
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor

__all__ = ["own_votes", "voter"]

OWN_VOTES_LIMIT = 500


def voter(actor: Actor) -> Q | None:
    """The rows of the actor's votes, whoever they are counted under; None for someone who can't have voted."""
    if actor.staff_id is not None:
        return Q(staff_id=actor.staff_id)
    if actor.reader_id is not None:
        return Q(reader_id=actor.reader_id)
    if actor.device_id is not None:
        return Q(device_id=actor.device_id)
    return None


def own_votes(*, site: SiteShape, key: str, actor: Actor) -> dict[int, int]:
    """The actor's latest votes on a story: comment id -> 1 or -1; at most 500."""
    mine = voter(actor)
    if mine is None:
        return {}
    rows = Vote.objects.filter(mine, site_id=site.id, comment__story__key=key).order_by("-id")
    return dict(rows.values_list("comment_id", "value")[:OWN_VOTES_LIMIT])
