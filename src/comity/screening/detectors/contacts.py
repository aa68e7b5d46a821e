"""Advertising that asks to be called: a messenger's name beside a number or a handle."""

from __future__ import annotations

import re
from collections.abc import Iterable

from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, Submission

__all__ = ["ContactsDetector"]

_MESSENGERS = frozenset(
    [
        "whatsapp",
        "watsapp",
        "whatsap",
        "telegram",
        "viber",
        "wechat",
        "snapchat",
        "واتساب",
        "تلغرام",
        "וואטסאפ",
        "טלגרם",
    ]
)
_NUMBER = re.compile(r"\+?\d(?:[ .\-()]{0,2}\d){7,14}")
_HANDLE = re.compile(r"(?<!\w)@\w{3,32}|(?:t\.me|wa\.me)/[\w+]{3,40}")


class ContactsDetector:
    """Spam when the text says where to write and on which messenger."""

    name = "contacts"
    version = "1"
    kind = "facts"

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """At most one `spam` finding."""
        named = not _MESSENGERS.isdisjoint(text.words)
        short_link = "t.me/" in text.folded or "wa.me/" in text.folded
        if not named and not short_link:
            return
        spans = [match.span() for match in _NUMBER.finditer(text.raw)] if named else []
        spans += [match.span() for match in _HANDLE.finditer(text.raw)]
        if spans:
            yield Finding(
                "spam",
                0.82 if short_link or len(spans) > 1 else 0.76,
                self.name,
                tuple(sorted(spans)),
                ("contact_details",),
            )
