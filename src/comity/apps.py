"""The Django app."""

from __future__ import annotations

import importlib

from django.apps import AppConfig

__all__ = ["ComityConfig"]


class ComityConfig(AppConfig):
    """Comity mounted in a Django project."""

    name = "comity"
    verbose_name = "Comity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the storage in which requests are counted without Redis: `web` knows it by its scheme alone."""
        importlib.import_module("comity.actions.limits")
