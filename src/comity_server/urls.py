"""Addresses of the stand-alone server: the app at the root."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("comity.urls"))]
