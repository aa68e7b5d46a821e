"""Which site is meant."""

from __future__ import annotations

from comity.models import Site
from comity.queries.shapes import SiteShape
from comity.rules.hours import OfficeHours
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["all_sites", "find_site", "site_by_id"]


def _shape(site: Site) -> SiteShape:
    return SiteShape(
        id=site.pk,
        key=site.key,
        name=site.name,
        language=site.language,
        domains=tuple(sorted(each.domain for each in site.domains.all())),
        hosts=tuple(sorted(each.host for each in site.hosts.all())),
        email_requirement=site.email_requirement,
        website_field=site.website_field,
        comment_minimum=site.comment_minimum,
        comment_maximum=site.comment_maximum,
        reply_minimum=site.reply_minimum,
        reply_maximum=site.reply_maximum,
        edit_window_seconds=site.edit_window_seconds,
        depth_limit=site.depth_limit,
        page_size=site.page_size,
        branch_size=site.branch_size,
        down_votes=site.down_votes,
        guest_votes=site.guest_votes,
        pre_moderated=site.pre_moderated,
        close_after_days=site.close_after_days,
        office_hours=OfficeHours(opens_at=site.opens_at, closes_at=site.closes_at, time_zone=site.time_zone)
        if site.opens_at is not None and site.closes_at is not None
        else None,
        accent=site.accent,
    )


def find_site(*, key: str | None, host: str | None) -> SiteShape:
    """The site with this key; without a key the one reached by this host, else the only one.

    Raises:
        Refusal: `site_unknown`.
    """
    sites = Site.objects.prefetch_related("domains", "hosts")
    if key:
        found = sites.filter(key=key).first() if "\x00" not in key else None
    else:
        found = sites.filter(hosts__host=host.lower()).first() if host and "\x00" not in host else None
        if found is None:
            several = list(sites.order_by("pk")[:2])
            found = several[0] if len(several) == 1 else None
    if found is None:
        raise Refusal(RefusalCode.SITE_UNKNOWN)
    return _shape(found)


def site_by_id(site_id: int) -> SiteShape:
    """The site with this id.

    Raises:
        Refusal: `site_unknown`.
    """
    found = Site.objects.prefetch_related("domains", "hosts").filter(pk=site_id).first()
    if found is None:
        raise Refusal(RefusalCode.SITE_UNKNOWN)
    return _shape(found)


def all_sites() -> tuple[SiteShape, ...]:
    """Every site, by key."""
    return tuple(_shape(each) for each in Site.objects.prefetch_related("domains", "hosts").order_by("key"))
