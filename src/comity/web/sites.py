"""Which site and which language a request means: said by its address, never by Origin, Referer, cookie or a header of
the reader's browser, so that one address has one answer for everybody."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.request import split_domain_port

from comity.queries.shapes import SiteShape
from comity.queries.sites import find_site
from comity.rules.languages import spoken

__all__ = ["asked_language", "language_of", "site_of"]

_REMEMBERED = "comity.site"


def site_of(request: HttpRequest) -> SiteShape:
    """The site of the public `site=` parameter, else of the host by which Comity was reached, else the only one;
    found once a request.

    Raises:
        Refusal: `site_unknown`.
    """
    known = request.META.get(_REMEMBERED)
    if isinstance(known, SiteShape):
        return known
    host, _port = split_domain_port(request.get_host())
    site = find_site(key=request.GET.get("site") or None, host=host or None)
    request.META[_REMEMBERED] = site
    return site


def asked_language(request: HttpRequest) -> str | None:
    """The language of `lang=`, if Comity speaks it: `fr-CA` is `fr`."""
    return spoken(request.GET.get("lang", ""))


def language_of(request: HttpRequest, site: SiteShape) -> str:
    """The language of `lang=`, else the site's, else English: a site may be in a language unknown to Comity."""
    return asked_language(request) or spoken(site.language) or "en"
