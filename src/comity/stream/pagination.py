"""Which part of a thread an address asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.http import HttpRequest

from comity.queries.shapes import SiteShape, ThreadShape
from comity.queries.threads import read_thread
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.fragments import FILTER_ALL, SORT_DEFAULT

__all__ = ["ALL_PAGES", "Part", "part_of", "read_part"]

ALL_PAGES = 25
"""How many pages of a thread the page that shows all of it may hold; what is left has a link of its own."""
_BRANCH = re.compile(r"branch:([0-9]{1,19})")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a thread."""

    sort: str = SORT_DEFAULT
    cursor: str | None = None
    branch_id: int | None = None
    all: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether this is the thread's own address, without anything chosen."""
        return self == Part()


def part_of(request: HttpRequest) -> Part:
    """The part that `sort`, `cursor` and `filter` ask for.

    Raises:
        Refusal: `field_invalid` for a filter that is none.
    """
    asked = request.GET.get("filter", "")
    branch = _BRANCH.fullmatch(asked)
    if asked and not branch and asked != FILTER_ALL:
        raise Refusal(RefusalCode.FIELD_INVALID, field="filter")
    return Part(
        sort=request.GET.get("sort") or SORT_DEFAULT,
        cursor=request.GET.get("cursor") or None,
        branch_id=int(branch[1]) if branch else None,
        all=asked == FILTER_ALL,
    )


def read_part(part: Part, *, site: SiteShape, key: str, now: datetime) -> ThreadShape:
    """The part's comments.

    Raises:
        Refusal: as `queries.threads.read_thread`.
    """
    thread = read_thread(site=site, key=key, now=now, sort=part.sort, cursor=part.cursor, branch_id=part.branch_id)
    if not part.all:
        return thread
    for _ in range(ALL_PAGES - 1):
        if thread.next_cursor is None:
            break
        following = read_thread(site=site, key=key, now=now, sort=part.sort, cursor=thread.next_cursor)
        thread = msgspec.structs.replace(
            thread,
            comments=(*thread.comments, *following.comments),
            next_cursor=following.next_cursor,
            roots_left=following.roots_left,
        )
    return thread
