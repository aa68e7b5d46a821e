"""The door of the desk: every page behind it asks for a member of this site's staff with the right that it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_protect

from comity.rules.actors import Actor
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.visits import Visit, guarded
from comity.web.answers import see_other

__all__ = ["desk_page"]

_P = ParamSpec("_P")
DeskView = Callable[Concatenate[Visit, Actor, _P], HttpResponse]


def desk_page(
    *methods: str, permission: Permission
) -> Callable[[DeskView[_P]], Callable[Concatenate[HttpRequest, _P], HttpResponse]]:
    """Decorate a page of the desk. Who is not signed in is asked to; who may not is told so.

    Posts are checked twice: by Django's token, and by where they come from (`web.actors.identify`).
    """

    def decorate(view: DeskView[_P]) -> Callable[Concatenate[HttpRequest, _P], HttpResponse]:
        def enter(visit: Visit, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
            actor = visit.actor()
            if not actor.is_staff:
                user = getattr(visit.request, "user", None)  # a host may mount Comity without Django's sign-in
                if user is not None and user.is_authenticated:
                    raise Refusal(RefusalCode.PERMISSION_DENIED)
                asked = visit.request.get_full_path() if not visit.is_post else visit.address("desk")
                return see_other(visit.address("desk-sign-in", query={"next": asked}))
            require(actor, permission)
            return view(visit, actor, *args, **kwargs)

        return csrf_protect(guarded(*methods)(enter))

    return decorate
