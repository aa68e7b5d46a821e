"""Teaching a site's own head what its moderators decide; taking that back; building it anew.

Every change is a new version, and the newest is in force. A head is always what its lessons make of it in the order of
the decisions: learning one by one, undoing and replaying lead to the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice

from django.db import IntegrityError
from django.db.models import Max

from comity.actions import outbox
from comity.actions.writing import write_transaction
from comity.events import SiteHeadChanged
from comity.models import SiteHead as SiteHeadRow
from comity.queries.lessons import lessons_after
from comity.queries.site_heads import StoredHead, head_of, newest_head, stored_head
from comity.screening.learning import SiteHead, SiteHeadError

__all__ = ["learn_from_decisions", "replay_learning", "undo_learning"]

LESSONS_AT_ONCE = 200
CONTENTS_KEPT = 20
"""Versions that keep their bytes; undoing to an older one replays its lessons."""
VERSIONS_KEPT = 1000

Ranges = tuple[tuple[int, int], ...]


def learn_from_decisions(*, site_id: int, now: datetime) -> int:
    """Teach the site's head every human decision that it has not considered yet, in the order they were taken.

    Doing it again, in whatever process, changes nothing.

    Returns:
        The version in force.
    """
    while True:
        newest = newest_head(site_id=site_id)
        lessons = list(islice(lessons_after(site_id=site_id, sequence=newest.learnt_to), LESSONS_AT_ONCE))
        if not lessons:
            return newest.version
        head = head_of(newest, site_id=site_id)
        for each in lessons:
            head.teach(each.lesson)
        _store(
            head,
            site_id=site_id,
            after=newest,
            learnt_from_id=lessons[-1].decision_id,
            left_out=newest.left_out,
            now=now,
        )


def undo_learning(*, site_id: int, to_version: int, now: datetime) -> int:
    """Put an earlier head in force again, as a new version. What was learnt since stays out for good: neither the next
    decision nor a replay brings it back, unless the replay is told to take everything.

    Returns:
        The version in force.

    Raises:
        Refusal: `field_invalid`: there is no such version.
    """
    while True:
        newest = newest_head(site_id=site_id)
        wanted = stored_head(site_id=site_id, version=to_version)
        if wanted.version == newest.version:
            return newest.version
        left_out = _joined((*wanted.left_out, (wanted.learnt_to + 1, newest.learnt_to)))
        stored = _store(
            head_of(wanted, site_id=site_id),
            site_id=site_id,
            after=newest,
            learnt_from_id=newest.learnt_from_id,
            left_out=left_out,
            now=now,
        )
        if stored is not None:
            return stored


def replay_learning(
    *, site_id: int, everything: bool = False, now: datetime, progress: Callable[[int, int], None] = lambda _d, _t: None
) -> tuple[int, bool]:
    """Build the head anew from all human decisions in their order. Comments erased since are forgotten by it.

    Args:
        everything: also what was undone.
        progress: called with the number of the decision just read, and of the last one, in the site's chain.

    Returns:
        The version in force, and whether it has the bytes it had before.
    """
    while True:
        newest = newest_head(site_id=site_id)
        left_out = () if everything else newest.left_out
        head = SiteHead()
        for each in lessons_after(site_id=site_id, sequence=0, left_out=left_out, until=newest.learnt_to):
            head.teach(each.lesson)
            progress(each.sequence, newest.learnt_to)
        same = head.to_bytes() == _bytes_of(newest, site_id)
        if (same and left_out == newest.left_out) or _store(
            head, site_id=site_id, after=newest, learnt_from_id=newest.learnt_from_id, left_out=left_out, now=now
        ):
            return learn_from_decisions(site_id=site_id, now=now), same


def _bytes_of(stored: StoredHead, site_id: int) -> bytes:
    """As written today: another release of zlib may compress otherwise. Empty when they cannot be read."""
    try:
        return head_of(stored, site_id=site_id).to_bytes()
    except SiteHeadError:
        return b""


def _store(
    head: SiteHead, *, site_id: int, after: StoredHead, learnt_from_id: int | None, left_out: Ranges, now: datetime
) -> int | None:
    """Put a head in force as the version after `after`; None, and nothing written, when somebody else was quicker."""
    version = after.version + 1
    content = head.to_bytes()
    try:
        with write_transaction():
            rows = SiteHeadRow.objects.filter(site_id=site_id)
            if (rows.aggregate(newest=Max("version"))["newest"] or 0) != after.version:
                return None
            SiteHeadRow.objects.create(
                site_id=site_id,
                version=version,
                content=content,
                lessons=head.lessons,
                learnt_from_id=learnt_from_id,
                left_out=[list(each) for each in left_out],
                made_at=now,
            )
            rows.filter(version__lte=version - CONTENTS_KEPT, content__isnull=False).update(content=None)
            rows.filter(version__lte=version - VERSIONS_KEPT).delete()
            outbox.record(SiteHeadChanged(site_id=site_id, version=version), now=now)
    except IntegrityError:  # the same version, made by another process between the look and the write
        return None
    return version


def _joined(ranges: Sequence[tuple[int, int]]) -> Ranges:
    """The same numbers in ranges that are in order and apart; empty ranges are dropped."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if first > last:
            continue
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)
