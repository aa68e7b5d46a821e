"""A link with few words beside it, of somebody whom this site never published."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from comity.screening.normalise import PreparedText
from comity.screening.types import Finding, Span, Submission
from comity.screening.written_links import links_in, links_without_scheme

__all__ = ["BareLinkDetector"]

_FEW_WORDS = 12
"""Words beside a link from beyond which the link is not what the text is for."""
_SCORE = 0.55
_REFERENCES = (
    *("wikipedia.org", "wikimedia.org", "archive.org", "youtube.com", "youtu.be", "dailymotion.com", "vimeo.com"),
    *("gouv.fr", "service-public.fr", "insee.fr", "europa.eu", "un.org", "who.int", "gov", "gov.uk", "gov.il"),
)
"""Where people send one another to look something up."""


class BareLinkDetector:
    """Likelier spam than not, and never a reason to hold by itself: people also send one another to what they read."""

    name = "bare_link"
    version = "1"
    kind = "watch"

    def find(self, text: PreparedText, submission: Submission) -> Iterable[Finding]:
        """At most one `spam` finding."""
        if submission.author.published or submission.author.staff:
            return
        links = links_in(text.raw)
        starts, ends = [span[0] for _, span in links], [0, *(span[1] for _, span in links)]
        for host, span in links_without_scheme(text.raw):
            if ends[bisect_right(starts, span[0])] <= span[0]:  # else it is a part of the link before it
                links.append((host, span))
        spans = [span for host, span in links if self._is_unknown(host, submission)]
        if spans and _words_beside(text, links) <= _FEW_WORDS:
            yield Finding("spam", _SCORE, self.name, tuple(sorted(spans)), ("little_but_a_link",))

    def _is_unknown(self, host: str, submission: Submission) -> bool:
        if any(host == one or host.endswith(f".{one}") for one in _REFERENCES):
            return False
        standing = submission.links.get(host)
        return standing is None or not (standing.own or standing.published)


def _words_beside(text: PreparedText, links: list[tuple[str, Span]]) -> int:
    """How many words of two letters or more stand outside the links; no more than are worth counting."""
    ordered = sorted(span for _, span in links)
    count = place = 0
    for number, word in enumerate(text.words):
        if len(word) < 2 or not word.isalpha():
            continue
        start = text.word_span(number)[0]
        while place < len(ordered) and ordered[place][1] <= start:
            place += 1
        if place == len(ordered) or start < ordered[place][0]:
            count += 1
            if count > _FEW_WORDS:
                break
    return count
