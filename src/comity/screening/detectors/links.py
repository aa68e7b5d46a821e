"""Links and what their hosts have been on this site."""

from __future__ import annotations

from collections.abc import Iterable

from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, LinkStanding, Span, Submission
from comity.screening.written_links import host_of, links_in

__all__ = ["LinksDetector"]

UNKNOWN = LinkStanding()


class LinksDetector:
    """Spam by links: their number, their hosts' standing on this site, the author's record."""

    name = "links"
    version = "1"
    kind = "facts"

    def find(self, text: PreparedText, submission: Submission) -> Iterable[Finding]:
        """At most one `spam` finding."""
        links = links_in(text.raw)
        if submission.author_website:
            links.append((host_of(submission.author_website), (0, 0)))
        if not links:
            return
        score = 0.0
        evidence: set[str] = set()
        spans: list[Span] = []
        foreign = 0
        for host, span in links:
            standing = submission.links.get(host, UNKNOWN)
            if standing.own:
                continue
            foreign += 1
            total = standing.published + standing.removed
            if total:
                # Laplace's rule: one removal among few says less than ten among ten.
                score = max(score, (standing.removed + 0.5) / (total + 2.0) if standing.removed else 0.0)
                evidence.add("link_removed_before" if standing.removed else "link_known")
            else:
                score = max(score, 0.3)
                evidence.add("link_unknown")
            if span != (0, 0):
                spans.append(span)
        if foreign > 2:
            score = max(score, min(0.9, 0.4 + 0.1 * foreign))
            evidence.add("many_links")
        if submission.author.proven or submission.author.published >= 5:
            score *= 0.7
        if score > 0:
            yield Finding("spam", round(score, 4), self.name, tuple(sorted(spans)), tuple(sorted(evidence)))
