"""Answers that are the same for everybody: an ETag of their bytes, a short public life, what they were made of, and
nothing that varies but their compression."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from comity import conf

__all__ = [
    "MADE_OF",
    "PUBLIC_SECONDS",
    "MadeOf",
    "answer_private",
    "answer_public",
    "etag_of",
    "keep_fresh",
    "story_tag",
]

PUBLIC_SECONDS = 5
"""How long a shared cache may keep an answer without asking again; then the ETag makes asking cheap."""
PURGED_SECONDS = 60
"""The same, where shared caches are told of every change: `purge` in the settings. Votes are not told."""
STALE_SECONDS = 10
"""How long a shared cache may give the old answer while it fetches the new one."""
ERROR_SECONDS = 300
"""How long it may give the old one while no new one can be had."""
MADE_OF = "comity.made_of"
"""Where a request carries what its answer was made of, for the front that stands before Django."""


class MadeOf(NamedTuple):
    """What a public answer shows: by this it is found again when something of it changes.

    Stories are named by key, since an answer may show the empty conversation of a key that nobody has used yet.
    """

    site_id: int
    stories: tuple[tuple[int | None, str], ...] = ()
    """Id (None for a key nobody has used yet) and key of each story."""
    comment_id: int | None = None
    lists_stories: bool = False
    """Whether any story of the site may appear in it."""

    def tags(self) -> tuple[str, ...]:
        """The surrogate keys, by which shared caches purge."""
        tags = [f"site-{self.site_id}", *(story_tag(self.site_id, key) for _, key in self.stories)]
        if self.comment_id is not None:
            tags.append(f"comment-{self.comment_id}")
        if self.lists_stories:
            tags.append(f"list-{self.site_id}")
        return tuple(tags)


def story_tag(site_id: int, key: str) -> str:
    """The surrogate key of a story, known before the story is; no character of it means anything to a cache."""
    return f"story-{site_id}-{blake2b(key.encode(), digest_size=6).hexdigest()}"


def etag_of(body: bytes) -> str:
    """A weak ETag, quotes included: the same for every compression of the same bytes."""
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def answer_public(
    request: HttpRequest,
    body: bytes,
    *,
    content_type: str,
    seconds: int = PUBLIC_SECONDS,
    status: int = 200,
    made_of: MadeOf | None = None,
) -> HttpResponse:
    """The answer that every reader gets at this address, or 304 to one who has it. No cookie, session or header of the
    reader's may have been looked at on the way here.

    Args:
        seconds: for which anybody, browsers included, may keep it without asking.
        made_of: what it shows; without it, no cache is told of changes and the front keeps no copy.
    """
    etag = etag_of(body)
    response: HttpResponse
    if status == 200 and _matches(request.headers.get("If-None-Match", ""), etag):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type=content_type, status=status)
    response["ETag"] = etag
    response["Cache-Control"] = (
        f"public, max-age={seconds}, stale-while-revalidate={STALE_SECONDS}, stale-if-error={ERROR_SECONDS}"
    )
    patch_vary_headers(response, ["Accept-Encoding"])
    if made_of is not None:
        request.META[MADE_OF] = made_of
        response["Surrogate-Key"] = response["xkey"] = " ".join(made_of.tags())
    return response


def keep_fresh(response: HttpResponse) -> None:
    """Let shared caches keep a page for some seconds, and browsers ask each time: who has just posted and goes back to
    the conversation finds the comment there. The ETag makes asking cheap.

    Browsers obey `stale-while-revalidate` as well, and would show who has posted the conversation without the comment;
    so it stands in the field that is for shared caches alone (RFC 9213).
    """
    seconds = PURGED_SECONDS if conf.current().purge and "Surrogate-Key" in response else PUBLIC_SECONDS
    response["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}, stale-if-error={ERROR_SECONDS}"
    response["CDN-Cache-Control"] = (
        f"max-age={seconds}, stale-while-revalidate={STALE_SECONDS}, stale-if-error={ERROR_SECONDS}"
    )


def answer_private(body: bytes, *, content_type: str, status: int = 200) -> HttpResponse:
    """An answer for one reader, which nothing on the way may keep."""
    response = HttpResponse(body, content_type=content_type, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _matches(if_none_match: str, etag: str) -> bool:
    asked = [each.removeprefix("W/") for each in parse_etags(if_none_match)]
    return "*" in asked or etag.removeprefix("W/") in asked
