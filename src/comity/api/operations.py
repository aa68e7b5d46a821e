"""What the operations have in common: where they are asked, which refusals they document, how they answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from comity import conf
from comity.rules.refusals import HTTP_STATUS, Refusal, RefusalCode
from comity.stream.addresses import carried_of, page_address
from comity.web import cors, tokens
from comity.web.etags import answer_private
from comity.web.networks import is_https
from comity.web.problems import PROBLEM_TYPE, members

__all__ = [
    "CHANGING",
    "JSON",
    "READING",
    "Place",
    "documented",
    "hand_out",
    "private_json",
    "refuses",
    "statement_page",
]

JSON = "application/json"
_C = RefusalCode
READING = (_C.SITE_UNKNOWN, _C.FIELD_INVALID, _C.SERVICE_UNAVAILABLE, _C.INTERNAL_ERROR)
"""What every operation may refuse."""
CHANGING = (*READING, _C.CROSS_SITE_POST, _C.TOO_MANY_REQUESTS)
"""What every operation that changes something may refuse."""
SENDING = (_C.BODY_MALFORMED, _C.BODY_TOO_LARGE, _C.BODY_TOO_SLOW, _C.MEDIA_TYPE_UNSUPPORTED)
"""What every operation with a body may refuse."""


class Place(Schema):
    """Where something is asked: parameters that every address takes."""

    site: str | None = Field(
        None,
        description="Key of the site. Without it the host by which Comity is reached says which, else the only one.",
    )
    lang: str | None = Field(None, description="Language of the sentences: `fr` or `en`; the site's by default.")


def refuses(*codes: RefusalCode) -> dict[str, Any]:
    """The `openapi_extra` that lists these refusals by status, each with an example."""
    by_status: defaultdict[int, list[RefusalCode]] = defaultdict(list)
    for code in dict.fromkeys(codes):
        by_status[HTTP_STATUS[code]].append(code)
    return {
        "responses": {
            status: {
                "description": f"{HTTPStatus(status).phrase}: " + ", ".join(f"`{code}`" for code in found),
                "content": {
                    PROBLEM_TYPE: {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {code.value: {"value": members(Refusal(code), language="en")} for code in found},
                    }
                },
            }
            for status, found in sorted(by_status.items())
        }
    }


def documented(*codes: RefusalCode, security: list[dict[str, list[str]]]) -> dict[str, Any]:
    """The `openapi_extra` of an operation: its refusals, and what may say who asks."""
    return {**refuses(*codes), "security": security}


def private_json(answer: Schema, *, status: int = 200) -> HttpResponse:
    """The answer to one reader."""
    return answer_private(answer.model_dump_json().encode(), content_type=JSON, status=status)


def hand_out(request: HttpRequest, token: str | None) -> tuple[str | None, str | None]:
    """How a new device gets its token: (in the body, by cookie). Comity's own pages get a cookie, which no script can
    read; programs and publishers' pages get it in the body."""
    if token is None or tokens.header_token(request) is not None:
        return token, None
    return (None, token) if cors.is_own_page(request) else (token, None)


def statement_page(request: HttpRequest) -> Callable[[str], str]:
    """What makes the absolute address of a statement of reasons out of its token."""
    return lambda token: linked_page(request, "reasons", token)


def linked_page(request: HttpRequest, name: str, token: str) -> str:
    """The absolute address of a page that is opened by a token."""
    path = page_address(name, carried=carried_of(request), token=token)
    scheme = "https" if is_https(request) else "http"
    return f"{scheme}://{conf.current().server_name or request.get_host()}{path}"
