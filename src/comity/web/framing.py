"""Which pages may show Comity's pages in a frame: those of the site's own domains."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from comity.queries.shapes import SiteShape

__all__ = ["allow_framing", "frame_ancestors"]

_LOOPBACK = {"localhost", "127.0.0.1"}
_CSP_MIDDLEWARE = "csp.middleware.CSPMiddleware"


def frame_ancestors(site: SiteShape) -> list[str]:
    """The sources of CSP's `frame-ancestors`: Comity itself, and the site's domains with what is under them."""
    sources = ["'self'"]
    for domain in site.domains:
        if domain in _LOOPBACK:
            sources.append(f"http://{domain}:*")
        else:
            sources += [f"https://{domain}", f"https://*.{domain}"]
    return sources


def allow_framing(response: HttpResponse, site: SiteShape) -> HttpResponse:
    """Let the site's domains frame this answer; the same answer, for `return allow_framing(...)`."""
    sources = frame_ancestors(site)
    # X-Frame-Options knows no list of domains; where both stand, browsers obey frame-ancestors alone.
    response.xframe_options_exempt = True  # read by Django's clickjacking middleware
    if _CSP_MIDDLEWARE in settings.MIDDLEWARE:
        response._csp_replace = {"frame-ancestors": sources}  # type: ignore[attr-defined] # what csp_replace() sets
    elif "Content-Security-Policy" not in response:
        response["Content-Security-Policy"] = f"frame-ancestors {' '.join(sources)}"
    return response
