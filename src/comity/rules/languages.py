"""The languages that Comity speaks: one entry here and one catalogue each. `docs/languages.md` tells how to add one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["SPOKEN", "spoken"]

SPOKEN: Mapping[str, str] = MappingProxyType(
    {
        "fr": "Français",
        "en": "English",
        "es": "Español",
        "de": "Deutsch",
        "he": "עברית",
        "ar": "العربية",
    }
)
"""Each language's code (ISO 639-1) and its own name, in the order in which a reader is offered them."""


def spoken(tag: str) -> str | None:
    """The spoken language that a language tag means: `fr-CA` is `fr`; None when Comity does not speak it."""
    code = tag.strip().lower().replace("_", "-").partition("-")[0]
    return code if code in SPOKEN else None
