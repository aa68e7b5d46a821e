"""The site's own head: its versions, and the one in force as this process knows it."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from comity.models import SiteHead as SiteHeadRow
from comity.queries.lessons import lessons_after
from comity.rules.refusals import Refusal, RefusalCode
from comity.screening.learning import SiteHead, SiteHeadError

__all__ = ["CurrentHead", "StoredHead", "head_of", "head_versions", "newest_head", "stored_head"]

LOOK_EVERY = timedelta(seconds=1)
VERSIONS_SHOWN = 1000
_LARGEST = 2**31 - 1


class StoredHead(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a site's own head. Version 0 is the head before the first lesson, which no row holds."""

    version: int = 0
    content: bytes | None = None
    """None for version 0, and where only a replay makes the bytes again."""
    lessons: int = 0
    learnt_from_id: int | None = None
    learnt_to: int = 0
    """Number, in the site's chain, of the last decision that was considered."""
    left_out: tuple[tuple[int, int], ...] = ()
    """First and last numbers of decisions whose lessons were undone; in order, apart."""
    made_at: datetime | None = None


def _shape(row: SiteHeadRow) -> StoredHead:
    return StoredHead(
        version=row.version,
        content=None if row.content is None else bytes(row.content),
        lessons=row.lessons,
        learnt_from_id=row.learnt_from_id,
        learnt_to=row.learnt_from.sequence if row.learnt_from is not None else 0,
        left_out=tuple((first, last) for first, last in row.left_out),
        made_at=row.made_at,
    )


def newest_head(*, site_id: int) -> StoredHead:
    """The head in force; version 0 while nothing taught it."""
    row = SiteHeadRow.objects.filter(site_id=site_id).select_related("learnt_from").order_by("-version").first()
    return StoredHead() if row is None else _shape(row)


def stored_head(*, site_id: int, version: int) -> StoredHead:
    """This version.

    Raises:
        Refusal: `field_invalid`: there is none, or none any more.
    """
    if version == 0:
        return StoredHead()
    row = (
        SiteHeadRow.objects.filter(site_id=site_id, version=version).select_related("learnt_from").first()
        if 0 < version <= _LARGEST
        else None
    )
    if row is None:
        raise Refusal(RefusalCode.FIELD_INVALID, field="version")
    return _shape(row)


def head_versions(*, site_id: int, limit: int = VERSIONS_SHOWN) -> tuple[StoredHead, ...]:
    """The newest versions, without their bytes."""
    rows = SiteHeadRow.objects.filter(site_id=site_id).select_related("learnt_from").defer("content")
    return tuple(
        StoredHead(version=row.version, lessons=row.lessons, made_at=row.made_at)
        for row in rows.order_by("-version")[:limit]
    )


def head_of(stored: StoredHead, *, site_id: int) -> SiteHead:
    """The head of a version: from its bytes, else from its lessons.

    Raises:
        SiteHeadError: the bytes cannot be read.
    """
    if stored.content is not None:
        return SiteHead.from_bytes(stored.content, stored_as=stored.version)
    head = SiteHead(stored_as=stored.version)
    if stored.version:
        for each in lessons_after(site_id=site_id, sequence=0, left_out=stored.left_out, until=stored.learnt_to):
            head.teach(each.lesson)
    return head


class CurrentHead:
    """The head in force, looked for at most once a second: what one process learnt, all know within that time.

    Give it to the engine as `site_head`; the caller passes the time to `look` before each submission.
    """

    def __init__(self, site_id: int) -> None:
        self._site_id = site_id
        self._looked_at: datetime | None = None
        self._known: tuple[tuple[int, datetime] | None, SiteHead | None] = (None, None)

    def look(self, now: datetime) -> None:
        """Load the newest version if it is another one. A clock set back makes it look."""
        if self._looked_at is not None and timedelta(0) <= now - self._looked_at < LOOK_EVERY:
            return
        newest = (
            SiteHeadRow.objects.filter(site_id=self._site_id)
            .order_by("-version")
            .values_list("version", "made_at")
            .first()
        )
        if newest != self._known[0]:
            self._known = (newest, None if newest is None else self._load(newest[0]))
        self._looked_at = now

    def _load(self, version: int) -> SiteHead | None:
        content = SiteHeadRow.objects.values_list("content", flat=True).get(site_id=self._site_id, version=version)
        try:
            return SiteHead.from_bytes(bytes(content or b""), stored_as=version)
        except SiteHeadError:
            return None

    def __call__(self) -> SiteHead | None:
        """The head as last seen; None while there is none.

        Raises:
            SiteHeadError: the one in force cannot be read.
        """
        newest, head = self._known
        if newest is not None and head is None:
            raise SiteHeadError("the site head in force cannot be read")
        return head
