"""The JSON interface's addresses, for `comity.urls`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path, reverse
from django.views.decorators.csrf import csrf_exempt

from comity.api.interface import build_interface, guarded_patterns, unknown_page
from comity.api.openapi import document_bytes
from comity.api.operations import JSON
from comity.rules.refusals import Refusal, RefusalCode
from comity.web import cors
from comity.web.etags import answer_public
from comity.web.problems import problem_answer

__all__ = ["api_routes", "interface"]

_PREFIX = "api/v1/"
_DOCUMENT_SECONDS = 300
interface = build_interface()


@csrf_exempt  # answers no method that changes anything
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI file, with the path under which this server is mounted."""
    if request.method not in cors.SAFE_METHODS:
        response = problem_answer(request, Refusal(RefusalCode.METHOD_NOT_ALLOWED))
        response["Allow"] = "GET, HEAD, OPTIONS"
    else:
        server = reverse("comity:api-openapi").removesuffix("/openapi.json")
        response = answer_public(
            request, document_bytes(interface, server=server), content_type=JSON, seconds=_DOCUMENT_SECONDS
        )
    cors.allow_everybody(response)
    return response


api_routes: list[URLPattern] = [
    path(f"{_PREFIX}openapi.json", openapi, name="api-openapi"),
    *guarded_patterns(interface, prefix=_PREFIX),
    re_path(rf"^{_PREFIX}", csrf_exempt(unknown_page), name="api-unknown"),
]
