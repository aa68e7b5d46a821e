"""Every address of the app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from comity.api.health import health_routes
from comity.api.routes import api_routes

app_name = "comity"
urlpatterns: list[URLPattern | URLResolver] = [
    *health_routes,
    *api_routes,
]
