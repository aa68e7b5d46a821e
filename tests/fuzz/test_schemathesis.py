"""Schemathesis asks the JSON interface everything that its OpenAPI file allows, and much that it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker, Settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.api.openapi import document
from comity.api.routes import interface

pytestmark = [pytest.mark.database, pytest.mark.django_db]

SERVER = "/api/v1"
EXAMPLES = 40


@pytest.fixture(autouse=True)
def _open_site(db: None, settings: Settings) -> None:
    settings.COMITY = {**settings.COMITY, "limits_enabled": False}
    site = create_site(key="gazette", name="La Gazette", hosts=["gazette.example"], domains=["gazette.example"])
    save_story(site=site, key="treve", url="https://gazette.example/treve", title="Une trêve", now=datetime.now(UTC))
