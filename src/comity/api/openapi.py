"""The OpenAPI file: what the library makes of the operations, with problems, examples and what proves who asks."""

from __future__ import annotations

from typing import Any

import msgspec
from ninja import NinjaAPI
from ninja.openapi.schema import get_schema

from comity.rules.refusals import RefusalCode
from comity.rules.signatures import SIGNATURE_HEADER
from comity.web.tokens import SCHEME

__all__ = ["document", "document_bytes"]

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "An RFC 9457 problem. Members that a sentence speaks of, such as `limit`, stand beside these.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "enum": [code.value for code in RefusalCode],
            "description": "Stable; never renamed.",
        },
        "detail": {"type": "string", "description": "A sentence for the reader, in the language asked for."},
        "field": {"type": "string", "description": "The member or header it speaks of."},
        "retry_after": {"type": "integer", "description": "Seconds after which asking again makes sense."},
        "advice": {
            "type": "object",
            "description": "With `advice_given`: nothing is stored; a house rule asks the author to read again. Send "
            "the comment, changed or as it is, with `token` as `advice_token`: it is then decided.",
            "required": ["rule", "version", "title", "text", "sentence", "token", "expires_at"],
            "properties": {
                "rule": {"type": "string", "description": "Key of the house rule."},
                "version": {"type": "integer"},
                "title": {"type": "string", "description": "In the language asked for, as the two below."},
                "text": {"type": "string", "description": "What the rule says."},
                "sentence": {"type": "string", "description": "The advice, for the author."},
                "token": {
                    "type": "string",
                    "description": "Good for one comment at this place. One that is forged, spent, over its time or of "
                    "another place is as none: the advice comes again.",
                },
                "expires_at": {"type": "string", "format": "date-time"},
            },
        },
    },
    "additionalProperties": True,
}
_SECURITY_SCHEMES: dict[str, Any] = {
    "device": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": f"`{SCHEME} <token>`: 43 to 128 letters, digits, `-` and `_`. A well-formed token that is "
        "unknown becomes a new device's.",
    },
    "deviceCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "comity_device_1",
        "description": "On Comity's own pages; the number is the site's id. Posts need `Sec-Fetch-Site: same-origin` "
        "or Comity's own `Origin`.",
    },
    "staffSession": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "Staff, signed in to the desk; checked as `deviceCookie`.",
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": SIGNATURE_HEADER,
        "description": "`key=<id>, time=<unix seconds>, signature=<hexadecimal HMAC-SHA256>` with a key of the site, "
        "over `comity-v1`, the time, the method, the path with its query, and the SHA-256 of the body in hexadecimal, "
        "each on its line. In the path every byte but letters, digits and `-._~/` is percent-encoded in upper case. "
        "The time may differ by 300 seconds.",
    },
}


def document(interface: NinjaAPI, *, server: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document.

    Args:
        server: path below which the operations stand, such as `/api/v1`.
    """
    made = dict(get_schema(interface, path_prefix=""))
    made["openapi"] = "3.1.0"
    made["servers"] = [{"url": server}]
    for operations in made["paths"].values():
        for operation in operations.values():
            for parameter in operation["parameters"]:
                # The library copies the schema's list there, where OpenAPI wants a map; the schema keeps it.
                parameter.pop("examples", None)
    components = made["components"]
    components["schemas"] = dict(sorted({**components["schemas"], "Problem": _PROBLEM}.items()))
    components["securitySchemes"] = _SECURITY_SCHEMES
    return made


def document_bytes(interface: NinjaAPI, *, server: str) -> bytes:
    """The document as it is served and kept in `docs/openapi.json`: indented, UTF-8, with a line's end at its end."""
    # Through the encoder's own order: the same operations give the same bytes.
    plain = msgspec.json.encode(msgspec.to_builtins(document(interface, server=server), str_keys=True))
    return msgspec.json.format(plain, indent=2) + b"\n"
