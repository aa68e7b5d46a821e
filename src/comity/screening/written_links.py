"""The links of a text, and the hosts that they go to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from comity.screening.types import Span

__all__ = ["host_of", "links_in", "links_without_scheme"]

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'()\[\]]{3,2048}|\bhxxps?://\S{3,2048}", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z]+://)?(?:[^/@\s]*@)?(?:www\.)?([^/:?#\s]{1,253})", re.IGNORECASE)
_ENDINGS = ("com", "net", "org", "info", "biz", "shop", "xyz", "online", "site", "club", "top")
"""Of hosts that anybody can buy, and that no sentence ends with."""
_MAY_END = re.compile(r"\.[a-zA-Z]{3,6}(?![\w@])")
_WITHOUT_SCHEME = re.compile(
    rf"(?<![\w@./:-])(?:[a-z0-9-]{{2,40}}\.){{1,3}}(?:{'|'.join(_ENDINGS)})\b(?:/[^\s<>\"'()\[\]]{{0,2048}})?",
    re.IGNORECASE,
)


def host_of(link: str) -> str:
    """The host a link goes to, in lower case, without `www.`; empty when there is none."""
    match = _HOST.match(link)
    return match[1].lower().rstrip(".") if match else ""


def links_in(raw: str) -> list[tuple[str, Span]]:
    """The links that begin with `http://`, `https://` or `www.`, with their hosts, in order."""
    if "://" not in raw and "www." not in raw.lower():
        return []
    return [(host_of(match[0]), match.span()) for match in _LINK.finditer(raw)]


def links_without_scheme(raw: str) -> Iterator[tuple[str, Span]]:
    """Addresses written without what they begin with: `example.com/page`."""
    if _MAY_END.search(raw):
        for match in _WITHOUT_SCHEME.finditer(raw):
            yield host_of(match[0]), match.span()
