"""Every address of the app, filled in."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from django.urls import URLPattern, reverse

__all__ = ["every_address"]


def every_address(*, key: str, comment_id: int) -> Iterator[tuple[str, str, bool]]:
    """Name and path of every route of the app, with this story and this comment in its place, and whether it names the
    comment."""
    for pattern in import_module("comity.urls").urlpatterns:
        assert isinstance(pattern, URLPattern), "routes are flat lists, so that a walk misses none"
        assert pattern.name, f"{pattern.pattern} has no name"
        converters = pattern.pattern.converters
        known: dict[str, object] = {"key": key, "comment_id": comment_id, "id": comment_id, "story_key": key}
        # Tokens and the numbers of appeals and reports have tests of their own; here they are wrong ones.
        known |= {"token": "x.y", "appeal_id": 1, "case_id": 1, "record_id": 1, "request_id": 1, "restriction_id": 1}
        known |= {"module": "acts-0123456789ab"}
        path = reverse(f"comity:{pattern.name}", kwargs={name: known[name] for name in converters})
        yield pattern.name, path, comment_id in {known[name] for name in converters}
