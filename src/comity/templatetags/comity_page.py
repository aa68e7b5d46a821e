"""The words of `comity.stream.wording` and the addresses of `comity.stream.addresses`, for templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from comity.queries.shapes import CommentShape
from comity.stream import wording
from comity.stream.addresses import page_address

register = template.Library()

register.filter("number", wording.number)
register.filter("count_text", wording.count_text)
register.filter("score", wording.score)
register.filter("day", wording.day)
register.filter("moment", wording.moment)
register.filter("stamp", wording.stamp)
register.filter("until", wording.until)
register.filter("initial", wording.initial)
register.filter("hue", wording.hue)
register.filter("direction", wording.direction)
register.filter("replies_line", wording.replies_line)


@register.simple_tag(takes_context=True)
def address(context: Context, name: str, **parts: Any) -> str:
    """The address of a page, with the site and the language that the page's own address named."""
    return page_address(name, carried=context.get("carried"), **parts)


@register.simple_tag(takes_context=True)
def branch_address(context: Context, comment: CommentShape) -> str:
    """The address of the page that shows this comment's branch alone."""
    query = {"filter": f"branch:{comment.root_id}"}
    return page_address("thread", carried=context.get("carried"), query=query, key=comment.story_key)
