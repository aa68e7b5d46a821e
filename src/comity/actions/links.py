"""Keeps which hosts a comment links to."""

from __future__ import annotations

from collections.abc import Iterable

from comity.models import Comment, CommentLink
from comity.queries.shapes import SiteShape
from comity.text.urls import hosts_in

__all__ = ["foreign_hosts", "keep_links"]

MOST_KEPT = 20


def foreign_hosts(site: SiteShape, links: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The hosts that links lead to, without `www.`: those that are not the site's, and those that are."""
    own = (*site.domains, *site.hosts)
    hosts = dict.fromkeys(host.removeprefix("www.") for host in hosts_in(links))
    at_home = [host for host in hosts if any(host == each or host.endswith(f".{each}") for each in own)]
    return tuple(host for host in hosts if host not in at_home), tuple(at_home)


def keep_links(comment: Comment, *, site: SiteShape, links: Iterable[str], replace: bool = False) -> None:
    """Keep the hosts of a comment's links and of its author's website; inside the transaction that stores it.

    Args:
        replace: the comment was edited: what was kept before goes.
    """
    if replace:
        CommentLink.objects.filter(comment_id=comment.pk).delete()
    website = (comment.author_website,) if comment.author_website else ()
    hosts, _ = foreign_hosts(site, (*links, *website))
    if hosts:
        CommentLink.objects.bulk_create(
            CommentLink(site_id=site.id, comment_id=comment.pk, host=host) for host in hosts[:MOST_KEPT]
        )
