"""Addresses for whoever watches the server."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from comity.queries.readiness import readiness
from comity.stream.health import HEALTHY

__all__ = ["health_routes", "healthz", "readyz"]


@csrf_exempt  # answers no method that changes anything
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The process is up. The front answers this itself, with the same bytes."""
    return HttpResponse(HEALTHY, content_type="application/json", headers={"Cache-Control": "no-store"})


@csrf_exempt  # answers no method that changes anything
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The process can serve: the database answers and is migrated. Else 503, saying which of the two fails."""
    found = readiness()
    status = "ok" if found.ready else "unavailable"
    body = {"status": status, "database": found.database, "migrations": found.migrations}
    response = HttpResponse(
        msgspec.json.encode(body) + b"\n",
        content_type="application/json",
        status=200 if found.ready else 503,
        headers={"Cache-Control": "no-store"},
    )
    if not found.ready:
        response["Retry-After"] = "5"
    return response


health_routes = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
