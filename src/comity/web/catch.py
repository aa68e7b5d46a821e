"""The edge where refusals and failures become answers. A view behind it never lets an exception out."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse

from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["RETRY_SECONDS", "answer_refusals", "refusal_of"]

_P = ParamSpec("_P")
View = Callable[Concatenate[HttpRequest, _P], HttpResponse]
Render = Callable[[HttpRequest, Refusal], HttpResponse]

RETRY_SECONDS = 5
_log = logging.getLogger("comity.errors")


def refusal_of(error: Exception) -> Refusal:
    """What a reader is told of an exception: itself if it is a refusal, else that the service is away or failed.

    A failure is logged by its kind and place alone: its message may hold what a reader typed.
    """
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Http404):
        return Refusal(RefusalCode.PAGE_UNKNOWN)
    if isinstance(error, (OperationalError, InterfaceError)):
        _log_failure(error)
        return Refusal(RefusalCode.SERVICE_UNAVAILABLE, retry_after=RETRY_SECONDS)
    _log_failure(error)
    return Refusal(RefusalCode.INTERNAL_ERROR)


def answer_refusals(render: Render) -> Callable[[View[_P]], View[_P]]:
    """Decorate a view so that every refusal and every failure is answered by `render`."""

    def decorate(view: View[_P]) -> View[_P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except SuspiciousOperation:
                raise  # a forged host and its like are Django's to answer, with 400
            except Exception as error:  # noqa: BLE001 - the edge: whatever failed, a reader gets an answer
                return render(request, refusal_of(error))

        return guarded

    return decorate


def _log_failure(error: Exception) -> None:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_globals.get('__name__', '?')}:{frame.tb_lineno}" if frame is not None else "?"
    _log.error("%s%s at %s", type(error).__qualname__, _database_code(error), place)


def _database_code(error: Exception) -> str:
    """The database's own code for what is wrong, which tells the operator of a full disk: SQLITE_FULL, 53100."""
    code = getattr(error.__cause__, "sqlite_errorname", None) or getattr(error.__cause__, "sqlstate", None)
    return f" ({code})" if code else ""
