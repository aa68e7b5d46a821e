"""What a request for something that everybody reads may say: which answer, in which compression, and whether it is
already there. Nothing else of it can make a difference."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from django.urls import Resolver404, resolve

from comity.rules.languages import spoken
from comity.stream.addresses import PUBLIC_READS
from comity.stream.bodies import Scope
from comity.stream.cache import Key
from comity.stream.exchange import Headers
from comity.stream.finished import accepted_encodings

__all__ = ["Asked", "asked_by", "nobody_s", "place_of"]

LONGEST_QUERY = 4096
MOST_PARAMETERS = 110


class Asked(NamedTuple):
    """What a request for something public says of itself: nothing else of it can make a difference."""

    host: bytes
    encodings: tuple[bytes, ...]
    if_none_match: bytes
    is_known: bool
    """Whether it carries a cookie or a token: its reader may have written, and shall see that at once."""


def asked_by(headers: Headers) -> Asked | None:
    """None for what is no public read: a request with a body, or with two hosts."""
    host = encodings = if_none_match = b""
    is_known = False
    for name, value in headers:
        if name == b"host":
            if host:
                return None
            host = value
        elif name == b"accept-encoding":
            encodings = value
        elif name == b"if-none-match":
            if_none_match = value
        elif name in {b"cookie", b"authorization"}:
            is_known = True
        elif name == b"transfer-encoding" or (name == b"content-length" and value != b"0"):
            return None
    return Asked(host, accepted_encodings(encodings), if_none_match, is_known)


def place_of(path: str, query: bytes) -> tuple[bytes, bool, str] | None:
    """The query reduced to what the route looks at, in one order; whether it held nothing else; and the route. None for
    a route that is not kept."""
    if len(query) > LONGEST_QUERY:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    route = match.url_name or ""
    parameters = PUBLIC_READS.get(route) if match.app_names == ["comity"] else None
    if parameters is None:
        return None
    if not query.isascii():
        query = quote(query, safe=bytes(range(0x21, 0x7F))).encode()
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return None
    values = [(name, value) for name, value in pairs if name in parameters]
    chosen = dict(values)  # of several, the last counts, as it does for Django
    language = spoken(chosen.pop("lang", ""))
    if language is not None:
        chosen["lang"] = language
    ordered = [(name, chosen[name]) for name in parameters if name in chosen]
    if route == "embed-count":
        keys = dict.fromkeys(value for name, value in values if name == "key")
        ordered = [*(pair for pair in ordered if pair[0] != "key"), *(("key", key) for key in keys)]
    return urlencode(ordered).encode(), len(values) == len(pairs), match.route or "/"


def nobody_s(scope: Scope, key: Key) -> Scope:
    """The request as anybody could have made it: with its host and its address, and nothing of the reader's."""
    host, path, query = key
    return {
        "type": "http",
        "asgi": scope["asgi"],
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": scope.get("raw_path", path.encode()),
        "query_string": query,
        "root_path": scope.get("root_path", ""),
        "headers": [(b"host", host)],
        "client": None,
        "server": scope.get("server"),
    }
