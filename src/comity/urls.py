"""Every address of the app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from comity.api.health import health_routes
from comity.api.routes import api_routes
from comity.desk.routes import desk_routes
from comity.pages.routes import page_routes

app_name = "comity"
urlpatterns: list[URLPattern | URLResolver] = [
    *health_routes,
    *api_routes,
    *page_routes,
    *desk_routes,
]
