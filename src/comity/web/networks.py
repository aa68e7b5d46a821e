"""Which network a request comes from, without keeping its address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.http import HttpRequest

from comity import conf
from comity.rules.digests import keyed_digest

__all__ = ["client_address", "is_https", "network_digest"]

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network
HOPS_MAXIMUM = 32


def client_address(request: HttpRequest) -> _Address | None:
    """The address of the rightmost hop that is not one of our proxies; None when the server was not told any.

    `X-Forwarded-For` is believed only as far as trusted proxies wrote it: what stands left of the first hop that is not
    ours was written by the client and may say anything.
    """
    trusted = conf.current().trusted_networks()
    address = _parse(request.META.get("REMOTE_ADDR", ""))
    if address is None or not _is_in(address, trusted):
        return address
    hops = ",".join(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-HOPS_MAXIMUM:])
    for hop in reversed(hops.split(",")):
        forwarded = _parse(hop)
        if forwarded is None:
            return address  # a trusted proxy that writes no address: itself is the best known
        address = forwarded
        if not _is_in(address, trusted):
            return address
    return address


def is_https(request: HttpRequest) -> bool:
    """Whether the reader's browser speaks https, as far as the server or a trusted proxy says."""
    if request.is_secure():
        return True
    forwarded = request.META.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
    return forwarded == "https" and _comes_from_proxy(request)


def network_digest(request: HttpRequest, *, now: datetime) -> str:
    """Keyed digest of the client's network (its IPv4 address, or the /64 of its IPv6 address) on this UTC day."""
    address = client_address(request)
    match address:
        case None:
            network = "unknown"
        case IPv6Address():
            network = str(ip_network((address, 64), strict=False))
        case _:
            network = str(address)
    return keyed_digest(conf.current().signing_secrets()[0], "network", now.astimezone(UTC).date().isoformat(), network)


def _comes_from_proxy(request: HttpRequest) -> bool:
    address = _parse(request.META.get("REMOTE_ADDR", ""))
    return address is not None and _is_in(address, conf.current().trusted_networks())


def _parse(text: str) -> _Address | None:
    cleaned = text.strip()
    if cleaned.startswith("["):  # [2001:db8::1]:443
        cleaned = cleaned[1:].partition("]")[0]
    elif cleaned.count(":") == 1:  # 192.0.2.1:443
        cleaned = cleaned.partition(":")[0]
    try:
        address = ip_address(cleaned.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _is_in(address: _Address, networks: Sequence[_Network]) -> bool:
    return any(address in network for network in networks)
