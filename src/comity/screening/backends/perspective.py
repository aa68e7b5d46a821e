"""Perspective, until its end on 31 December 2026: built in, so that no site depends on it by surprise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from comity.screening.backends.asking import BackEndUnavailable, Call, Transport
from comity.screening.house_rules import HouseRules
from comity.screening.types import Finding, Submission

__all__ = ["LAST_DAY", "PERSPECTIVE", "Perspective"]

PERSPECTIVE = "https://commentanalyzer.googleapis.com/v1alpha1/comments:analyze"
LAST_DAY = date(2026, 12, 31)
_ATTRIBUTES = {
    "TOXICITY": "toxicity",
    "IDENTITY_ATTACK": "hate",
    "INSULT": "insult",
    "THREAT": "threat",
    "PROFANITY": "obscenity",
}
_LEAST = 0.3


class Perspective:
    """Findings by Perspective's attributes; after its last day nothing is sent any more."""

    name = "perspective"
    categories = frozenset(_ATTRIBUTES.values())

    def __init__(
        self,
        *,
        key: str,
        transport: Transport,
        today: Callable[[], date],
        url: str = PERSPECTIVE,
        timeout: float = 5.0,
    ) -> None:
        """`today` tells the date, in any time zone."""
        self._key, self._transport, self._today, self._url, self._timeout = key, transport, today, url, timeout

    def ask(
        self, submission: Submission, _scores: Mapping[str, float], _house_rules: HouseRules, /
    ) -> Iterable[Finding]:
        """One finding for each attribute that scores.

        Raises:
            BackEndUnavailable: there is no answer; with `ended` after the last day.
        """
        if self._today() > LAST_DAY:
            raise BackEndUnavailable("ended")
        body: dict[str, object] = {
            "comment": {"text": submission.text[:20_000]},
            "requestedAttributes": {attribute: {} for attribute in _ATTRIBUTES},
            "doNotStore": True,
        }
        if submission.language:
            body["languages"] = [submission.language.split("-")[0]]
        headers = {"Content-Type": "application/json", "X-Goog-Api-Key": self._key}
        answer = self._transport(Call(self._url, json.dumps(body).encode(), headers, self._timeout)).json()
        findings = []
        try:
            for attribute, scored in answer["attributeScores"].items():
                score = float(scored["summaryScore"]["value"])
                if attribute in _ATTRIBUTES and score >= _LEAST:
                    findings.append(
                        Finding(_ATTRIBUTES[attribute], min(1.0, score), self.name, (), (attribute.lower(),))
                    )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BackEndUnavailable("malformed") from error
        return findings
