"""Pages that are opened by a link sent out: nothing keeps them, lists them, or tells others where they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from comity.rules.refusals import Refusal
from comity.stream.layout import render_private
from comity.stream.visits import Visit
from comity.web.problems import status_of

__all__ = ["show_by_link"]


def show_by_link(
    visit: Visit, template: str, context: Mapping[str, Any], *, refusal: Refusal | None = None
) -> HttpResponse:
    """The page; with the refusal's status when there was one. The address holds a token: no referrer carries it on."""
    response = render_private(
        visit.request,
        template,
        context,
        site=visit.site,
        language=visit.language,
        status=status_of(refusal) if refusal is not None else 200,
    )
    response["Referrer-Policy"] = "no-referrer"
    if refusal is not None and refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response
