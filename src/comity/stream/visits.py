"""A reader's request for a page: which site, which language, what time it is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from comity.queries.shapes import SiteShape, StoryShape
from comity.rules.actors import Actor
from comity.rules.refusals import Refusal, RefusalCode
from comity.stream.addresses import PUBLIC_READS, carried_of, page_address
from comity.stream.error_pages import answer_refusal
from comity.web import cors, tokens
from comity.web.actors import identify
from comity.web.catch import refusal_of
from comity.web.sites import language_of, site_of

__all__ = ["PageView", "Visit", "guarded", "page", "visit_of"]

_P = ParamSpec("_P")


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page asks of a request."""

    request: HttpRequest
    site: SiteShape
    language: str
    carried: Mapping[str, str]
    now: datetime

    @property
    def is_post(self) -> bool:
        """Whether something is to be done, not only shown."""
        return self.request.method == "POST"

    @property
    def is_embedded(self) -> bool:
        """Whether the widget asks, which says by a header who its reader is: it gets the page that follows a post as
        the post's answer, where a form is led there."""
        return tokens.header_token(self.request) is not None

    def address(self, name: str, *, query: Mapping[str, str] | None = None, **parts: str | int) -> str:
        """The address of another page, with the site and the language that this one's address named."""
        return page_address(name, carried=self.carried, query=query, **parts)

    def actor(self) -> Actor:
        """Who asks. Pages that are the same for everybody never call this.

        Raises:
            Refusal: as `web.actors.identify`.
        """
        return identify(self.request, self.site, now=self.now)

    def conversation_address(self, story: StoryShape, comment_id: int | None = None) -> str:
        """Where the story's conversation is read: under the story where Comity holds it, else on its own page."""
        name = "story" if story.is_hosted else "thread"
        place = f"comment-{comment_id}" if comment_id is not None else "comments"
        return f"{self.address(name, key=story.key)}#{place}"


def visit_of(request: HttpRequest) -> Visit:
    """The visit that a request makes.

    Raises:
        Refusal: `site_unknown`.
    """
    site = site_of(request)
    return Visit(
        request=request,
        site=site,
        language=language_of(request, site),
        carried=carried_of(request),
        now=timezone.now(),
    )


PageView = Callable[Concatenate[Visit, _P], HttpResponse]


def _check_method(request: HttpRequest, allowed: Sequence[str]) -> None:
    if request.method not in allowed:
        raise Refusal(RefusalCode.METHOD_NOT_ALLOWED)


def _site_or_none(request: HttpRequest) -> SiteShape | None:
    try:
        return site_of(request)
    except Exception as error:  # noqa: BLE001 - the page itself says what failed; no other page may then read it
        refusal_of(error)
        return None


def guarded(*methods: str) -> Callable[[PageView[_P]], Callable[Concatenate[HttpRequest, _P], HttpResponse]]:
    """Decorate what makes a page of a visit; refusals and failures become pages in the reader's language."""
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: PageView[_P]) -> Callable[Concatenate[HttpRequest, _P], HttpResponse]:
        @functools.wraps(view)
        def answer(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
            visit: Visit | None = None
            try:
                visit = visit_of(request)
                _check_method(request, allowed)
                with translation.override(visit.language):
                    return view(visit, *args, **kwargs)
            except SuspiciousOperation:
                raise  # a forged host and its like are Django's to answer, with 400
            except Exception as error:  # noqa: BLE001 - the edge: whatever failed, a reader gets a page
                response = answer_refusal(
                    request,
                    refusal_of(error),
                    site=visit.site if visit else None,
                    language=visit.language if visit else None,
                )
                if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                    response["Allow"] = ", ".join(allowed)
                return response

        return answer

    return decorate


def _is_public_read(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method in {"GET", "HEAD"} and match is not None and match.url_name in PUBLIC_READS


def page(*methods: str) -> Callable[[PageView[_P]], Callable[Concatenate[HttpRequest, _P], HttpResponse]]:
    """Decorate a reader's page, which the widget on a publisher's page may ask for too.

    Django's own token against forged posts stays out: it would differ from reader to reader. `web.actors.identify`
    looks at where a post comes from instead.
    """
    answered = (*methods, "HEAD", "OPTIONS")

    def decorate(view: PageView[_P]) -> Callable[Concatenate[HttpRequest, _P], HttpResponse]:
        answer = guarded(*methods)(view)

        @functools.wraps(view)
        def shared(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
            if request.method == "OPTIONS":
                return cors.preflight(request, _site_or_none(request), methods=answered, public=False)
            response = answer(request, *args, **kwargs)
            if response.get("Cache-Control", "").startswith("public") or _is_public_read(request):
                cors.allow_everybody(response)  # whoever asks: a cache keeps one answer for all, refusals included
            else:
                cors.allow_site(request, response, _site_or_none(request))
            return response

        return csrf_exempt(shared)

    return decorate
