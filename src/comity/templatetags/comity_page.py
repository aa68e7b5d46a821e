"""The words of `comity.stream.wording` and the addresses of `comity.stream.addresses`, for templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from comity.stream import wording
from comity.stream.addresses import page_address

register = template.Library()

register.filter("number", wording.number)
register.filter("count_text", wording.count_text)
register.filter("day", wording.day)
register.filter("moment", wording.moment)
register.filter("stamp", wording.stamp)
register.filter("until", wording.until)
register.filter("initial", wording.initial)
register.filter("hue", wording.hue)
register.filter("direction", wording.direction)
register.filter("plural_forms", wording.plural_forms)


@register.simple_tag(takes_context=True)
def address(context: Context, name: str, **parts: Any) -> str:
    """The address of a page, with the site and the language that the page's own address named."""
    return page_address(name, carried=context.get("carried"), **parts)
