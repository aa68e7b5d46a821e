"""Addresses of static files that change with what the file holds."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

__all__ = ["VersionedStaticFiles"]


@cache
def _version(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12] if found else ""


class VersionedStaticFiles(StaticFilesStorage):
    """Serves files from where the finders find them, under addresses that end in a digest of their bytes, so that
    browsers keep them and still fetch the next release's."""

    def url(self, name: str | None, force: bool = False) -> str:  # noqa: ARG002 - the parent's signature
        """The address of a file."""
        address = super().url(name)
        version = _version(name) if name else ""
        return f"{address}?v={version}" if version else address
