"""What the site knows of a network and of the hosts that comments link to: bounded, indexed look-ups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.models import CommentLink, PostingReceipt
from comity.rules.statuses import CommentStatus
from comity.screening.types import LinkStanding

__all__ = ["NetworkHistory", "network_history", "standings"]

MOST_HOSTS = 3
"""Hosts of one comment that are looked up: more links than that speak for themselves."""
MOST_COMMENTS = 100
"""Newest comments with a host, or of a network, that are counted."""
BUSY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NetworkHistory:
    """Comments of one network, of which a day at most is known."""

    last_hour: int = 0
    removed: int = 0
    """Of all that are known."""


def network_history(*, site_id: int, network_digest: str, now: datetime) -> NetworkHistory:
    """What came from a network at the site; one query, none without a digest."""
    if not network_digest:
        return NetworkHistory()
    known = PostingReceipt.objects.filter(
        site_id=site_id, network_digest=network_digest, kind=PostingReceipt.Kind.DUPLICATE
    )
    rows = list(known.order_by("-made_at").values_list("made_at", "comment__status")[:MOST_COMMENTS])
    return NetworkHistory(
        last_hour=sum(now - made_at <= BUSY for made_at, _ in rows),
        removed=sum(status == CommentStatus.REMOVED.value for _, status in rows),
    )


def standings(*, site_id: int, hosts: Iterable[str], leave_out: int | None = None) -> Mapping[str, LinkStanding]:
    """How the newest comments with each of these hosts have fared at the site; one query a host, for three at most."""
    found: dict[str, LinkStanding] = {}
    for host in list(hosts)[:MOST_HOSTS]:
        links = CommentLink.objects.filter(site_id=site_id, host=host)
        if leave_out is not None:
            links = links.exclude(comment_id=leave_out)
        counted = Counter(links.order_by("-id").values_list("comment__status", flat=True)[:MOST_COMMENTS])
        found[host] = LinkStanding(
            published=counted[CommentStatus.PUBLISHED.value], removed=counted[CommentStatus.REMOVED.value]
        )
    return found
