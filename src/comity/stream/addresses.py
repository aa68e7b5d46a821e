"""Addresses of Comity's own pages, which carry on the site and the language that the reader's own address named."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from comity.web.sites import asked_language

__all__ = ["PUBLIC_READS", "Carried", "NumberedAddresses", "carried_of", "page_address", "parameters_of"]

Carried = tuple[tuple[str, str], ...]
"""What `carried_of` gives, where it must be hashable."""
_PLACE = ("site", "lang")
_PART = (*_PLACE, "sort", "cursor", "filter")
PUBLIC_READS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "home": _PLACE,
        "story": _PLACE,
        "thread": _PART,
        "comment": _PLACE,
        "house-rules": _PLACE,
        "embed-thread": (*_PART, "since", "key"),
        "embed-count": (*_PLACE, "key"),
        "accent": _PLACE,
        "api-thread": _PART,
    }
)
"""Routes of what everybody reads, with the parameters that they look at; any other makes no difference."""


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
    path = _path(name, tuple(parts.items()), get_script_prefix(), get_urlconf(settings.ROOT_URLCONF))
    return f"{path}?{urlencode(parameters)}" if parameters else path


class NumberedAddresses:
    """Addresses of comments' pages, as HTML. Pages hold hundreds of them.

    Args:
        carried: what `carried_of` gave.
    """

    def __init__(self, carried: Carried) -> None:
        place = (get_script_prefix(), get_urlconf(settings.ROOT_URLCONF))
        self._around = {name: _around(name, carried, *place) for name in ("comment", "reply", "report", "vote")}

    def of(self, name: str, number: int) -> SafeString:
        """The address of one page: `comment`, `reply`, `report` or `vote`."""
        before, after = self._around[name]
        return SafeString(f"{before}{number}{after}")


def parameters_of(route: str | None) -> tuple[str, ...]:
    """The parameters that a page's address may hold."""
    return PUBLIC_READS.get(route or "", _PART)


@lru_cache(maxsize=4096)
def _path(name: str, parts: tuple[tuple[str, str | int], ...], prefix: str, urlconf: str | None) -> str:  # noqa: ARG001 - the prefix is reverse's own
    return str(reverse(f"comity:{name}", urlconf=urlconf, kwargs=dict(parts)))


@lru_cache(maxsize=256)
def _around(name: str, carried: Carried, prefix: str, urlconf: str | None) -> tuple[str, str]:  # noqa: ARG001 - likewise
    sample = 9876543210
    before, _, after = reverse(f"comity:{name}", urlconf=urlconf, kwargs={"comment_id": sample}).rpartition(str(sample))
    return escape(before), escape(f"{after}?{urlencode(carried)}" if carried else after)
