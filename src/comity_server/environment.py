"""What the stand-alone server is told by its environment: every `COMITY_*` variable, read and checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import MISSING, fields
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured

from comity.conf import Configuration

__all__ = ["VARIABLES", "configuration", "text", "words"]

_NOT_FROM_THE_ENVIRONMENT = {"secrets", "limit_storage"}
"""Settings of the app that have variables of other names: `COMITY_SECRET_KEY`, `COMITY_REDIS_URL`."""

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "COMITY_ALLOWED_HOSTS": "Host names by which the server is reached, besides this machine's own; with commas.",
        "COMITY_BIND": "Address to listen on; 127.0.0.1 unless given.",
        "COMITY_DATA": "Folder of the SQLite database, the secret and the demo accounts; .comity unless given.",
        "COMITY_DATABASE_POOL": "Most connections to PostgreSQL that one process holds; 16 unless given.",
        "COMITY_DATABASE_URL": "Database, such as postgresql://comity@/comity; a SQLite file unless given.",
        "COMITY_LANGUAGE": "Language of pages that belong to no site, fr, en, es, de, he or ar; fr unless given.",
        "COMITY_LOG_LEVEL": "Least serious lines of the log: debug, info, warning or error; info unless given.",
        "COMITY_PORT": "Port to listen on; 8000 unless given.",
        "COMITY_REPLICA_URLS": "PostgreSQL replicas from which public pages are read; with commas.",
        "COMITY_REDIS_URL": "Redis for request limits and the news between processes; the database unless given.",
        "COMITY_SECRET_KEY": "Secret that signs; a 0600 file in COMITY_DATA, made on first use, unless given.",
        "COMITY_SECRET_KEY_FALLBACKS": "Older secrets that still verify, newest first; with commas.",
        **{
            f"COMITY_{each.name.upper()}": str(each.metadata["meaning"])
            for each in fields(Configuration)
            if each.name not in _NOT_FROM_THE_ENVIRONMENT
        },
    }
)
"""Name and meaning of each variable."""


def text(name: str, default: str = "") -> str:
    """The variable's value without the spaces around it; `default` when it is unset or empty."""
    if name not in VARIABLES:
        raise KeyError(name)
    return os.environ.get(name, "").strip() or default


def words(name: str) -> list[str]:
    """A value with commas, as its parts."""
    return [word for word in (part.strip() for part in text(name).split(",")) if word]


def number(name: str, default: int) -> int:
    """A whole number above zero.

    Raises:
        ImproperlyConfigured: it is none.
    """
    value = _parsed(name, text(name, str(default)), int)
    if not isinstance(value, int) or value < 1:
        raise ImproperlyConfigured(f"{name} must be a whole number above zero.")
    return value


def configuration() -> dict[str, object]:
    """The app's settings (`COMITY` in Django's) that the environment gives.

    Raises:
        ImproperlyConfigured: a value is not of its setting's kind.
    """
    given: dict[str, object] = {}
    for each in fields(Configuration):
        name = f"COMITY_{each.name.upper()}"
        if each.name in _NOT_FROM_THE_ENVIRONMENT or not text(name):
            continue
        if each.default is MISSING:
            raise TypeError(f"{each.name} has no default")
        given[each.name] = tuple(words(name)) if each.default == () else _parsed(name, text(name), type(each.default))
    if redis := text("COMITY_REDIS_URL"):
        given["limit_storage"] = redis
        given.setdefault("freshness", redis)
    return given


_YES_AND_NO = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}


def _parsed(name: str, value: str, kind: type) -> object:
    if kind is bool:
        if value.lower() not in _YES_AND_NO:
            raise ImproperlyConfigured(f"{name} must be yes or no.")
        return _YES_AND_NO[value.lower()]
    try:
        return kind(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number.") from None
