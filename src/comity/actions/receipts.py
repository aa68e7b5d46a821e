"""Receipts that make a repeated posting harmless."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import msgspec

from comity.actions.devices import holds_token_of
from comity.models import Comment, Device, PostingReceipt
from comity.queries.comments import is_own, own_comment_shape
from comity.queries.shapes import PostedComment, SiteShape
from comity.rules.actors import Actor
from comity.rules.digests import keyed_digest
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["RECEIPT_LIFE", "answer_repeat", "find_repeat", "key_digest", "posting_digest", "write_receipts"]

RECEIPT_LIFE = timedelta(hours=24)
KEY_MAXIMUM = 255


def key_digest(idempotency_key: str) -> str:
    """What is stored of an Idempotency-Key.

    Raises:
        Refusal: `field_invalid` for a key that is empty, longer than 255 characters or not printable ASCII.
    """
    if not 1 <= len(idempotency_key) <= KEY_MAXIMUM or not (
        idempotency_key.isascii() and idempotency_key.isprintable()
    ):
        raise Refusal(RefusalCode.FIELD_INVALID, field="Idempotency-Key")
    return hashlib.sha256(idempotency_key.encode("ascii")).hexdigest()


def posting_digest(secret: str, *, story_key: str, parent_id: int | None, fields: tuple[str, ...], network: str) -> str:
    """What a repeat of a posting by plain form has in common with the first: place, words and network.

    The network's own digest rotates daily, so this one can't be recomputed from an address the next day.
    """
    return keyed_digest(secret, "posting", story_key, str(parent_id or ""), network, *fields)


def find_repeat(
    *, site_id: int, kind: PostingReceipt.Kind, digest: str, body_digest: str = "", now: datetime, within: timedelta
) -> Comment | None:
    """The comment of the first such posting, if it was made `within` that time.

    Raises:
        Refusal: `idempotency_key_reused`: the same key came with another body.
    """
    receipt = (
        PostingReceipt.objects.select_related("comment__story")
        .filter(site_id=site_id, kind=kind, digest=digest, made_at__gt=now - within)
        .first()
    )
    if receipt is None:
        return None
    if receipt.body_digest != body_digest:
        raise Refusal(RefusalCode.IDEMPOTENCY_KEY_REUSED, field="Idempotency-Key")
    return receipt.comment


def write_receipts(
    comment: Comment,
    *,
    device: Device | None,
    idempotency: tuple[str, str] | None,
    duplicate: str,
    advice: str | None = None,
    network: str = "",
    now: datetime,
) -> None:
    """Keep what a repeat would be known by; an older receipt of the same digest gives way.

    Args:
        network: digest of the network that posted.
        advice: nonce of the advice that the comment has spent.
    """
    wanted = [(PostingReceipt.Kind.DUPLICATE, duplicate, "")]
    if idempotency is not None:
        wanted.append((PostingReceipt.Kind.IDEMPOTENCY, *idempotency))
    if advice is not None:
        wanted.append((PostingReceipt.Kind.ADVICE, advice, ""))
    for kind, digest, body_digest in wanted:
        PostingReceipt.objects.update_or_create(
            site_id=comment.site_id,
            kind=kind,
            digest=digest,
            defaults={
                "body_digest": body_digest,
                "device": device,
                "comment": comment,
                "made_at": now,
                "network_digest": network if kind == PostingReceipt.Kind.DUPLICATE else "",
            },
        )


def answer_repeat(first: Comment, *, actor: Actor, site: SiteShape, now: datetime, language: str) -> PostedComment:
    """The first posting's answer again; what only its author may know stays out unless the same device asks."""
    own = own_comment_shape(first, site=site, now=now, language=language)
    if is_own(first, actor) or holds_token_of(actor, first.device):
        return PostedComment(
            own=own,
            repeated=True,
            device_id=first.device_id,
            device_token=actor.new_device_token if actor.device_id is None else None,
        )
    return PostedComment(
        own=msgspec.structs.replace(own, email="", editable_until=None),
        repeated=True,
        device_id=None,
        device_token=None,
    )
