"""Addresses of the stand-alone server: the app at the root."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("comity.urls"))]

handler404 = "comity.stream.error_pages.page_unknown"
handler500 = "comity.stream.error_pages.server_failed"
