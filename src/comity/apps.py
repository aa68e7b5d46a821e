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
        self._bell = self._ring_after_commits()

    @staticmethod
    def _ring_after_commits() -> object:
        """Let other processes hear of what this one writes, where the database does not tell them; whatever rings."""
        from comity.actions.outbox import notify_when_recorded
        from comity.stream.freshness.choosing import bell

        rung = bell()
        if rung is not None:
            notify_when_recorded(rung)
        return rung
