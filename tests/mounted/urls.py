"""The host's addresses: Comity under a prefix."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("talk/", include("comity.urls"))]
