"""Reading requests for a right of reply."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from comity import conf
from comity.models import ReplyRequest
from comity.queries.shapes import SiteShape
from comity.rules import tokens
from comity.rules.actors import Actor
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["ReplyShape", "read_reply", "reply_requests", "reply_token"]

PURPOSE = "reply"
READABLE_FOR = timedelta(days=366)


class ReplyShape(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a right of reply."""

    id: int
    story_key: str
    story_title: str
    name: str
    email: str
    passage: str
    reply: str
    filed_at: datetime
    answered_at: datetime | None
    answer: str


def _shape(row: ReplyRequest) -> ReplyShape:
    return ReplyShape(
        id=row.pk,
        story_key=row.story.key,
        story_title=row.story.title or row.story.key,
        name=row.name,
        email=row.email,
        passage=row.passage,
        reply=row.reply,
        filed_at=row.filed_at,
        answered_at=row.answered_at,
        answer=row.answer,
    )


def reply_token(request: ReplyRequest) -> str:
    """The token of a request's page."""
    return tokens.seal(
        conf.current().signing_secrets()[0],
        site_id=request.site_id,
        purpose=PURPOSE,
        subject=str(request.pk),
        expires_at=request.filed_at + READABLE_FOR,
    )


def read_reply(*, site: SiteShape, token: str, now: datetime) -> ReplyShape:
    """The request that a token opens.

    Raises:
        Refusal: `link_invalid`, `link_expired`.
    """
    try:
        subject = tokens.open_seal(
            token, secrets=conf.current().signing_secrets(), site_id=site.id, purpose=PURPOSE, now=now
        )
    except tokens.SealError as error:
        raise Refusal(RefusalCode.LINK_EXPIRED if error.expired else RefusalCode.LINK_INVALID) from None
    row = ReplyRequest.objects.select_related("story").filter(pk=int(subject), site_id=site.id).first()
    if row is None:
        raise Refusal(RefusalCode.LINK_INVALID)
    return _shape(row)


def reply_requests(*, site: SiteShape, actor: Actor, limit: int = 50) -> tuple[ReplyShape, ...]:
    """Requests that wait for the editor, oldest first.

    Raises:
        Refusal: `authentication_required`, `permission_denied`.
    """
    require(actor, Permission.SEE_REPORTERS)
    rows = (
        ReplyRequest.objects.select_related("story")
        .filter(site_id=site.id, answered_at__isnull=True)
        .order_by("filed_at", "pk")[:limit]
    )
    return tuple(_shape(row) for row in rows)
