"""Advice before posting: a house rule asks the author to read again, once, before anything is stored.

Advice holds nobody back: what a rule would hold or remove is decided without it, so that it shows no way round. Who was
advised proves it by a sealed token, good for one comment at one place; without it, or with one that is forged, expired,
spent or of another place, the advice simply comes again and nothing typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from comity.rules.refusals import Refusal, RefusalCode
from comity.screening.types import Citation, Outcome

__all__ = ["TOKEN_LIFE", "Advice", "AdviceGiven", "AdviceSeen", "advice_due", "advice_note", "place_digest"]

TOKEN_LIFE = timedelta(hours=1)
"""How long an author may think it over."""
_SUBJECT = re.compile(
    r"(?P<place>[0-9a-f]{32})\|(?P<key>[^|]{1,64})\|(?P<version>[0-9]{1,9})\|(?P<words>[0-9a-f]{32})\|(?P<nonce>[0-9a-f]{32})"
)


@dataclass(frozen=True, slots=True)
class Advice:
    """What an author is told, in the reader's language."""

    rule_key: str
    rule_version: int
    title: str
    text: str
    sentence: str
    """Why it is said: the rule that the words may fall under."""
    token: str
    """To be sent with the comment, changed or not."""
    expires_at: datetime


class AdviceGiven(Refusal):
    """Nothing is stored yet: a house rule advises the author to read again.

    Attributes:
        advice: the rule, and the token that lets the author go on.
    """

    def __init__(self, advice: Advice) -> None:
        super().__init__(RefusalCode.ADVICE_GIVEN, field="text")
        self.advice = advice


def _words_digest(nonce: str, text: str) -> str:
    return sha256(f"comity-advice|{nonce}|{text}".encode()).hexdigest()[:32]


def place_digest(*, story_key: str, parent_id: int | None) -> str:
    """The place of a comment: 32 hexadecimal digits."""
    return sha256(f"comity-place|{parent_id or 0}|{story_key}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class AdviceSeen:
    """What a token says: who holds it was advised at this place, by this rule.

    It is bound to no device: a guest has none before the first comment. It is not bound to the words either, since
    changing them is what advice is for; their digest only tells whether they were.
    """

    place: str
    rule_key: str
    rule_version: int
    words: str
    nonce: str

    @classmethod
    def of(cls, *, place: str, citation: Citation, text: str, nonce: str) -> AdviceSeen:
        """The advice of a rule on a text.

        Args:
            nonce: 32 random hexadecimal digits, by which it is known when it was spent.
        """
        return cls(place, citation.rule_key, citation.rule_version, _words_digest(nonce, text), nonce)

    @property
    def subject(self) -> str:
        """What is sealed: ids and digests, no words."""
        return f"{self.place}|{self.rule_key}|{self.rule_version}|{self.words}|{self.nonce}"

    @classmethod
    def read(cls, subject: str) -> AdviceSeen | None:
        """What `subject` wrote; None for anything else."""
        found = _SUBJECT.fullmatch(subject)
        if found is None:
            return None
        return cls(found["place"], found["key"], int(found["version"]), found["words"], found["nonce"])

    def is_changed(self, text: str) -> bool:
        """Whether the author changed the words since."""
        return _words_digest(self.nonce, text) != self.words


def advice_due(
    *, outcome: Outcome, citations: Sequence[Citation], by_staff: bool, seen: AdviceSeen | None
) -> Citation | None:
    """The rule that the author is to be shown before the comment is decided; None when it is decided now.

    Args:
        seen: what a token proves of this comment's place, unspent and in time. Once is enough, whichever rule advises
            then, unless the rule reads otherwise than when it was shown.
    """
    if by_staff or outcome is not Outcome.PUBLISH:
        return None
    cited = next((each for each in citations if each.outcome == "advise"), None)
    if cited is None or seen is None:
        return cited
    is_other_version = seen.rule_key == cited.rule_key and seen.rule_version != cited.rule_version
    return cited if is_other_version else None


def advice_note(seen: AdviceSeen, text: str) -> str:
    """What the decision's notes keep of it: the rule, and whether the author changed the words."""
    return f"advised:{seen.rule_key}/{seen.rule_version}:{'changed' if seen.is_changed(text) else 'as_it_was'}"
