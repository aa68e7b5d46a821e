"""Deleting what has served its time and belongs to no noun of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from comity.actions.writing import write_transaction
from comity.models import PostingReceipt

__all__ = ["prune_receipts"]

ROWS_AT_ONCE = 500


def prune_receipts(now: datetime, *, keep: timedelta = timedelta(hours=24)) -> int:
    """Delete posting receipts older than `keep`.

    Returns:
        How many were deleted.
    """
    total = 0
    old = PostingReceipt.objects.filter(made_at__lt=now - keep).order_by("id")
    while True:
        with write_transaction(durable=False):
            ids = list(old.values_list("id", flat=True)[:ROWS_AT_ONCE])
            PostingReceipt.objects.filter(id__in=ids).delete()
        total += len(ids)
        if len(ids) < ROWS_AT_ONCE:
            return total
