"""Addresses of stories, of guests' websites and of links, in one form each."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal
from urllib.parse import SplitResult, quote, unquote_plus, urlsplit

__all__ = ["UrlRefused", "UrlRefusedReason", "hosts_in", "normalise_story_url", "normalise_website"]

UrlRefusedReason = Literal["malformed", "too_long", "scheme", "credentials", "domain"]

STORY_URL_MAXIMUM = 2000
WEBSITE_MAXIMUM = 500
HOST_MAXIMUM = 253
_INPUT_MAXIMUM = 8000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ASCII_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_CREDENTIALS = re.compile(r"//[^/?#]*@")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})?")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_PATH_SAFE = "/%:@!$&'()*+,;=-._~"
_QUERY_SAFE = _PATH_SAFE + "?"

# Parameters that say where a reader came from, never which story it is.
_TRACKING = frozenset(
    {
        *("fbclid", "gclid", "gbraid", "wbraid", "dclid", "gclsrc", "msclkid", "yclid", "twclid", "ttclid", "igshid"),
        *("igsh", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi", "hsctatracking", "xtor"),
        *("xtref", "ocid", "ncid", "cmpid", "vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "s_cid", "spm"),
        *(
            "wt_mc",
            "wt.mc_id",
            "rb_clickid",
            "s_kwcid",
            "__twitter_impression",
            "ref_src",
            "ref_url",
            "epik",
            "srsltid",
        ),
    }
)
_TRACKING_STARTS = ("utm_", "at_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "stm_")


class UrlRefused(ValueError):  # noqa: N818 - the glossary's word: a rule that says no is a refusal, not an error
    """An address cannot be taken. `reason` is one of `UrlRefusedReason`; the address itself is not repeated."""

    def __init__(self, reason: UrlRefusedReason) -> None:
        super().__init__(reason)
        self.reason: UrlRefusedReason = reason


def normalise_story_url(url: str, allowed_domains: Sequence[str]) -> str:
    """The one form of a story's address: https on an allowed domain, or below one; http for loopback hosts only.

    Host in lower case and in its ASCII form; default port, fragment, trailing slash and tracking parameters gone; what
    remains of the query in order of the alphabet; percent escapes in one form. At most 2,000 characters. Normalising
    twice changes nothing more.

    Raises:
        UrlRefused: `malformed`, `too_long`, `scheme`, `credentials` or `domain`.
    """
    parts, host, port = _read(url)
    scheme = parts.scheme.lower()
    if scheme != "https" and not (scheme == "http" and _is_loopback(host)):
        raise UrlRefused("scheme")
    if not any(_is_under(host, domain) for domain in allowed_domains):
        raise UrlRefused("domain")
    path = _path(parts.path).rstrip("/")
    query = "&".join(sorted(_escaped(each, _QUERY_SAFE) for each in parts.query.split("&") if _tells_a_story(each)))
    normal = _joined(scheme, host, port, path or "/", query)
    if len(normal) > STORY_URL_MAXIMUM:
        raise UrlRefused("too_long")
    return normal


def normalise_website(url: str) -> str:
    """A guest's website: http or https on a named public host; https where no scheme is given. At most 500 characters.

    Raises:
        UrlRefused: `malformed`, `too_long`, `scheme`, `credentials` or `domain`.
    """
    stripped = url.strip()
    if not _SCHEME.match(stripped) or re.match(r"[^/?#]*\.[^/?#:]*:[0-9]", stripped):
        stripped = "https://" + stripped.removeprefix("//")
    parts, host, port = _read(stripped)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise UrlRefused("scheme")
    if "." not in host or _is_loopback(host) or _address(host) is not None or host.rpartition(".")[2].isdigit():
        raise UrlRefused("domain")
    normal = _joined(scheme, host, port, _path(parts.path) or "/", _escaped(parts.query, _QUERY_SAFE))
    if len(normal) > WEBSITE_MAXIMUM:
        raise UrlRefused("too_long")
    return normal


def hosts_in(links: Iterable[str]) -> tuple[str, ...]:
    """The hosts of http and https links in ASCII form, each once, in order; what is no such link is passed over."""
    hosts: dict[str, None] = {}
    for link in links:
        try:
            # A link that hides its host behind a name and an @ still leads there.
            _, host, _ = _read(_CREDENTIALS.sub("//", link.strip(), count=1))
        except UrlRefused:
            continue
        hosts[host] = None
    return tuple(hosts)


def _read(url: str) -> tuple[SplitResult, str, int | None]:
    stripped = url.strip()
    if len(stripped) > _INPUT_MAXIMUM:
        raise UrlRefused("too_long")
    # A backslash is a slash to browsers and not to us; white space and controls are dropped by some readers.
    if _FORBIDDEN.search(stripped):
        raise UrlRefused("malformed")
    try:
        parts = urlsplit(stripped)
        port = parts.port
        hostname = parts.hostname
    except ValueError:
        raise UrlRefused("malformed") from None
    if not parts.scheme:
        raise UrlRefused("malformed")
    if parts.scheme.lower() not in _DEFAULT_PORTS:
        raise UrlRefused("scheme")
    if "@" in parts.netloc:
        raise UrlRefused("credentials")
    if not hostname or "%" in parts.netloc:
        raise UrlRefused("malformed")
    return parts, _ascii_host(hostname, bracketed="[" in parts.netloc), port


def _ascii_host(host: str, *, bracketed: bool = False) -> str:
    """The host as it is asked for in DNS. Follows UTS 46 without its transitional mappings, as browsers do."""
    if bracketed:
        try:
            return ipaddress.IPv6Address(host).compressed
        except ValueError:
            raise UrlRefused("malformed") from None
    if len(host) > HOST_MAXIMUM:
        raise UrlRefused("malformed")
    labels = [_ascii_label(label) for label in _DOTS.split(host.removesuffix("."))]
    joined = ".".join(labels)
    if len(joined) > HOST_MAXIMUM:
        raise UrlRefused("malformed")
    return joined


def _ascii_label(label: str) -> str:
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", label).lower())
    if not folded.isascii():
        if any(unicodedata.category(each)[0] not in "LMN" and each != "-" for each in folded):
            raise UrlRefused("malformed")
        folded = "xn--" + folded.encode("punycode").decode("ascii")
    if not _ASCII_LABEL.fullmatch(folded):
        raise UrlRefused("malformed")
    return folded


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return address.is_loopback if address is not None else host == "localhost" or host.endswith(".localhost")


def _is_under(host: str, domain: str) -> bool:
    try:
        allowed = _ascii_host(domain.strip().strip("[]"), bracketed=":" in domain)
    except UrlRefused:
        return False
    return host == allowed or (_address(allowed) is None and host.endswith("." + allowed))


def _escaped(value: str, safe: str) -> str:
    """One form of percent escapes: none where none is needed, in capitals elsewhere."""

    def one(found: re.Match[str]) -> str:
        if found[1] is None:
            return "%25"
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else f"%{found[1].upper()}"

    return quote(_PERCENT.sub(one, value), safe=safe)


def _path(path: str) -> str:
    """The path escaped in one form, with `.` and `..` resolved."""
    kept: list[str] = []
    segments = _escaped(path, _PATH_SAFE).split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    joined = "/".join(kept)
    return joined if not joined or joined.startswith("/") else f"/{joined}"


def _tells_a_story(parameter: str) -> bool:
    name = unquote_plus(parameter.partition("=")[0]).strip().lower()
    return bool(parameter) and name not in _TRACKING and not name.startswith(_TRACKING_STARTS)


def _joined(scheme: str, host: str, port: int | None, path: str, query: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    authority = shown if port is None or port == _DEFAULT_PORTS[scheme] else f"{shown}:{port}"
    return f"{scheme}://{authority}{path}" + (f"?{query}" if query else "")
