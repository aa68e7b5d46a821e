"""How the desk answers: with a page for one member of staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from comity.rules.actors import Actor
from comity.rules.refusals import Refusal
from comity.stream.layout import render_private
from comity.stream.visits import Visit
from comity.web.problems import status_of

__all__ = ["desk_answer"]


def desk_answer(
    visit: Visit, actor: Actor, template: str, context: Mapping[str, Any], *, refusal: Refusal | None = None
) -> HttpResponse:
    """The page; with the refusal's status when there was one."""
    return render_private(
        visit.request,
        template,
        {"actor": actor, **context},
        site=visit.site,
        language=visit.language,
        status=status_of(refusal) if refusal is not None else 200,
        with_token=True,
    )
