"""The signals that a host project may listen to; sent after the transaction has committed, never inside it.

Each is sent with `sender=None` and plain ids as keyword arguments. Comity itself listens to none of them.
"""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["comment_decided", "comment_edited", "comment_posted", "comment_withdrawn", "story_saved"]

story_saved = Signal()
"""`site_id`, `story_id`."""

comment_posted = Signal()
"""`site_id`, `story_id`, `comment_id`."""

comment_edited = Signal()
"""`site_id`, `story_id`, `comment_id`."""

comment_withdrawn = Signal()
"""`site_id`, `story_id`, `comment_id`."""

comment_decided = Signal()
"""`site_id`, `story_id`, `comment_id`, `decision_id`."""
