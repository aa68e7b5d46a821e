"""Prints the OpenAPI file of the JSON interface, as `docs/openapi.json` keeps it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from comity.api.openapi import document_bytes
from comity.api.routes import interface

__all__ = ["Command"]


class Command(BaseCommand):
    """`comity_openapi > docs/openapi.json`."""

    help = "Print the OpenAPI file of the JSON interface."
    requires_system_checks = ()  # the file depends on no setting

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        """Write the file to standard output."""
        self.stdout.write(document_bytes(interface, server="/api/v1").decode(), ending="")
