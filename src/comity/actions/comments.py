"""Posting comments."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from comity import conf
from comity.actions import outbox, receipts, screener
from comity.actions.advising import settle_advice
from comity.actions.counters import lock_story, lock_story_by_key
from comity.actions.devices import device_of
from comity.actions.drafts import check_draft, find_place, is_duplicate_of_last, store_comment, terms_of
from comity.actions.links import keep_links
from comity.actions.stories import story_for_writing
from comity.actions.writing import write_transaction
from comity.events import CommentPosted
from comity.models import Comment, PostingReceipt
from comity.queries.comments import own_comment_shape
from comity.queries.restrictions import check_author
from comity.queries.shapes import PostedComment, SiteShape
from comity.queries.stories import find_story, story_shape
from comity.rules import posting
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.statuses import StoryState
from comity.text import markdown

__all__ = ["post_comment", "preview_text"]

FORM_REPEAT = timedelta(seconds=60)
"""A plain form sent again within this time is a double click, not a second comment."""


def preview_text(*, site: SiteShape, text: str, is_reply: bool) -> str:
    """The HTML that a text would be shown as. Writes nothing.

    Raises:
        Refusal: `text_empty`, `text_too_short`, `text_too_long`.
    """
    terms = terms_of(site, is_reply=is_reply)
    return markdown.render(posting.check_text(text, minimum=terms.minimum, maximum=terms.maximum)).html


def post_comment(
    *,
    actor: Actor,
    site: SiteShape,
    story_key: str,
    story_url: str,
    text: str,
    author_name: str,
    author_email: str = "",
    author_website: str = "",
    parent_id: int | None = None,
    honeypot: str = "",
    advice_token: str = "",
    idempotency_key: str | None = None,
    body_digest: str = "",
    now: datetime,
    language: str = "",
) -> PostedComment:
    """Take a comment in, screened, under the story with this key, which its first comment creates.

    Args:
        story_url: where the story stands; needed only for a key nobody has used yet.
        advice_token: from the advice that this comment got before; one that proves nothing is as none.
        idempotency_key: made by a script; the same key and body give the first comment again for 24 hours. Without one
            (the plain form) the same words at the same place within a minute do.
        body_digest: digest of the request's body, compared under the same key.
        language: of the sentences in the answer; the site's when empty.

    Raises:
        Refusal: anything in `rules.posting`, `name_reserved`, `parent_unknown`, `comment_duplicate`,
            `idempotency_key_reused`, `story_url_missing`, `story_url_refused`, `author_suspended`, `author_banned`.
        AdviceGiven: a house rule advises to read again first. Nothing is stored.
    """
    language = language or site.language
    secret = conf.current().signing_secrets()[0]
    key = receipts.key_digest(idempotency_key) if idempotency_key is not None else None
    duplicate = ""

    def find_first() -> Comment | None:
        """The comment of the first such posting: by its key, else by its words."""
        kind, digest, within = PostingReceipt.Kind.DUPLICATE, duplicate, FORM_REPEAT
        if key is not None:
            kind, digest, within = PostingReceipt.Kind.IDEMPOTENCY, key, receipts.RECEIPT_LIFE
        return receipts.find_repeat(
            site_id=site.id, kind=kind, digest=digest, body_digest=body_digest if key else "", now=now, within=within
        )

    if key is not None and (first := find_first()) is not None:
        return receipts.answer_repeat(first, actor=actor, site=site, now=now, language=language)
    story = find_story(site=site, key=story_key, now=now)
    posting.check_story_open(story.state)
    check_author(actor=actor, site=site, now=now)
    place = find_place(story=story, parent_id=parent_id, site=site)
    draft = check_draft(
        actor=actor,
        site=site,
        story=story,
        is_reply=parent_id is not None,
        text=text,
        name=author_name,
        email=author_email,
        website=author_website,
    )
    duplicate = receipts.posting_digest(
        secret,
        story_key=story_key,
        parent_id=parent_id,
        network=actor.network_digest,
        fields=(draft.author_name, draft.author_email, draft.author_website, draft.text),
    )
    if key is None and (first := find_first()) is not None:
        return receipts.answer_repeat(first, actor=actor, site=site, now=now, language=language)
    if is_duplicate_of_last(actor=actor, story_id=story.id, text=draft.text):
        raise Refusal(RefusalCode.COMMENT_DUPLICATE, field="text")
    rendered = markdown.render(draft.text)
    screened = screener.screen(
        site=site,
        actor=actor,
        text=draft.text,
        author_name=draft.author_name,
        author_website=draft.author_website,
        links=rendered.links,
        honeypot=honeypot,
        is_reply=parent_id is not None,
        now=now,
    )
    advise = partial(
        settle_advice,
        actor=actor,
        site=site,
        story_key=story_key,
        parent_id=parent_id,
        text=draft.text,
        verdict=screened,
        token=advice_token,
        now=now,
        language=language,
    )
    verdict, advice = advise()
    with write_transaction():
        row = lock_story_by_key(site_id=site.id, key=story_key)
        if row is None:
            row = lock_story(story_for_writing(site=site, key=story_key, url=story_url, now=now).pk)
        # Facts that may have changed since they were read: a repeat that came at the same moment, the story's state,
        # what is answered.
        if (first := find_first()) is not None:
            return receipts.answer_repeat(first, actor=actor, site=site, now=now, language=language)
        fresh = story_shape(row, site=site, now=now)
        posting.check_story_open(fresh.state)
        limited = check_author(actor=actor, site=site, now=now)
        place = find_place(story=fresh, parent_id=parent_id, site=site)
        if is_duplicate_of_last(actor=actor, story_id=row.pk, text=draft.text):
            raise Refusal(RefusalCode.COMMENT_DUPLICATE, field="text")
        if advice is not None:
            verdict, advice = advise()
        device, token = device_of(actor, now=now)
        comment = store_comment(
            actor=actor,
            site=site,
            story=row,
            state=StoryState.PRE_MODERATED if limited else fresh.state,
            place=place,
            draft=draft,
            rendered=rendered,
            verdict=screener.of_limited(verdict) if limited else verdict,
            device=device,
            now=now,
        )
        receipts.write_receipts(
            comment,
            device=device,
            idempotency=(key, body_digest) if key is not None else None,
            duplicate=duplicate,
            advice=advice.nonce if advice is not None else None,
            network=actor.network_digest,
            now=now,
        )
        keep_links(comment, site=site, links=rendered.links)
        outbox.record(CommentPosted(site_id=site.id, story_id=row.pk, comment_id=comment.pk))
        return PostedComment(
            own=own_comment_shape(comment, site=site, now=now, language=language),
            repeated=False,
            device_id=device.pk if device else None,
            device_token=token,
            story=story_shape(row, site=site, now=now),
        )
