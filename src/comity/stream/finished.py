"""Finished answers: headers, and the body in each compression that somebody asked for, made once."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple

import brotli

from comity.stream.bodies import Message
from comity.stream.exchange import Headers

__all__ = ["IDENTITY", "Finished", "Wire", "accepted_encodings"]

IDENTITY = b""
_UNCHANGED = b"304"
_KNOWN = (b"br", b"gzip")
_COMPRESSED_FROM = 256
"""Bytes; below, compressing gains nothing."""
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6
_NOT_IN_304 = frozenset({b"content-type", b"content-length", b"content-encoding"})
_ACCEPTED = re.compile(rb"\s*([a-z0-9*-]+)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?")
_LONGEST_HEADER = 200


@lru_cache(maxsize=1024)
def accepted_encodings(header: bytes) -> tuple[bytes, ...]:
    """The compressions that an `Accept-Encoding` allows, best first; `IDENTITY` is always the last of them."""
    weights: dict[bytes, float] = {}
    for each in header[:_LONGEST_HEADER].lower().split(b","):
        found = _ACCEPTED.fullmatch(each)
        if found:
            try:
                weights[found[1]] = float(found[2] or 1)
            except ValueError:
                continue
    star = weights.get(b"*", 0.0)
    allowed = [name for name in _KNOWN if weights.get(name, star) > 0]
    return (*sorted(allowed, key=lambda name: -weights.get(name, star)), IDENTITY)


class Wire(NamedTuple):
    """An answer in HTTP/1.1. Between the status line and the head goes what changes with time: the date."""

    status: int
    status_line: bytes
    head: bytes
    body: bytes


class Finished:
    """One version of an answer, whole.

    Args:
        headers: as Django gave them; the length is left out, since it is another one for each compression.
    """

    __slots__ = ("_bodies", "_etag", "_headers", "_starts", "_unchanged", "_wires", "status")

    def __init__(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
        self.status = status
        self._headers = [(name.lower(), value) for name, value in headers if name.lower() != b"content-length"]
        self._etag = next((value for name, value in self._headers if name == b"etag"), b"")
        self._bodies: dict[bytes, Message] = {}
        self._starts: dict[bytes, Message] = {}
        self._wires: dict[bytes, Wire] = {}
        self._keep(IDENTITY, body)
        kept = [pair for pair in self._headers if pair[0] not in _NOT_IN_304]
        self._unchanged: Message = {"type": "http.response.start", "status": 304, "headers": kept}

    @property
    def size(self) -> int:
        """Bytes of all bodies."""
        return sum(len(message["body"]) for message in self._bodies.values())

    @property
    def encodings(self) -> tuple[bytes, ...]:
        """The compressions that are made."""
        return tuple(self._bodies)

    def compress(self, encoding: bytes) -> None:
        """Make one more compression, unless it is there. Slow: not for the event loop."""
        if encoding in self._bodies:
            return
        body: bytes = self._bodies[IDENTITY]["body"]
        packed = body
        if len(body) >= _COMPRESSED_FROM and self.status == 200:
            if encoding == b"br":
                packed = brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
            else:
                packed = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        if len(packed) < len(body):
            self._keep(encoding, packed)
        else:
            self._bodies[encoding], self._starts[encoding] = self._bodies[IDENTITY], self._starts[IDENTITY]

    def has(self, encoding: bytes) -> bool:
        """Whether this compression is made."""
        return encoding in self._bodies

    def answer(self, encoding: bytes, if_none_match: bytes) -> tuple[Message, Message]:
        """The two messages of the answer in a compression that is made; 304 to one who has this version."""
        if if_none_match and self.status == 200 and self._matches(if_none_match):
            return self._unchanged, _EMPTY
        return self._starts[encoding], self._bodies[encoding]

    def wire(self, encoding: bytes, if_none_match: bytes) -> Wire:
        """The same answer as the bytes that go over the wire, for the server that stands nearest to it."""
        start, body = self.answer(encoding, if_none_match)
        name = _UNCHANGED if start is self._unchanged else encoding
        wire = self._wires.get(name)
        if wire is None:
            status_line = f"HTTP/1.1 {start['status']} {HTTPStatus(start['status']).phrase}".encode()
            head = b"".join(b"\r\n%b: %b" % pair for pair in start["headers"]) + b"\r\n\r\n"
            wire = self._wires[name] = Wire(start["status"], status_line, head, body["body"])
        return wire

    def _keep(self, encoding: bytes, body: bytes) -> None:
        headers: Headers = [*self._headers, (b"content-length", str(len(body)).encode())]
        if encoding:
            headers = [*headers, (b"content-encoding", encoding)]
        self._starts[encoding] = {"type": "http.response.start", "status": self.status, "headers": headers}
        self._bodies[encoding] = {"type": "http.response.body", "body": body}

    def _matches(self, if_none_match: bytes) -> bool:
        """Weak comparison, as RFC 9110 has it for `If-None-Match`."""
        if if_none_match == self._etag:
            return True
        if if_none_match.strip() == b"*":
            return True
        own = self._etag.removeprefix(b"W/")
        return any(each.strip().removeprefix(b"W/") == own for each in if_none_match.split(b","))


_EMPTY: Message = {"type": "http.response.body", "body": b""}
