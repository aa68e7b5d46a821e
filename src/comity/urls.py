"""Every address of the app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from comity.api.health import health_routes

app_name = "comity"
urlpatterns: list[URLPattern | URLResolver] = [*health_routes]
