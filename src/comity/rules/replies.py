"""The right of reply: what a request needs."""

from __future__ import annotations

from dataclasses import dataclass

from comity.rules.posting import check_email, check_name
from comity.rules.refusals import Refusal, RefusalCode
from comity.text import plain

__all__ = ["ReplyDraft", "check_reply_draft"]

TEXT_MAXIMUM = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDraft:
    """A request for a right of reply, cleaned."""

    name: str
    email: str
    passage: str
    """The words that are answered."""
    reply: str


def _text(value: str, field: str) -> str:
    if len(value) > 4 * TEXT_MAXIMUM:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field=field, limit=TEXT_MAXIMUM, length=len(value))
    cleaned = plain.clean(value)
    if not cleaned:
        raise Refusal(RefusalCode.REPLY_WORDS_MISSING, field=field)
    if len(cleaned) > TEXT_MAXIMUM:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field=field, limit=TEXT_MAXIMUM, length=len(cleaned))
    return cleaned


def check_reply_draft(*, name: str, email: str, passage: str, reply: str) -> ReplyDraft:
    """The request, cleaned.

    Raises:
        Refusal: `reply_words_missing`, `text_too_long`, `name_missing`, `name_too_long`, `name_invalid`,
            `email_missing`, `email_invalid`.
    """
    return ReplyDraft(
        passage=_text(passage, "passage"),
        reply=_text(reply, "reply"),
        name=check_name(name, field="name"),
        email=check_email(email, "required", field="email"),
    )
