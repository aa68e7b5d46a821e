"""A field that no person sees, and the time it took: a hint only."""

from __future__ import annotations

from collections.abc import Iterable

from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, Submission

__all__ = ["HoneypotDetector"]

_OFTEN_REMOVED = 3


class HoneypotDetector:
    """Spam when the hidden field is filled; hurried writing and the network's record are hints below any threshold."""

    name = "honeypot"
    version = "2"
    kind = "facts"

    def find(self, text: PreparedText, submission: Submission) -> Iterable[Finding]:
        """At most one `spam` finding."""
        score = 0.0
        evidence: list[str] = []
        if submission.honeypot.strip():
            score = 0.98
            evidence.append("hidden_field_filled")
        seconds = submission.seconds_to_write
        if seconds is not None and seconds >= 0 and len(text.raw) > 40 and len(text.raw) / max(seconds, 0.1) > 60:
            score = max(score, 0.3)
            evidence.append("written_too_fast")
        if submission.network_recent_posts > 20:
            score = max(score, 0.35)
            evidence.append("busy_network")
        if submission.network_removed_posts >= _OFTEN_REMOVED:
            score = max(score, 0.38)
            evidence.append("network_removed_before")
        if score:
            yield Finding("spam", score, self.name, (), tuple(evidence))
