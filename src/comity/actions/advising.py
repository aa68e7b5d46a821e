"""Advice before posting: giving it, and taking the token that proves it was given."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from comity import conf
from comity.models import PostingReceipt
from comity.queries.house_rules import rules_of
from comity.queries.shapes import SiteShape
from comity.rules import tokens
from comity.rules.actors import Actor
from comity.rules.advice import (
    TOKEN_LIFE,
    Advice,
    AdviceGiven,
    AdviceSeen,
    advice_due,
    advice_note,
    place_digest,
)
from comity.screening import explain
from comity.screening.house_rules import in_language
from comity.screening.types import Citation
from comity.screening.types import Decision as Verdict

__all__ = ["settle_advice"]

PURPOSE = "advice"


def _seen(token: str, *, site: SiteShape, place: str, now: datetime) -> AdviceSeen | None:
    """What a token proves here; None for one that is forged, expired, spent or of another place or site."""
    if not token:
        return None
    try:
        subject = tokens.open_seal(
            token, secrets=conf.current().signing_secrets(), site_id=site.id, purpose=PURPOSE, now=now
        )
    except tokens.SealError:
        return None
    seen = AdviceSeen.read(subject)
    if seen is None or seen.place != place or _is_spent(site, seen):
        return None
    return seen


def _is_spent(site: SiteShape, seen: AdviceSeen) -> bool:
    return PostingReceipt.objects.filter(site_id=site.id, kind=PostingReceipt.Kind.ADVICE, digest=seen.nonce).exists()


def settle_advice(
    *,
    actor: Actor,
    site: SiteShape,
    story_key: str,
    parent_id: int | None,
    text: str,
    verdict: Verdict,
    token: str,
    now: datetime,
    language: str,
) -> tuple[Verdict, AdviceSeen | None]:
    """The verdict to be acted on, with a note of the advice that its author had; and that advice, to be spent.

    Asked again under the story's lock, it sees whether another comment has spent the token since: a token names its
    story, so that all who hold it wait for the same lock.

    Raises:
        AdviceGiven: a rule advises, and the author has not seen it: nothing may be stored yet.
    """
    place = place_digest(story_key=story_key, parent_id=parent_id)
    seen = None if actor.is_staff else _seen(token, site=site, place=place, now=now)
    cited = advice_due(outcome=verdict.outcome, citations=verdict.citations, by_staff=actor.is_staff, seen=seen)
    if cited is not None:
        raise AdviceGiven(_advice(cited, verdict, site=site, place=place, text=text, now=now, language=language))
    if seen is None:
        return verdict, None
    return replace(verdict, notes=(*verdict.notes, advice_note(seen, text))), seen


def _advice(
    cited: Citation, verdict: Verdict, *, site: SiteShape, place: str, text: str, now: datetime, language: str
) -> Advice:
    rules = rules_of(site.id)
    rule = rules.rule(cited.rule_key)
    seen = AdviceSeen.of(place=place, citation=cited, text=text, nonce=secrets.token_hex(16))
    expires_at = (now + TOKEN_LIFE).replace(microsecond=0)
    return Advice(
        rule_key=cited.rule_key,
        rule_version=cited.rule_version,
        title=in_language(rule.title, language) if rule else cited.rule_key,
        text=in_language(rule.text, language) if rule else "",
        sentence=explain.for_author(verdict, rules, language),
        token=tokens.seal(
            conf.current().signing_secrets()[0],
            site_id=site.id,
            purpose=PURPOSE,
            subject=seen.subject,
            expires_at=expires_at,
        ),
        expires_at=expires_at,
    )
