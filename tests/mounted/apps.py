"""The host's own app."""

from __future__ import annotations

from django.apps import AppConfig


class MountedConfig(AppConfig):
    name = "tests.mounted"
    label = "mounted"
    default_auto_field = "django.db.models.BigAutoField"
