"""What this site's moderators taught."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from comity.screening.learning import SiteHead
from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, Submission

__all__ = ["LearnedDetector"]

_LEAST = 0.4


class LearnedDetector:
    """Findings of the site's own head, which the caller keeps fresh; each cites the head's version."""

    name = "site_head"
    version = "1"
    kind = "learned"

    def __init__(self, head: Callable[[], SiteHead | None]) -> None:
        self._head = head

    def find(self, text: PreparedText, _submission: Submission) -> Iterable[Finding]:
        """One finding for each category that the head thinks likely enough."""
        head = self._head()
        if head is None:
            return
        for category, score in head.score(text).items():
            if score >= _LEAST:
                yield Finding(category, round(score, 4), self.name, (), (f"head_version_{head.version}",))
