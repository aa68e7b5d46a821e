"""Keys for publishers' systems."""

from __future__ import annotations

import secrets
from datetime import datetime

from comity import conf
from comity.actions.writing import write_transaction
from comity.models import SiteKey
from comity.queries.shapes import SiteShape
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.signatures import site_secret

__all__ = ["create_site_key", "revoke_site_key"]


def create_site_key(*, site: SiteShape, label: str, now: datetime) -> tuple[str, str]:
    """A new key: its id, and the secret it signs with, which is shown this once and never stored."""
    key_id = secrets.token_hex(8)
    with write_transaction():
        SiteKey.objects.create(site_id=site.id, key_id=key_id, label=label[:100], created_at=now)
    return key_id, site_secret(conf.current().signing_secrets()[0], key_id)


def revoke_site_key(*, site: SiteShape, key_id: str, now: datetime) -> None:
    """End a key.

    Raises:
        Refusal: `field_invalid`: the site has no such key in use.
    """
    with write_transaction():
        if not SiteKey.objects.filter(site_id=site.id, key_id=key_id, revoked_at=None).update(revoked_at=now):
            raise Refusal(RefusalCode.FIELD_INVALID, field="key_id")
