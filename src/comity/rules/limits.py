"""How often what may be asked, in one table.

A device that proves itself is counted by itself. Its network is counted too, but generously: a whole newsroom or school
behind one address must be able to work. Reads are not counted: a GET never writes.
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
    SIGN_IN = "sign_in"
    SIGNED_CALL = "signed_call"
    LINK = "link"
    """Writing from a page opened by a link sent out."""
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `count` times in any `seconds` seconds."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be asked. A request counts against its network, and against its device or else among the newcomers; the
    first allowance used up refuses it. Requests that are refused for another reason count too."""

    device: tuple[Allowance, ...]
    newcomers: tuple[Allowance, ...]
    """All requests of one network that prove no known device, together: so that dropping the token wins nothing."""
    network: tuple[Allowance, ...]


_MINUTE, _HOUR = 60, 3600

LIMITS: dict[Purpose, Limit] = {
    # Ten tries in a minute is faster than anybody writes; sixty in an hour is a long evening's quarrel.
    Purpose.POST: Limit(
        device=(Allowance(10, _MINUTE), Allowance(60, _HOUR)),
        newcomers=(Allowance(20, _MINUTE), Allowance(200, _HOUR)),
        network=(Allowance(60, _MINUTE), Allowance(600, _HOUR)),
    ),
    Purpose.CHANGE: Limit(
        device=(Allowance(20, _MINUTE),), newcomers=(Allowance(20, _MINUTE),), network=(Allowance(200, _MINUTE),)
    ),
    Purpose.VOTE: Limit(
        device=(Allowance(60, _MINUTE), Allowance(600, _HOUR)),
        newcomers=(Allowance(60, _MINUTE), Allowance(600, _HOUR)),
        network=(Allowance(600, _MINUTE), Allowance(6000, _HOUR)),
    ),
    Purpose.PREVIEW: Limit(
        device=(Allowance(60, _MINUTE),), newcomers=(Allowance(200, _MINUTE),), network=(Allowance(600, _MINUTE),)
    ),
    # Guessing a password is slow from one network, whatever the number of devices it pretends to be.
    Purpose.SIGN_IN: Limit(device=(), newcomers=(), network=(Allowance(20, _MINUTE), Allowance(100, _HOUR))),
    # Counted by the signing key in the device's place: a whole archive may be sent at this pace.
    Purpose.SIGNED_CALL: Limit(device=(Allowance(1200, _MINUTE),), newcomers=(), network=()),
    Purpose.LINK: Limit(
        device=(), newcomers=(Allowance(20, _MINUTE), Allowance(100, _HOUR)), network=(Allowance(60, _MINUTE),)
    ),
    # Reports of one network that say the same are gathered into one before they cost anything; see actions.reports.
    Purpose.REPORT: Limit(
        device=(Allowance(10, _MINUTE), Allowance(60, _HOUR)),
        newcomers=(Allowance(30, _MINUTE), Allowance(200, _HOUR)),
        network=(Allowance(60, _MINUTE), Allowance(400, _HOUR)),
    ),
}
