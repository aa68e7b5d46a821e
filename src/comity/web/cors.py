"""Which pages may ask what.

Reads that are the same for everybody may be made by any page. Writes may be made by the pages of the site's own domains
with a token in `Authorization`, never by cookie; by Comity's own pages; and by programs, which send no `Origin`.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from comity import conf
from comity.queries.shapes import SiteShape
from comity.rules.refusals import Refusal, RefusalCode
from comity.web import tokens
from comity.web.networks import is_https

__all__ = ["allow_everybody", "allow_site", "check_write", "is_own_page", "preflight"]

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_ALLOWED_HEADERS = "Authorization, Content-Type, Idempotency-Key"
_EXPOSED_HEADERS = "ETag, Retry-After"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that one of Comity's own pages makes this request.

    `Sec-Fetch-Site` is believed first, since no page can forge it; browsers leave it out over plain http, where
    `Origin` decides. A reverse proxy may speak http to us for a page that is https, so https passes for either.
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from == "same-origin"
    origin = _split(request.headers.get("Origin"))
    if origin is None:
        return False
    scheme, host = origin
    own = {_without_default_port(name.lower()) for name in (request.get_host(), conf.current().server_name) if name}
    return host in own and (scheme == "https" or not is_https(request))


def check_write(request: HttpRequest, site: SiteShape) -> None:
    """Let a request pass that wants to change something, unless a page that may not write is behind it.

    A page on the site's domains passes, but `web.actors.identify` then looks at no cookie: the token in
    `Authorization` alone says who asks. A program that sends neither `Origin` nor `Sec-Fetch-Site` passes without
    cookies only, since a browser too old to say who asks would send them for any page.

    Raises:
        Refusal: `cross_site_post`.
    """
    if is_own_page(request):
        return
    if "Origin" in request.headers:
        if _is_of_site(request.headers["Origin"], site):
            return
        raise Refusal(RefusalCode.CROSS_SITE_POST)
    if "Sec-Fetch-Site" in request.headers or _carries_identity(request, site):
        raise Refusal(RefusalCode.CROSS_SITE_POST)


def allow_everybody(response: HttpResponse) -> None:
    """Let any page read this answer, which is the same for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS


def allow_site(request: HttpRequest, response: HttpResponse, site: SiteShape | None) -> None:
    """Let the pages of the site's domains read this answer, which is one reader's, and no other page."""
    origin = request.headers.get("Origin", "")
    if site is not None and origin and _is_of_site(origin, site):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS
    patch_vary_headers(response, ["Origin"])


def preflight(request: HttpRequest, site: SiteShape | None, *, methods: Sequence[str], public: bool) -> HttpResponse:
    """The answer to a browser that asks beforehand whether a page may make a request.

    Args:
        methods: what the address answers at all.
        public: whether its GET is the same for everybody.
    """
    response = HttpResponse(status=204)
    del response["Content-Type"]
    response["Allow"] = ", ".join(methods)
    if public and request.headers.get("Access-Control-Request-Method") in {"GET", "HEAD"}:
        allow_everybody(response)
    else:
        allow_site(request, response, site)
    if "Access-Control-Allow-Origin" in response:
        response["Access-Control-Allow-Methods"] = ", ".join(methods)
        response["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
        response["Access-Control-Max-Age"] = "7200"
    return response


def _carries_identity(request: HttpRequest, site: SiteShape) -> bool:
    """Whether the request holds a cookie that could say who asks."""
    return tokens.cookie_name(site) in request.COOKIES or settings.SESSION_COOKIE_NAME in request.COOKIES


def _is_of_site(origin: str, site: SiteShape) -> bool:
    parts = _split(origin)
    if parts is None:
        return False
    scheme, host = parts
    name = urlsplit(f"//{host}").hostname or ""
    if scheme != "https" and name not in _LOOPBACK and not name.endswith(".localhost"):
        return False
    return any(name == domain or name.endswith(f".{domain}") for domain in (each.lower() for each in site.domains))


def _split(origin: str | None) -> tuple[str, str] | None:
    """Scheme and host (with a port that is not the scheme's own) of an Origin; None for `null` and nonsense."""
    if not origin:
        return None
    try:
        parts = urlsplit(origin.lower())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.username:
        return None
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = 443 if parts.scheme == "https" else 80
    return parts.scheme, name if port in {None, default} else f"{name}:{port}"


def _without_default_port(host: str) -> str:
    return host.removesuffix(":443").removesuffix(":80")
