"""The widget's script, at an address that never changes, so that publishers write it into their pages once; and the
modules that it loads later, whose names change with what is in them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

import comity
from comity.rules.refusals import Refusal, RefusalCode
from comity.web import cors
from comity.web.catch import answer_refusals
from comity.web.etags import answer_public
from comity.web.problems import problem_answer

__all__ = ["widget", "widget_module"]

SCRIPT_SECONDS = 600
"""How long a browser keeps the script without asking: after an upgrade, readers have the new one within this time."""
MODULE_SECONDS = 31_536_000
_BUILT = Path(comity.__file__).parent / "static" / "comity" / "built" / "comity.js"
_MODULE = re.compile(r"[a-z]+-[0-9a-f]{12}", re.ASCII)
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"), ("", ""))
_ACCEPTED = re.compile(r"\s*([a-z0-9*-]+)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?", re.ASCII)


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    response = problem_answer(request, refusal)
    cors.allow_everybody(response)
    return response


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int) -> bytes:
    return path.read_bytes()


def _accepts(header: str, coding: str) -> bool:
    for each in header.lower().split(","):
        found = _ACCEPTED.fullmatch(each)
        if found and found[1] == coding:
            return found[2] is None or found[2].strip("0.") != ""
    return False


def _answer(request: HttpRequest, script: Path, *, seconds: int) -> HttpResponse:
    accepted = request.headers.get("Accept-Encoding", "")
    for coding, suffix in _ENCODINGS:
        path = script.with_name(script.name + suffix)
        if (not coding or _accepts(accepted, coding)) and path.is_file():
            break
    else:
        raise Refusal(RefusalCode.PAGE_UNKNOWN)
    body = _read(path, path.stat().st_mtime_ns)
    response = answer_public(request, body, content_type="text/javascript; charset=utf-8", seconds=seconds)
    if coding and response.status_code == 200:
        response["Content-Encoding"] = coding
    patch_vary_headers(response, ["Accept-Encoding"])
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    cors.allow_everybody(response)
    return response


@require_safe
@answer_refusals(_refused)
def widget(request: HttpRequest) -> HttpResponse:
    """The script that defines `<comity-thread>` and `<comity-count>`, styles inside.

    Raises:
        Refusal: `page_unknown` in a checkout whose browser files were not built.
    """
    return _answer(request, _BUILT, seconds=SCRIPT_SECONDS)


@require_safe
@answer_refusals(_refused)
def widget_module(request: HttpRequest, module: str) -> HttpResponse:
    """A module that the script loads when a reader does something; browsers keep it for good.

    Raises:
        Refusal: `page_unknown` for one of another release than this server's.
    """
    if not _MODULE.fullmatch(module):
        raise Refusal(RefusalCode.PAGE_UNKNOWN)
    response = _answer(request, _BUILT.with_name(f"{module}.js"), seconds=MODULE_SECONDS)
    response["Cache-Control"] = f"public, max-age={MODULE_SECONDS}, immutable"
    return response
