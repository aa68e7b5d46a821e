"""Which site is meant."""

from __future__ import annotations

from datetime import time
from typing import Any, NamedTuple

from django.db.models import QuerySet

from comity.models import Site, SiteDomain, SiteHost
from comity.queries.prepared import Prepared
from comity.queries.shapes import SiteShape
from comity.rules.hours import OfficeHours
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["all_sites", "find_site", "site_by_id"]


class _SiteRow(NamedTuple):
    pk: int
    key: str
    name: str
    language: str
    email_requirement: str
    website_field: bool
    comment_minimum: int
    comment_maximum: int
    reply_minimum: int
    reply_maximum: int
    edit_window_seconds: int
    depth_limit: int
    page_size: int
    branch_size: int
    down_votes: bool
    guest_votes: bool
    pre_moderated: bool
    close_after_days: int | None
    opens_at: time | None
    closes_at: time | None
    time_zone: str
    accent: str
    readers_contact: str
    readers_contact_person: bool
    authorities_contact: str
    contact_languages: str


Rows = QuerySet[Any, tuple[Any, ...]]


def _by_key(key: str) -> Rows:
    return Site.objects.filter(key=key).values_list(*_SiteRow._fields)


def _by_host(host: str) -> Rows:
    return Site.objects.filter(hosts__host=host).values_list(*_SiteRow._fields)


def _by_id(site_id: int) -> Rows:
    return Site.objects.filter(pk=site_id).values_list(*_SiteRow._fields)


def _first_two() -> Rows:
    return Site.objects.order_by("pk").values_list(*_SiteRow._fields)[:2]


def _domains(site_id: int) -> Rows:
    return SiteDomain.objects.filter(site_id=site_id).order_by("domain").values_list("domain")


def _hosts(site_id: int) -> Rows:
    return SiteHost.objects.filter(site_id=site_id).order_by("host").values_list("host")


# Every request asks for its site: these are compiled once.
_prepared_by_key, _prepared_by_host, _prepared_by_id = Prepared(_by_key), Prepared(_by_host), Prepared(_by_id)
_prepared_first_two, _prepared_domains, _prepared_hosts = Prepared(_first_two), Prepared(_domains), Prepared(_hosts)


def _shape(row: _SiteRow) -> SiteShape:
    return SiteShape(
        id=row.pk,
        key=row.key,
        name=row.name,
        language=row.language,
        domains=tuple(sorted(domain for (domain,) in _prepared_domains.rows(row.pk))),
        hosts=tuple(sorted(host for (host,) in _prepared_hosts.rows(row.pk))),
        email_requirement=row.email_requirement,
        website_field=row.website_field,
        comment_minimum=row.comment_minimum,
        comment_maximum=row.comment_maximum,
        reply_minimum=row.reply_minimum,
        reply_maximum=row.reply_maximum,
        edit_window_seconds=row.edit_window_seconds,
        depth_limit=row.depth_limit,
        page_size=row.page_size,
        branch_size=row.branch_size,
        down_votes=row.down_votes,
        guest_votes=row.guest_votes,
        pre_moderated=row.pre_moderated,
        close_after_days=row.close_after_days,
        office_hours=OfficeHours(opens_at=row.opens_at, closes_at=row.closes_at, time_zone=row.time_zone)
        if row.opens_at is not None and row.closes_at is not None
        else None,
        accent=row.accent,
        readers_contact=row.readers_contact,
        readers_contact_person=row.readers_contact_person,
        authorities_contact=row.authorities_contact,
        contact_languages=tuple(row.contact_languages.split(", ")) if row.contact_languages else (),
    )


def find_site(*, key: str | None, host: str | None) -> SiteShape:
    """The site with this key; without a key the one reached by this host, else the only one.

    Raises:
        Refusal: `site_unknown`.
    """
    if key:
        found = _prepared_by_key.rows(key) if "\x00" not in key else []
    else:
        found = _prepared_by_host.rows(host.lower()) if host and "\x00" not in host else []
        if not found:
            several = _prepared_first_two.rows()
            found = several if len(several) == 1 else []
    if not found:
        raise Refusal(RefusalCode.SITE_UNKNOWN)
    return _shape(_SiteRow._make(found[0]))


def site_by_id(site_id: int) -> SiteShape:
    """The site with this id.

    Raises:
        Refusal: `site_unknown`.
    """
    found = _prepared_by_id.rows(site_id)
    if not found:
        raise Refusal(RefusalCode.SITE_UNKNOWN)
    return _shape(_SiteRow._make(found[0]))


def all_sites() -> tuple[SiteShape, ...]:
    """Every site, by key."""
    rows = Site.objects.order_by("key").values_list(*_SiteRow._fields)
    return tuple(_shape(_SiteRow._make(row)) for row in rows)
