"""How a back end is asked, and how it is left alone when it does not answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol

from comity.screening.house_rules import HouseRules
from comity.screening.types import Finding, Submission

__all__ = ["Answer", "BackEnd", "BackEndUnavailable", "Breaker", "Call", "Transport"]


class BackEndUnavailable(Exception):  # noqa: N818 - it is a state of affairs, not a fault
    """No answer.

    `code` is one of `timeout`, `network`, `status`, `malformed`, `open` (left alone), `ended`, `missing`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BackEnd(Protocol):
    """A judge outside the line. May take long; never decides, only adds findings."""

    @property
    def name(self) -> str:
        """Stable, unique among detectors and back ends."""

    @property
    def categories(self) -> frozenset[str]:
        """What it can speak of."""

    def ask(self, submission: Submission, scores: Mapping[str, float], house_rules: HouseRules, /) -> Iterable[Finding]:
        """Its findings.

        Args:
            submission: what is judged.
            scores: category -> what the line found.
            house_rules: the site's rules.

        Raises:
            BackEndUnavailable: there is no answer.
        """


@dataclass(frozen=True, slots=True)
class Call:
    """One POST."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 5.0
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            BackEndUnavailable: the status is not 200, or the body is not JSON.
        """
        if self.status != 200:
            raise BackEndUnavailable("status")
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise BackEndUnavailable("malformed") from error


Transport = Callable[[Call], Answer]
"""Sends a call; raises BackEndUnavailable when there is no answer in time."""


class Breaker:
    """Leaves a failing back end alone: after some failures in a row, no call for a while, then one to try."""

    def __init__(self, transport: Transport, clock: Callable[[], float], failures: int = 5, rest: float = 60.0) -> None:
        """`clock` gives seconds that only grow; `rest` is how long to leave it alone, in seconds."""
        self._transport = transport
        self._clock = clock
        self._failures = failures
        self._rest = rest
        self._failed = 0
        self._open_until = 0.0
        self._lock = Lock()

    def __call__(self, call: Call) -> Answer:
        """Sends the call.

        Raises:
            BackEndUnavailable: as the transport, or with `open` while the back end is left alone.
        """
        with self._lock:
            if self._failed >= self._failures:
                if self._clock() < self._open_until:
                    raise BackEndUnavailable("open")
                self._open_until = self._clock() + self._rest  # the others wait for this one's result
        try:
            answer = self._transport(call)
        except BackEndUnavailable:
            self._count_failure()
            raise
        if answer.status >= 500 or answer.status == 429:
            self._count_failure()
            raise BackEndUnavailable("status")
        with self._lock:
            self._failed = 0
        return answer

    def _count_failure(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._failures:
                self._open_until = self._clock() + self._rest
