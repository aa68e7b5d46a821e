"""Addresses of Comity's own pages, which carry on the site and the language that the reader's own address named."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from comity.web.sites import asked_language

__all__ = ["carried_of", "page_address"]


def carried_of(request: HttpRequest) -> dict[str, str]:
    """`site` and `lang` as the request's address names them; what it does not name is not carried on."""
    carried: dict[str, str] = {}
    if request.GET.get("site"):
        carried["site"] = request.GET["site"]
    language = asked_language(request)
    if language is not None:
        carried["lang"] = language
    return carried


def page_address(
    name: str,
    *,
    carried: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    **parts: str | int,
) -> str:
    """The address of one of Comity's pages.

    Args:
        name: the route's name within the app, such as `story`.
        carried: what `carried_of` gave.
        query: this address's own parameters; empty ones are left out.
        parts: the parts of the path, such as `key`.
    """
    parameters = {**(carried or {}), **{each: value for each, value in (query or {}).items() if value}}
    path = reverse(f"comity:{name}", kwargs=parts)
    return f"{path}?{urlencode(parameters)}" if parameters else path
