"""The `comity` command."""

from __future__ import annotations

from comity.cli.words import main

__all__ = ["main"]
