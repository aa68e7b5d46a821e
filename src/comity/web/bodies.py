"""Reading request bodies: JSON and plain forms. What cannot be read is refused, never guessed."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from comity import conf
from comity.rules.refusals import Refusal, RefusalCode

__all__ = ["body_digest", "read_body", "read_form", "read_json"]

FORM_FIELDS_MAXIMUM = 60


def read_body(request: HttpRequest) -> bytes:
    """The body's bytes. Behind the front they are there already; in a host's own server they are read here.

    Raises:
        Refusal: `body_too_large`, `body_malformed` when the client went away.
    """
    limit = conf.current().body_limit_bytes
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length[:20]) > limit:
        raise Refusal(RefusalCode.BODY_TOO_LARGE, limit=limit)
    try:
        body = request.body
    except RequestDataTooBig:
        raise Refusal(RefusalCode.BODY_TOO_LARGE, limit=limit) from None
    except UnreadablePostError:
        raise Refusal(RefusalCode.BODY_MALFORMED) from None
    if len(body) > limit:
        raise Refusal(RefusalCode.BODY_TOO_LARGE, limit=limit)
    return body


def body_digest(request: HttpRequest) -> str:
    """What a repeat of this request has in common with it: 64 hexadecimal digits of its body."""
    return sha256(read_body(request)).hexdigest()


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body.

    Raises:
        Refusal: `media_type_unsupported`, `body_malformed` (not UTF-8, not JSON, not an object, nested too deeply,
            half of a surrogate pair), `body_too_large`.
    """
    if request.content_type != "application/json":
        raise Refusal(RefusalCode.MEDIA_TYPE_UNSUPPORTED)
    try:
        value = msgspec.json.decode(read_body(request))
        # A lone surrogate is no character: no database and no page can hold it.
        msgspec.json.encode(value)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Refusal(RefusalCode.BODY_MALFORMED) from None
    if not isinstance(value, dict):
        raise Refusal(RefusalCode.BODY_MALFORMED)
    return value


def read_form(request: HttpRequest) -> dict[str, str]:
    """The fields of a plain form, each with its last value.

    Raises:
        Refusal: `media_type_unsupported`, `body_malformed` (not UTF-8, too many fields, files), `body_too_large`.
    """
    body = read_body(request)
    if not body:
        return {}
    if request.content_type == "multipart/form-data":
        return _read_multipart(request)
    if request.content_type != "application/x-www-form-urlencoded":
        raise Refusal(RefusalCode.MEDIA_TYPE_UNSUPPORTED)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=FORM_FIELDS_MAXIMUM,
        )
    except ValueError:  # UnicodeError is one
        raise Refusal(RefusalCode.BODY_MALFORMED) from None
    return dict(pairs)


def _read_multipart(request: HttpRequest) -> dict[str, str]:
    try:
        fields, files = request.POST, request.FILES
    except (MultiPartParserError, TooManyFieldsSent, RequestDataTooBig, UnreadablePostError, ValueError):
        raise Refusal(RefusalCode.BODY_MALFORMED) from None
    if files or len(fields) > FORM_FIELDS_MAXIMUM:
        raise Refusal(RefusalCode.BODY_MALFORMED)
    values = {name: str(fields[name]) for name in fields}
    # Django puts U+FFFD where bytes were no UTF-8; nobody types it.
    if any("\ufffd" in value for value in values.values()):
        raise Refusal(RefusalCode.BODY_MALFORMED)
    return values
