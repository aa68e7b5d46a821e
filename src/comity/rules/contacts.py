"""Contact points of a site: how readers (DSA article 12) and authorities (article 11) reach its newsroom."""

from __future__ import annotations

import re

from comity.rules.posting import check_email
from comity.rules.refusals import Refusal, RefusalCode
from comity.text.urls import UrlRefused, normalise_website

__all__ = ["check_contact", "check_languages", "contact_link"]

CONTACT_MAXIMUM = 254
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)
LANGUAGES_MAXIMUM = 12


def check_contact(value: str, *, field: str) -> str:
    """An e-mail address or the https address of a form, trimmed; empty for none.

    Raises:
        Refusal: `field_invalid`.
    """
    cleaned = value.strip()
    if not cleaned:
        return ""
    try:
        normal = normalise_website(cleaned) if "://" in cleaned else check_email(cleaned, "required")
    except (Refusal, UrlRefused):
        raise Refusal(RefusalCode.FIELD_INVALID, field=field) from None
    if len(normal) > CONTACT_MAXIMUM or normal.startswith("http://"):
        raise Refusal(RefusalCode.FIELD_INVALID, field=field)
    return normal


def check_languages(value: str, *, field: str) -> str:
    """Language tags, separated by `, `; empty for none.

    Raises:
        Refusal: `field_invalid`: one is no tag such as `fr`, or there are more than twelve.
    """
    tags = list(dict.fromkeys(value.replace(",", " ").split()))
    if len(tags) > LANGUAGES_MAXIMUM or not all(_LANGUAGE.fullmatch(tag) for tag in tags):
        raise Refusal(RefusalCode.FIELD_INVALID, field=field)
    return ", ".join(tags)


def contact_link(contact: str) -> str:
    """The address that a page links a contact point to."""
    return contact if "://" in contact else f"mailto:{contact}"
