"""The OpenAPI file: served, kept in the repository, and complete."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from comity.api.interface import build_interface, guarded_patterns
from comity.api.openapi import document
from comity.api.routes import interface
from comity.rules.refusals import HTTP_STATUS, RefusalCode

KEPT = Path(__file__).parents[3] / "docs" / "openapi.json"
DOCUMENT = document(interface, server="/api/v1")
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]


def test_the_kept_file_is_what_the_command_prints() -> None:
    printed = io.StringIO()
    call_command("comity_openapi", stdout=printed)
    assert KEPT.read_text(encoding="utf-8") == printed.getvalue(), "run `comity_openapi > docs/openapi.json`"


def test_the_served_file_names_the_place_it_is_mounted() -> None:
    address = reverse("comity:api-openapi")
    answer = Client().get(address)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    served = answer.json()
    assert served["openapi"] == "3.1.0"
    assert served["servers"] == [{"url": address.removesuffix("/openapi.json")}]
    assert served["paths"].keys() == DOCUMENT["paths"].keys()
    again = Client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_operation_says_what_it_refuses(name: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert "security" in operation
    listed = set()
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            (kind,) = response["content"]
            assert kind == "application/problem+json"
            for code, example in response["content"][kind]["examples"].items():
                listed.add(code)
                assert HTTP_STATUS[RefusalCode(code)] == int(status) == example["value"]["status"]
                assert example["value"]["detail"]
    assert {"site_unknown", "service_unavailable", "internal_error", "field_invalid"} <= listed
    if "requestBody" in operation:
        assert {"body_malformed", "body_too_large", "body_too_slow", "media_type_unsupported"} <= listed
        assert list(operation["requestBody"]["content"]) == ["application/json"]


def test_every_reference_leads_somewhere() -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [each for inner in value.values() for each in references(inner)]
        if isinstance(value, list):
            return [each for inner in value for each in references(inner)]
        return []

    found = set(references(DOCUMENT))
    assert found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in DOCUMENT["components"]["schemas"]
    schemes = {name for _, operation in OPERATIONS for choice in operation["security"] for name in choice}
    assert schemes == set(DOCUMENT["components"]["securitySchemes"])


def test_several_interfaces_stand_in_one_process() -> None:
    names = [pattern.name for pattern in guarded_patterns(build_interface(), prefix="one/")]
    assert names == [pattern.name for pattern in guarded_patterns(build_interface(), prefix="two/")]
    assert set(names) == {
        "api-thread",
        "api-post",
        "api-preview",
        "api-search",
        "api-comment",
        "api-vote",
        "api-me",
        "api-story",
        "api-report",
        "api-reasons",
        "api-appeal",
        "api-receipt",
        "api-right-of-reply",
        "api-reply-receipt",
        "api-cases",
        "api-case",
        "api-case-decision",
        "api-case-preserve",
        "api-case-export",
        "api-case-told",
        "api-case-release",
    }
