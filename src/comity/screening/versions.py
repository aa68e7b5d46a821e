"""The engine's own version; it changes whenever the same text may get another finding."""

from __future__ import annotations

__all__ = ["ENGINE_VERSION"]

ENGINE_VERSION = "2026.11.1"
