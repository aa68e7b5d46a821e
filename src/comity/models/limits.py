"""Request counts, shared by processes that have no Redis."""

from __future__ import annotations

from django.db import models

__all__ = ["LimitCounter"]


class LimitCounter(models.Model):
    """How often something was asked within one window. The key is a digest that rotates daily."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"limit {self.pk}"
