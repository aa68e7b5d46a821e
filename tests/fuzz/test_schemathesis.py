"""Schemathesis asks the JSON interface everything that its OpenAPI file allows, and much that it does not: no request
is answered with 500, and every answer is one that the file promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from comity.actions.comments import post_comment
from comity.actions.sites import create_site
from comity.actions.stories import save_story
from comity.api.openapi import document
from comity.api.routes import interface
from comity.rules.actors import Actor

pytestmark = [pytest.mark.database, pytest.mark.django_db]


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = sorted(
    operation["operationId"]
    for operations in document(interface, server="/")["paths"].values()
    for operation in operations.values()
)


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests leave the connection open, as with Django's own test client: the test's transaction lives in it."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def site_to_ask(db: None, _one_connection: None, settings: Settings) -> None:
    """One site, one story, one comment."""
    settings.COMITY = {**settings.COMITY, "limits_enabled": False}
    now = datetime.now(UTC)
    site = create_site(key="gazette", name="La Gazette", hosts=["gazette.example"], domains=["gazette.example"])
    save_story(site=site, key="treve-2016", url="https://gazette.example/treve", title="Une trêve", now=now)
    post_comment(
        actor=Actor(site_id=site.id, new_device_token="n" * 43, network_digest="network"),
        site=site,
        story_key="treve-2016",
        story_url="",
        text="Un commentaire courtois.",
        author_name="Anne",
        now=now,
    )


@pytest.mark.parametrize("generation", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_answer_is_promised(site_to_ask: None, operation_id: str, generation: GenerationMode) -> None:
    served = schemathesis.openapi.from_wsgi(reverse("comity:api-openapi"), get_wsgi_application())
    operation = served.find_operation_by_id(operation_id)

    @given(case=operation.as_strategy(generation_mode=generation))
    @examples(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    ask()
