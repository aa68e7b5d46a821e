"""Numbers as readers see them, in the language in force (`translation.override`)."""

from __future__ import annotations

from django.utils.numberformat import format as group_digits
from django.utils.translation import get_language, get_language_info, pgettext

__all__ = ["direction", "number"]


def number(value: int) -> str:
    """With the language's grouping: 12 345 in French, 12,345 in English; a true minus sign, at the digits' left even
    where words run from the right."""
    if 0 <= value < 1000:
        return str(value)
    separator = pgettext("between thousands", ",")
    text = group_digits(abs(value), ".", grouping=3, thousand_sep=separator, force_grouping=True, use_l10n=True)
    if value >= 0:
        return str(text)
    mark = "\N{LEFT-TO-RIGHT MARK}" if direction(get_language() or "") == "rtl" else ""
    return f"{mark}\N{MINUS SIGN}{text}"


def direction(language: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"
