"""The JSON interface as a whole: its operations, its errors, and the edge that every request to it passes."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from comity import __version__
from comity.api import cases, comments, linked, readers, reports, search, stories, threads
from comity.api.operations import linked_page
from comity.queries.shapes import SiteShape
from comity.rules.refusals import Refusal, RefusalCode
from comity.web import cors
from comity.web.bodies import read_json
from comity.web.catch import refusal_of
from comity.web.problems import problem_answer
from comity.web.sites import language_of, site_of

__all__ = ["build_interface", "guarded_patterns", "unknown_page"]

View = Callable[..., HttpResponse]
_ROUTERS = (
    threads.router,
    search.router,
    comments.router,
    readers.router,
    reports.router,
    linked.router,
    cases.router,
    stories.router,
)
_PUBLIC_READS = frozenset({"api-thread", "api-search"})
"""Names of the addresses whose GET is the same for everybody."""


class _StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        return read_json(request)


def build_interface() -> NinjaAPI:
    """A new interface with every operation; as many as wanted may stand in one process."""
    interface = NinjaAPI(
        title="Comity",
        version=__version__,
        description="Comments for news publishers. Errors are RFC 9457 problems with a stable `code`.",
        openapi_url=None,
        docs_url=None,
        urls_namespace="comity-api",
        parser=_StrictParser(),
    )
    for router in _ROUTERS:
        interface.add_router("", router)
    for kind in (Exception, Http404, HttpError, ValidationError):
        interface.add_exception_handler(kind, _answer_error)
    return interface


def _answer_error(request: HttpRequest, error: Any) -> HttpResponse:
    """What a failure inside an operation is answered with; the edge adds what pages may read it."""
    if isinstance(error, SuspiciousOperation):
        raise error
    refusal = _refusal_of(error)
    token = refusal.details.pop("statement_token", None)
    if token is not None:  # of an author who may not comment: where the reasons stand
        refusal.details["statement_of_reasons"] = linked_page(request, "reasons", str(token))
    return problem_answer(request, refusal, language=translation.get_language())


def _refusal_of(error: Exception) -> Refusal:
    if isinstance(error, HttpError):
        # The library answers a body that its parser refused with an error of its own, ours being the cause.
        cause = error.__cause__
        return cause if isinstance(cause, Refusal) else Refusal(RefusalCode.BODY_MALFORMED)
    if isinstance(error, ValidationError):
        return _refusal_of_validation(error)
    return refusal_of(error)


def _refusal_of_validation(error: ValidationError) -> Refusal:
    """The first field that has another type or shape than the OpenAPI file says."""
    place = [str(each) for each in error.errors[0]["loc"]]
    # ("body", the argument's name, the member, …) or ("query", the parameter): list indexes say nothing to a form.
    names = [each for each in place[1:] if not each.isdecimal()]
    if place[0] == "body":
        if len(names) < 2:
            return Refusal(RefusalCode.BODY_MALFORMED)
        return Refusal(RefusalCode.FIELD_INVALID, field=names[1])
    return Refusal(RefusalCode.FIELD_INVALID, field=names[-1] if names else place[-1])


def guarded_patterns(interface: NinjaAPI, *, prefix: str) -> list[URLPattern]:
    """The interface's addresses below `prefix`, each behind the edge."""
    methods: defaultdict[str, set[str]] = defaultdict(set)
    for router in _ROUTERS:
        for group in router.path_operations.values():
            for operation in group.operations:
                methods[operation.url_name] |= set(operation.methods)
    patterns: dict[str, URLPattern] = {}
    for pattern in interface.urls[0]:
        assert isinstance(pattern, URLPattern)
        name = pattern.name or ""
        if name not in methods:  # an address of the library's own, which answers nothing
            continue
        view = _edge(pattern.callback, methods=sorted(methods[name]), public=name in _PUBLIC_READS)
        patterns[name] = path(f"{prefix}{pattern.pattern}", view, name=name)
    return list(patterns.values())


def _edge(view: View, *, methods: Sequence[str], public: bool) -> View:
    """Site, language, methods, preflight, and which pages may read the answer."""
    answered = [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]

    @csrf_exempt  # by web.cors instead: there is no token in a page that everybody shares
    @functools.wraps(view)
    def edge(request: HttpRequest, **places: Any) -> HttpResponse:
        site: SiteShape | None = None
        try:
            site = site_of(request)
            if request.method == "OPTIONS":
                return cors.preflight(request, site, methods=answered, public=public)
            with translation.override(language_of(request, site)):
                response = _answer(view, request, answered=answered, places=places)
        except SuspiciousOperation:
            raise
        except Exception as error:  # noqa: BLE001 - the edge: whatever failed, a program gets a problem
            response = problem_answer(request, refusal_of(error))
        if public and request.method in {"GET", "HEAD"}:
            cors.allow_everybody(response)
        else:
            cors.allow_site(request, response, site)
        return response

    return edge


def _answer(view: View, request: HttpRequest, *, answered: Sequence[str], places: dict[str, Any]) -> HttpResponse:
    if request.method not in answered:
        refusal = Refusal(RefusalCode.METHOD_NOT_ALLOWED)
        response = problem_answer(request, refusal, language=translation.get_language())
        response["Allow"] = ", ".join(answered)
        return response
    if request.method != "HEAD":
        return view(request, **places)
    # The library knows no HEAD: it is answered as GET, and what sends the answer leaves its body out.
    request.method = "GET"
    try:
        response = view(request, **places)
    finally:
        request.method = "HEAD"
    length = len(response.content)
    response.content = b""
    response["Content-Length"] = str(length)
    return response


def unknown_page(request: HttpRequest, **_places: Any) -> HttpResponse:
    """The problem below the interface's prefix where there is no operation."""
    response = problem_answer(request, Refusal(RefusalCode.PAGE_UNKNOWN))
    cors.allow_everybody(response)
    return response
