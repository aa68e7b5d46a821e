"""Whether an answer of the JSON interface is one that its OpenAPI file promises."""

from __future__ import annotations

import re
from typing import Any

from comity.api.openapi import document
from comity.api.routes import interface

__all__ = ["codes_promised"]

_DOCUMENT = document(interface, server="/api/v1")


def codes_promised(method: str, path: str, status: int) -> set[str]:
    """The codes listed for this status of the operation at this address (from the interface's prefix on)."""
    for template, operations in _DOCUMENT["paths"].items():
        pattern = re.sub(r"\{[a-z_]+\}", "[^/]+", template)
        if method.lower() in operations and re.search(f"/api/v1{pattern}$", path):
            responses: dict[Any, Any] = operations[method.lower()]["responses"]
            return set(responses[status]["content"]["application/problem+json"]["examples"])
    raise LookupError(f"{method} {path} is no operation")
