"""Every setting of the app, on one page.

A host sets them in Django's settings as `COMITY = {"trusted_proxies": [...], ...}`; the stand-alone server fills that
mapping from `COMITY_*` environment variables (see `comity_server.settings`). An unknown name is an error at start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed

__all__ = ["Configuration", "current"]


def _setting(meaning: str, default: Any) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings in force. `meaning` in each field's metadata is what `docs/settings.md` says of it."""

    secrets: tuple[str, ...] = _setting(
        "Signing secrets, newest first: the first signs, all verify. Empty: Django's SECRET_KEY and its fallbacks.", ()
    )
    trusted_proxies: tuple[str, ...] = _setting(
        "Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8. Empty: the address of the connection.", ()
    )
    limit_storage: str = _setting(
        "Where request limits are counted: `comity+table://` (the database), `memory://`, or a `redis://` or `unix://` "
        "address: the database counts while that is away.",
        "comity+table://",
    )
    freshness: str = _setting(
        "How processes hear of each other's writes: a `redis://` address. Empty: by the database itself.", ""
    )
    freshness_database: str = _setting(
        "A direct PostgreSQL address to listen at, where the database is reached through a pooler between "
        "transactions. Empty: the database's own.",
        "",
    )
    live_streams: int = _setting("How many readers one process keeps told by an open connection.", 10_000)
    limits_enabled: bool = _setting("Whether request limits are enforced.", True)
    body_limit_bytes: int = _setting("Largest request body, in bytes; more is answered 413.", 262_144)
    body_deadline_seconds: float = _setting("Seconds within which a request body must have arrived; else 408.", 10.0)
    write_lock_path: str = _setting(
        "File for the fair write lock that processes on one SQLite database share. Empty: beside the database.", ""
    )
    server_name: str = _setting("Public host name written into absolute addresses. Empty: the request's own.", "")
    cache_bytes: int = _setting(
        "Bytes of finished answers that one process keeps in memory, about; 0 keeps none.", 64_000_000
    )
    purge: tuple[str, ...] = _setting(
        "Shared caches that are told of every change, by address: docs/operations.md. Empty: none, and shared caches "
        "keep answers for 5 s.",
        (),
    )
    purge_header: str = _setting(
        "A header sent to those caches, such as Authorization: Bearer and a token. Empty: none.", ""
    )
    pump_batch: int = _setting("How many reactions the pump leases at once.", 50)
    pump_lease_seconds: int = _setting("Seconds after which a leased reaction may be taken by another process.", 60)
    pump_attempts: int = _setting("Attempts after which a failing reaction is parked for `comity doctor`.", 8)
    role: str = _setting(
        "What a server answers: `all`; `web`, all but open connections; `front`, what everybody reads, and open "
        "connections. Set by `comity serve` itself.",
        "all",
    )
    screening_model: bool = _setting(
        "Whether the trained model reads comments; without it the word lists and statements alone do, and the process "
        "is some 40 MB smaller.",
        True,
    )
    screening_onnx_folder: str = _setting(
        "Folder of a text-classification model that reads every comment as well: docs/screening.md. Empty: none.", ""
    )
    screening_chat_url: str = _setting(
        "Whole address of a chat-completions endpoint, asked where the screening is unsure. Empty: none.", ""
    )
    screening_chat_model: str = _setting("Name of the model to ask for at that endpoint.", "")
    screening_chat_key: str = _setting("Key for that endpoint. Empty: none is sent.", "")
    screening_akismet_key: str = _setting("Key for Akismet, asked about spam. Empty: it is not asked.", "")
    screening_akismet_blog: str = _setting(
        "Address of the publication's front page, which Akismet wants to be told.", ""
    )
    screening_akismet_url: str = _setting("Another address that answers as Akismet does. Empty: Akismet's.", "")
    screening_perspective_key: str = _setting(
        "Key for Perspective, asked until 31 December 2026. Empty: it is not asked.", ""
    )
    screening_perspective_url: str = _setting(
        "Another address that answers as Perspective does. Empty: Perspective's.", ""
    )
    screening_timeout_seconds: float = _setting(
        "Seconds that one of them may take to answer; after that the own verdict stands.", 3.0
    )
    retention_details_days: int = _setting(
        "Days after which decisions lose findings, citations and notes; never while they can be appealed. 0: kept.", 365
    )
    retention_evidence_days: int = _setting(
        "Days after which the words that detectors named are forgotten; never while one can appeal. 0: kept.", 184
    )
    retention_revisions_days: int = _setting("Days after which earlier wordings of comments go. 0: kept.", 365)
    retention_networks_days: int = _setting("Days after which an appeal's network digest goes. 0: kept.", 30)
    retention_reporters_days: int = _setting(
        "Days after the answer when names and addresses of who reported, or asked for a reply, go. 0: kept.", 365
    )
    retention_addresses_days: int = _setting("Days after which e-mail addresses given with comments go. 0: kept.", 365)
    demo: bool = _setting("Whether this is the demo: true only when bound to loopback.", False)

    def signing_secrets(self) -> tuple[str, ...]:
        """Secrets, the signing one first."""
        return self.secrets or (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)

    def trusted_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The proxies' networks."""
        return tuple(ip_network(each, strict=False) for each in self.trusted_proxies)


@lru_cache(maxsize=1)
def current() -> Configuration:
    """The configuration made from Django's settings.

    Raises:
        ImproperlyConfigured: an unknown setting, a network that is none, or a setting without its other half.
    """
    given: Mapping[str, Any] = getattr(settings, "COMITY", {})
    known = {each.name for each in fields(Configuration)}
    unknown = sorted(set(given) - known)
    if unknown:
        raise ImproperlyConfigured(f"COMITY holds unknown settings: {', '.join(unknown)}")
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    configuration = Configuration(**values)
    try:
        configuration.trusted_networks()
    except ValueError as error:
        raise ImproperlyConfigured(f"COMITY['trusted_proxies']: {error}") from error
    for name, beside in (
        ("screening_chat_url", "screening_chat_model"),
        ("screening_akismet_key", "screening_akismet_blog"),
    ):
        if getattr(configuration, name) and not getattr(configuration, beside):
            raise ImproperlyConfigured(f"COMITY[{name!r}] needs {beside} beside it")
    return configuration


def _forget(*, setting: str, **_: object) -> None:
    if setting in {"COMITY", "SECRET_KEY", "SECRET_KEY_FALLBACKS"}:
        current.cache_clear()


setting_changed.connect(_forget)
