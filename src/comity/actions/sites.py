"""Making and changing sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError

from comity.actions import outbox
from comity.actions.writing import write_transaction
from comity.events import SiteSaved
from comity.models import Site, SiteDomain, SiteHost
from comity.queries.shapes import SiteShape
from comity.queries.sites import find_site, site_by_id
from comity.rules.actors import Actor
from comity.rules.contacts import check_contact, check_languages
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["SITE_SETTINGS", "change_contacts", "change_site", "create_site"]

SITE_SETTINGS = (
    "name", "language", "email_requirement", "website_field", "comment_minimum", "comment_maximum", "reply_minimum",
    "reply_maximum", "edit_window_seconds", "depth_limit", "page_size", "branch_size", "down_votes", "guest_votes",
    "pre_moderated", "close_after_days", "accent", "opens_at",
    "closes_at", "time_zone", "readers_contact", "readers_contact_person", "authorities_contact", "contact_languages",
)  # fmt: skip
"""What an operator may set of a site, besides its hosts and domains."""


def create_site(
    *,
    key: str,
    name: str,
    language: str = "fr",
    hosts: Sequence[str] = (),
    domains: Sequence[str] = (),
    settings: Mapping[str, object] | None = None,
) -> SiteShape:
    """Make a site.

    Raises:
        Refusal: `field_invalid`: the key is taken or is none, a host belongs to another site, a setting is unknown.
    """
    if Site.objects.filter(key=key).exists():
        raise Refusal(RefusalCode.FIELD_INVALID, field="key")
    with write_transaction():
        site = Site.objects.create(key=key, name=name, language=language)
        change_site(key=key, hosts=hosts, domains=domains, settings=settings or {})
    return site_by_id(site.pk)


def change_site(
    *,
    key: str,
    hosts: Sequence[str] | None = None,
    domains: Sequence[str] | None = None,
    settings: Mapping[str, object] | None = None,
) -> SiteShape:
    """Change a site's settings; hosts and domains are replaced as a whole when given.

    Raises:
        Refusal: `site_unknown`, `field_invalid`.
    """
    shape = find_site(key=key, host=None)
    unknown = set(settings or {}) - set(SITE_SETTINGS)
    if unknown:
        raise Refusal(RefusalCode.FIELD_INVALID, field=min(unknown))
    with write_transaction():
        if settings:
            row = Site.objects.get(pk=shape.id)
            for name, value in settings.items():
                setattr(row, name, value)
            _check(row)
            row.save()
        if hosts is not None:
            wanted = {each.lower() for each in hosts}
            if SiteHost.objects.filter(host__in=wanted).exclude(site_id=shape.id).exists():
                raise Refusal(RefusalCode.FIELD_INVALID, field="hosts")
            SiteHost.objects.filter(site_id=shape.id).delete()
            SiteHost.objects.bulk_create(SiteHost(site_id=shape.id, host=each) for each in sorted(wanted))
        if domains is not None:
            SiteDomain.objects.filter(site_id=shape.id).delete()
            SiteDomain.objects.bulk_create(
                SiteDomain(site_id=shape.id, domain=each) for each in sorted({each.lower() for each in domains})
            )
        outbox.record(SiteSaved(site_id=shape.id))
    return site_by_id(shape.id)


def change_contacts(
    *,
    actor: Actor,
    site: SiteShape,
    readers_contact: str,
    readers_contact_person: bool,
    authorities_contact: str,
    contact_languages: str,
) -> SiteShape:
    """Say how readers and authorities reach the newsroom; empty takes a contact point away.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `field_invalid`.
    """
    require(actor, Permission.EDIT_RULES)
    settings = {
        "readers_contact": readers_contact,
        "readers_contact_person": readers_contact_person,
        "authorities_contact": authorities_contact,
        "contact_languages": contact_languages,
    }
    return change_site(key=site.key, settings=settings)


def _check(row: Site) -> None:
    row.readers_contact = check_contact(row.readers_contact, field="readers_contact")
    row.authorities_contact = check_contact(row.authorities_contact, field="authorities_contact")
    row.contact_languages = check_languages(row.contact_languages, field="contact_languages")
    try:
        row.full_clean()
        ZoneInfo(row.time_zone)
    except ValidationError as error:
        raise Refusal(RefusalCode.FIELD_INVALID, field=min(error.message_dict)) from None
    except (ZoneInfoNotFoundError, ValueError):
        raise Refusal(RefusalCode.FIELD_INVALID, field="time_zone") from None
