"""Requests for a right of reply, and the editor's answer."""

from __future__ import annotations

from datetime import datetime

from comity import conf
from comity.actions import outbox
from comity.actions.writing import write_transaction
from comity.events import ReplyAnswered, ReplyRequested
from comity.models import ReplyRequest, Story
from comity.queries.replies import reply_token
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.appeals import REASON_MAXIMUM, REASON_MINIMUM
from comity.rules.digests import keyed_digest
from comity.rules.identifiers import is_identifier
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.replies import ReplyDraft
from comity.text import plain

__all__ = ["answer_reply", "request_reply"]


def request_reply(*, site: SiteShape, story_key: str, draft: ReplyDraft, now: datetime) -> str:
    """Take a request in; the same request again is the same request.

    Returns:
        The token of its receipt.

    Raises:
        Refusal: `story_unknown`.
    """
    digest = keyed_digest(
        conf.current().signing_secrets()[0], "reply", story_key, draft.name, draft.email, draft.passage, draft.reply
    )
    with write_transaction():
        story = Story.objects.select_for_update().filter(site_id=site.id, key=story_key).first()
        if story is None:
            raise Refusal(RefusalCode.STORY_UNKNOWN)
        request = ReplyRequest.objects.filter(site_id=site.id, digest=digest).first()
        if request is None:
            request = ReplyRequest.objects.create(
                site_id=site.id,
                story=story,
                name=draft.name,
                email=draft.email,
                passage=draft.passage,
                reply=draft.reply,
                digest=digest,
                filed_at=now,
            )
            outbox.record(ReplyRequested(site_id=site.id, story_id=story.pk, request_id=request.pk))
    return reply_token(request)


def answer_reply(*, actor: Actor, site: SiteShape, request_id: int, answer: str, now: datetime) -> None:
    """Answer a request, once; the words are shown on its receipt's page.

    Raises:
        Refusal: `authentication_required`, `permission_denied` (editors only), `reply_request_unknown`,
            `reply_request_answered`, `reason_missing`, `text_too_long`.
    """
    require(actor, Permission.SEE_REPORTERS)
    said = plain.clean(answer[: 5 * REASON_MAXIMUM])
    if len(said) < REASON_MINIMUM:
        raise Refusal(RefusalCode.REASON_MISSING, field="answer", limit=REASON_MINIMUM)
    if len(said) > REASON_MAXIMUM:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field="answer", limit=REASON_MAXIMUM, length=len(said))
    with write_transaction():
        request = (
            ReplyRequest.objects.select_for_update().filter(pk=request_id, site_id=site.id).first()
            if is_identifier(request_id)
            else None
        )
        if request is None:
            raise Refusal(RefusalCode.REPLY_REQUEST_UNKNOWN)
        if request.answered_at is not None:
            raise Refusal(RefusalCode.REPLY_REQUEST_ANSWERED)
        request.answer, request.answered_at, request.answered_by_id = said, now, actor.staff_id
        request.save(update_fields=["answer", "answered_at", "answered_by"])
        outbox.record(ReplyAnswered(site_id=site.id, story_id=request.story_id, request_id=request.pk))
