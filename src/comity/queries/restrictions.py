"""Whether an author may comment, and what restricts them."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db.models import Q

from comity.models import Comment, Restriction
from comity.queries.reasons import statement_token
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.identifiers import is_identifier
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.restrictions import RestrictionKind, strongest

__all__ = ["AuthorShape", "RestrictionShape", "author_of", "check_author"]


class RestrictionShape(msgspec.Struct, frozen=True, kw_only=True):
    """A restriction, for staff."""

    id: int
    kind: RestrictionKind
    reason: str
    decided_by: str
    began_at: datetime
    until: datetime | None
    lifted_at: datetime | None
    in_force: bool


class AuthorShape(msgspec.Struct, frozen=True, kw_only=True):
    """The author of a comment, as far as restrictions know one."""

    can_be_restricted: bool
    """False for staff, and for who left no device: there is nothing to hold a restriction to."""
    restrictions: tuple[RestrictionShape, ...]
    """The newest first."""


def _in_force(now: datetime) -> Q:
    return Q(lifted_at=None) & (Q(until=None) | Q(until__gt=now))


def check_author(*, actor: Actor, site: SiteShape, now: datetime) -> bool:
    """Let an author comment.

    Returns:
        Whether what they write waits until the newsroom has read it.

    Raises:
        Refusal: `author_suspended`, `author_banned`, with the token of the page where the reasons stand.
    """
    if actor.is_staff or (actor.device_id is None and actor.reader_id is None):
        return False
    whose = Q(device_id=actor.device_id) if actor.device_id is not None else Q()
    if actor.reader_id is not None:
        whose |= Q(reader_id=actor.reader_id)
    rows = list(Restriction.objects.select_related("decision").filter(whose, _in_force(now), site_id=site.id))
    felt = strongest(RestrictionKind(row.kind) for row in rows)
    if felt is None or felt is RestrictionKind.LIMIT:
        return felt is not None
    # Of several suspensions, the one that ends last.
    row = max((each for each in rows if each.kind == felt), key=lambda each: each.until or now)
    token = statement_token(row.decision)
    if row.until is None:
        raise Refusal(RefusalCode.AUTHOR_BANNED, statement_token=token)
    raise Refusal(RefusalCode.AUTHOR_SUSPENDED, until=row.until, statement_token=token)


def author_of(*, site: SiteShape, comment_id: int, now: datetime) -> AuthorShape:
    """The author of a comment, for staff.

    Raises:
        Refusal: `comment_unknown`.
    """
    comment = Comment.objects.filter(pk=comment_id, site_id=site.id).first() if is_identifier(comment_id) else None
    if comment is None:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    known = comment.staff_id is None and (comment.device_id is not None or comment.reader_id is not None)
    whose = Q(reader_id=comment.reader_id) if comment.reader_id is not None else Q(device_id=comment.device_id)
    rows = Restriction.objects.select_related("decision__staff").filter(whose, site_id=site.id) if known else ()
    return AuthorShape(
        can_be_restricted=known,
        restrictions=tuple(
            RestrictionShape(
                id=row.pk,
                kind=RestrictionKind(row.kind),
                reason=row.reason,
                decided_by=row.decision.staff.name if row.decision.staff is not None else "",
                began_at=row.began_at,
                until=row.until,
                lifted_at=row.lifted_at,
                in_force=row.lifted_at is None and (row.until is None or row.until > now),
            )
            for row in sorted(rows, key=lambda each: -each.pk)
        ),
    )
