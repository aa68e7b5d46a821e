"""Telling shared caches that something changed, so that they may keep answers for longer.

A cache is asked to forget by tag: the surrogate keys that stand in the answers' own headers (`web.etags.MadeOf`).
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from comity import conf

__all__ = ["PurgeFailedError", "SharedCache", "purge", "shared_caches"]

TIMEOUT_SECONDS = 3.0
_ADDRESS = re.compile(r"(?:(xkey|ban|json)\+)?(https?)://([^/\s?#@]+)(/[^\s?#]*)?")
_LONGEST = 200
"""Characters of an address: it names the delivery in its row."""


class PurgeFailedError(Exception):
    """A cache did not say that it has forgotten. Holds the status, or the class of the failure, and nothing else."""


@dataclass(frozen=True, slots=True)
class SharedCache:
    """A cache that is told."""

    name: str
    """Its address as it was configured."""
    kind: str
    """`xkey` and `ban` for Varnish, `json` and `header` for networks of caches."""
    is_secure: bool
    host: str
    path: str


def shared_caches() -> tuple[SharedCache, ...]:
    """Those of the settings.

    Raises:
        ImproperlyConfigured: an address is none.
    """
    return tuple(_cache(address) for address in conf.current().purge)


def _cache(address: str) -> SharedCache:
    found = _ADDRESS.fullmatch(address)
    if found is None or len(address) > _LONGEST:
        raise ImproperlyConfigured("COMITY['purge'] holds what is no address of a cache: see docs/operations.md.")
    kind, scheme, host, path = found.groups()
    return SharedCache(address, kind or "header", scheme == "https", host, path or "/")


def purge(cache: SharedCache, tags: Sequence[str]) -> None:
    """Have the cache forget every answer that carries one of these tags.

    Raises:
        PurgeFailedError: it did not say that it has.
    """
    method, headers, body = _request(cache.kind, tags)
    if secret := conf.current().purge_header:
        name, _, value = secret.partition(":")
        headers[name.strip()] = value.strip()
    port = urlsplit(f"//{cache.host}").port
    kind = http.client.HTTPSConnection if cache.is_secure else http.client.HTTPConnection
    connection = kind(urlsplit(f"//{cache.host}").hostname or "", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, cache.path, body=body, headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as failure:
        raise PurgeFailedError(type(failure).__name__) from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise PurgeFailedError(str(status))


def _request(kind: str, tags: Sequence[str]) -> tuple[str, dict[str, str], bytes | None]:
    if kind == "xkey":
        return "PURGE", {"xkey-purge": " ".join(tags)}, None
    if kind == "ban":
        # Tags are letters, digits and hyphens: none means anything to a regular expression. No space: Varnish would
        # take what comes after it for another condition.
        return "BAN", {"xkey-ban": rf"(^|\s)({'|'.join(tags)})(\s|$)"}, None
    if kind == "json":
        return "POST", {"Content-Type": "application/json"}, json.dumps({"tags": list(tags)}).encode()
    return "POST", {"Surrogate-Key": " ".join(tags), "Content-Length": "0"}, None
