"""How often what may be asked, in one table.

A device that proves itself is counted by itself. Its network is counted too, but generously: a whole newsroom or school
behind one address must be able to work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["LIMITS", "Allowance", "Limit", "Purpose"]


class Purpose(StrEnum):
    """What is asked for, as far as limits tell it apart."""

    POST = "post"
    CHANGE = "change"
    VOTE = "vote"
    PREVIEW = "preview"
    READ_OWN = "read_own"
    SIGN_IN = "sign_in"
    SIGNED_CALL = "signed_call"


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `count` times in any `seconds` seconds."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limit:
    """What one device and one network may ask. A request counts against each; the first used up refuses it."""

    device: tuple[Allowance, ...]
    network: tuple[Allowance, ...]


_MINUTE, _HOUR = 60, 3600

LIMITS: dict[Purpose, Limit] = {
    # Six comments in a minute is faster than anybody writes; sixty in an hour is a long evening's quarrel.
    Purpose.POST: Limit(
        device=(Allowance(6, _MINUTE), Allowance(60, _HOUR)), network=(Allowance(60, _MINUTE), Allowance(600, _HOUR))
    ),
    Purpose.CHANGE: Limit(device=(Allowance(20, _MINUTE),), network=(Allowance(200, _MINUTE),)),
    Purpose.VOTE: Limit(
        device=(Allowance(60, _MINUTE), Allowance(600, _HOUR)),
        network=(Allowance(600, _MINUTE), Allowance(6000, _HOUR)),
    ),
    Purpose.PREVIEW: Limit(device=(Allowance(60, _MINUTE),), network=(Allowance(600, _MINUTE),)),
    Purpose.READ_OWN: Limit(device=(Allowance(240, _MINUTE),), network=(Allowance(6000, _MINUTE),)),
    # Guessing a password is slow from one network, whatever the number of devices it pretends to be.
    Purpose.SIGN_IN: Limit(device=(), network=(Allowance(20, _MINUTE), Allowance(100, _HOUR))),
    # Counted by the signing key in the device's place: a whole archive may be sent at this pace.
    Purpose.SIGNED_CALL: Limit(device=(Allowance(1200, _MINUTE),), network=()),
}
