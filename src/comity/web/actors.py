"""Who asks."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.http import HttpRequest
from django.utils import timezone

from comity import conf
from comity.queries.keys import find_key
from comity.queries.readers import StaffShape, find_device, find_staff
from comity.queries.shapes import SiteShape
from comity.rules import signatures
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.tokens import derive_device_token, device_digest
from comity.web import cors, tokens
from comity.web.bodies import body_digest, read_body
from comity.web.networks import network_digest

__all__ = ["SignedCall", "idempotency_key", "identify", "link_holder", "verify_signature"]

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_GUESSABLE_BELOW = 16


@dataclass(frozen=True, slots=True)
class SignedCall:
    """A call that a publisher's system proved to be its own."""

    key_id: str
    signed_at: datetime


def idempotency_key(request: HttpRequest) -> str | None:
    """The request's `Idempotency-Key`, or None.

    Raises:
        Refusal: `field_invalid` for one that is longer than 255 characters or holds anything but printable ASCII.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    key = key.strip()
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise Refusal(RefusalCode.FIELD_INVALID, field="Idempotency-Key")
    return key


def identify(request: HttpRequest, site: SiteShape, *, now: datetime | None = None) -> Actor:
    """Who asks at this site: by `Authorization: Comity-Device`, else by cookie; staff by the host's session.

    A request that wants to change something is checked by `web.cors.check_write` here, so that no entrance can forget
    it. Cookies are looked at only when one of Comity's own pages asks, or when nothing is changed.

    Raises:
        Refusal: `cross_site_post`; `field_invalid` for a malformed token or Idempotency-Key.
    """
    moment = now or timezone.now()
    changes = request.method not in cors.SAFE_METHODS
    if changes:
        cors.check_write(request, site)
    by_cookie = not changes or cors.is_own_page(request)
    token = tokens.header_token(request)
    new_token = token
    if token is None and by_cookie:
        token = tokens.read_cookie(request, site)
    device = find_device(site_id=site.id, token_digest=device_digest(site.id, token)) if token else None
    if device is not None:
        new_token = None
    elif new_token is None and changes:
        new_token = _new_token(request, site)
    staff = _staff_of(request, site) if by_cookie else None
    return Actor(
        site_id=site.id,
        device_id=device.id if device else None,
        new_device_token=new_token,
        reader_id=device.reader_id if device else None,
        staff_id=staff.id if staff else None,
        staff_role=staff.role if staff else None,
        staff_name=staff.name if staff else "",
        network_digest=network_digest(request, now=moment),
    )


def link_holder(request: HttpRequest, site: SiteShape, *, now: datetime) -> Actor:
    """Whoever holds a link that was sent out: its token says what they may do, so no cookie is looked at, and where the
    request comes from is of no weight. (Such a page sends no referrer, and so no `Origin` either.)"""
    return Actor(site_id=site.id, network_digest=network_digest(request, now=now))


def _new_token(request: HttpRequest, site: SiteShape) -> str:
    key = idempotency_key(request)
    if key is None or len(key) < _GUESSABLE_BELOW:
        # Whoever guesses the key would get the token: a short key makes the posting idempotent, and no more.
        return secrets.token_urlsafe(32)
    return derive_device_token(
        conf.current().signing_secrets()[0],
        site_id=site.id,
        idempotency_key=key,
        body_digest=body_digest(request),
    )


def _staff_of(request: HttpRequest, site: SiteShape) -> StaffShape | None:
    user = getattr(request, "user", None)  # a host may mount Comity without Django's sign-in
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    return find_staff(site_id=site.id, user_id=user.pk)


def verify_signature(request: HttpRequest, site: SiteShape, *, now: datetime | None = None) -> SignedCall:
    """Which of the site's keys signed this call.

    Raises:
        Refusal: `authentication_required`, `signature_invalid` (also for a revoked or unknown key),
            `signature_expired`; `permission_denied` for a key of another site.
    """
    query = request.META.get("QUERY_STRING", "")
    signed = signatures.verify(
        request.headers.get(signatures.SIGNATURE_HEADER, ""),
        server_secrets=conf.current().signing_secrets(),
        method=request.method or "",
        path=quote(request.path, safe="/") + (f"?{query}" if query else ""),
        body=read_body(request),
        now=now or timezone.now(),
    )
    key = find_key(key_id=signed.key_id)
    if key is None or key.revoked:
        raise Refusal(RefusalCode.SIGNATURE_INVALID)
    if key.site_id != site.id:
        raise Refusal(RefusalCode.PERMISSION_DENIED)
    return SignedCall(key_id=signed.key_id, signed_at=signed.signed_at)
