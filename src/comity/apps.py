"""The Django app."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["ComityConfig"]


class ComityConfig(AppConfig):
    """Comity mounted in a Django project."""

    name = "comity"
    verbose_name = "Comity"
    default_auto_field = "django.db.models.BigAutoField"
