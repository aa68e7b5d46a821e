"""Addresses of stories and of readers' websites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

__all__ = ["UrlRefused", "hosts_in", "normalise_story_url", "normalise_website"]

_TRACKING = re.compile(
    r"utm_\w+|at_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|mc_cid|mc_eid|xtor|igshid|yclid|twclid|_ga|ref_src|"
    r"__twitter_impression|cmpid|campaign_id",
    re.ASCII | re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"`{}|^]")
URL_MAXIMUM = 2000


class UrlRefused(ValueError):
    """The address can't be taken; `reason` is one of scheme, host, domain, credentials, form."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _host(parts: SplitResult) -> str:
    if parts.username is not None or parts.password is not None:
        raise UrlRefused("credentials")
    host = parts.hostname
    if not host:
        raise UrlRefused("host")
    if ":" in host:
        try:
            return f"[{ip_address(host).compressed}]"
        except ValueError:
            raise UrlRefused("host") from None
    try:
        ascii_host = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise UrlRefused("host") from None
    if len(ascii_host) > 253 or not all(_LABEL.fullmatch(label) for label in ascii_host.split(".")):
        raise UrlRefused("host")
    return ascii_host


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _split(url: str) -> tuple[SplitResult, str, int | None]:
    url = url.strip()
    if len(url) > URL_MAXIMUM or _FORBIDDEN.search(url):
        raise UrlRefused("form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlRefused("form") from None
    if parts.scheme not in {"http", "https"}:
        raise UrlRefused("scheme")
    return parts, _host(parts), port


def _netloc(scheme: str, host: str, port: int | None) -> str:
    return host if port in {None, 443 if scheme == "https" else 80} else f"{host}:{port}"


def normalise_story_url(url: str, allowed_domains: Sequence[str]) -> str:
    """One address for one story: host in lower case, no default port, fragment, tracking parameters or trailing slash.

    Args:
        allowed_domains: domains that the story may stand on, each with those under it. Loopback needs none.

    Raises:
        UrlRefused: no https (http for loopback only), another domain, credentials in it, or no address at all.
    """
    parts, host, port = _split(url)
    loopback = _is_loopback(host)
    if parts.scheme == "http" and not loopback:
        raise UrlRefused("scheme")
    if not loopback:
        domains = [domain.lower().strip(".").encode("idna").decode("ascii") for domain in allowed_domains]
        if not any(host == domain or host.endswith(f".{domain}") for domain in domains):
            raise UrlRefused("domain")
    query = urlencode(
        [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _TRACKING.fullmatch(name)
        ]
    )
    path = parts.path.rstrip("/")
    return urlunsplit((parts.scheme, _netloc(parts.scheme, host, port), path, query, ""))


def normalise_website(url: str) -> str:
    """A reader's website: http or https; a bare host gets https.

    Raises:
        UrlRefused: another scheme, credentials, a host without a dot, or no address at all.
    """
    url = url.strip()
    if "://" not in url and not re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", url, re.IGNORECASE):
        url = f"https://{url}"
    parts, host, port = _split(url)
    if "." not in host:
        raise UrlRefused("host")
    return urlunsplit((parts.scheme, _netloc(parts.scheme, host, port), parts.path, parts.query, ""))


def hosts_in(links: Iterable[str]) -> tuple[str, ...]:
    """Hosts that addresses lead to, without `www.`, each once, in order; what is no address is passed over."""
    found: dict[str, None] = {}
    for link in links:
        try:
            _, host, _ = _split(link)
        except UrlRefused:
            continue
        found[host.removeprefix("www.")] = None
    return tuple(found)
