"""The device token on its way: in `Authorization` on publishers' pages, in a cookie on Comity's own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from comity.queries.shapes import SiteShape
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.tokens import is_device_token
from comity.web.networks import is_https

__all__ = ["COOKIE_SECONDS", "SCHEME", "cookie_name", "header_token", "read_cookie", "set_cookie"]

SCHEME = "Comity-Device"
COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers let a cookie live."""


def cookie_name(site: SiteShape) -> str:
    """One cookie a site: sites on one server don't know each other's devices."""
    return f"comity_device_{site.id}"


def header_token(request: HttpRequest) -> str | None:
    """The token in `Authorization: Comity-Device …`; None without one. Other schemes are not ours and are ignored: a
    publisher's test server may stand behind a password of its own.

    Raises:
        Refusal: `field_invalid` for something that can't be a token.
    """
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != SCHEME.lower():
        return None
    token = token.strip()
    if not is_device_token(token):
        raise Refusal(RefusalCode.FIELD_INVALID, field="Authorization")
    return token


def read_cookie(request: HttpRequest, site: SiteShape) -> str | None:
    """The token in this site's cookie; None without one that can be a token."""
    token = request.COOKIES.get(cookie_name(site), "")
    return token if is_device_token(token) else None


def set_cookie(request: HttpRequest, response: HttpResponse, site: SiteShape, token: str | None) -> None:
    """Let the browser keep a new device's token; nothing when there is none."""
    if token is None:
        return
    response.set_cookie(
        cookie_name(site),
        token,
        max_age=COOKIE_SECONDS,
        path=reverse("comity:home"),
        secure=is_https(request),
        httponly=True,
        samesite="Lax",
    )
