"""Answers that are no page."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

__all__ = ["see_other"]


def see_other(address: str) -> HttpResponse:
    """What follows a post that was done: the browser fetches the page at `address`."""
    response = HttpResponseRedirect(address, status=303)
    response["Cache-Control"] = "no-store"
    return response
