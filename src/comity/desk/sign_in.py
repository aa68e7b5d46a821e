"""Signing in and out, by Django's own means."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_protect

from comity.rules.limits import Purpose
from comity.stream.layout import layout_context
from comity.stream.visits import Visit, guarded
from comity.web import throttle
from comity.web.answers import see_other

__all__ = ["sign_in", "sign_out"]


@csrf_protect
@guarded("GET", "POST")
def sign_in(visit: Visit) -> HttpResponse:
    """The form, or signing in; tries are counted by network."""
    if visit.is_post:
        throttle.spend(Purpose.SIGN_IN, visit.actor())
    view = LoginView.as_view(
        template_name="comity/desk/sign_in.html",
        next_page=visit.address("desk"),
        extra_context={
            **layout_context(visit.request, site=visit.site, language=visit.language),
            "is_private": True,
        },
    )
    response = view(visit.request)
    assert isinstance(response, HttpResponse)  # Django's view sends no stream
    if isinstance(response, TemplateResponse):
        response.render()  # while the visit's language is in force
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


@csrf_protect
@guarded("POST")
def sign_out(visit: Visit) -> HttpResponse:
    """End the session."""
    visit.actor()  # looks at where the post comes from
    logout(visit.request)
    return see_other(visit.address("desk-sign-in"))
