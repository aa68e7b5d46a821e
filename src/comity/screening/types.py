"""The words of the screening line: what goes in, what is found, what is decided.

`Submission -> findings -> Decision`. Everything here is frozen and made of plain values, so that it can cross
processes, be stored and be compared. Nothing here knows Django, the database or HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from comity.screening.normalise import PreparedText

__all__ = [
    "AuthorHistory",
    "Citation",
    "Decision",
    "Detector",
    "Field",
    "Finding",
    "LinkStanding",
    "Outcome",
    "Reading",
    "ReadsMany",
    "Span",
    "Submission",
]

Span = tuple[int, int]
"""Start and end in code points of the original text, end excluded."""


class Outcome(StrEnum):
    """What a decision does to a comment, from mildest to strictest."""

    PUBLISH = "publish"
    HOLD = "hold"
    REMOVE = "remove"


class Field(StrEnum):
    """Which part of the submission a finding speaks of."""

    TEXT = "text"
    AUTHOR_NAME = "author_name"
    AUTHOR_WEBSITE = "author_website"


@dataclass(frozen=True, slots=True)
class AuthorHistory:
    """What the site knows of the author's earlier comments; counts only."""

    published: int = 0
    held: int = 0
    removed: int = 0
    removed_as_spam: int = 0
    proven: bool = False
    """The author's address or account is proven to be theirs."""
    staff: bool = False


@dataclass(frozen=True, slots=True)
class LinkStanding:
    """How links to one host have fared on this site."""

    published: int = 0
    removed: int = 0
    own: bool = False
    """The host belongs to the site itself."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One text handed to the engine with what the caller knows about it.

    The clock, the network and the database stay with the caller: the same submission gives the same decision.
    """

    text: str
    language: str | None = None
    """BCP 47 tag if the caller knows it; else the engine identifies it."""
    author_name: str = ""
    author_website: str = ""
    author: AuthorHistory = field(default_factory=AuthorHistory)
    links: Mapping[str, LinkStanding] = field(default_factory=dict)
    """Host name -> its standing on this site."""
    recent_texts: tuple[str, ...] = ()
    """Recent texts on this site (newest first), for near-duplicates."""
    network_recent_posts: int = 0
    """Posts from the same network in the last hour."""
    network_removed_posts: int = 0
    """Posts from the same network that were removed, as far as the site remembers."""
    honeypot: str = ""
    """What a field that no person sees was filled with."""
    seconds_to_write: float | None = None
    is_reply: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a detector saw."""

    category: str
    """A category key, such as `insult`, `spam`, `personal_data`; see `house_rules.CATEGORIES`."""
    score: float
    """0 to 1, calibrated so that 0.5 is the even chance that the text is of this category."""
    detector: str
    spans: tuple[Span, ...] = ()
    """In the original value of `field`, code points, sorted, inside the text."""
    evidence: tuple[str, ...] = ()
    """Short codes or n-grams for the moderator; never stored in a decision row."""
    field: Field = Field.TEXT


@dataclass(frozen=True, slots=True)
class Citation:
    """A house rule that the findings met, and what it asks for."""

    rule_key: str
    rule_version: int
    outcome: str
    """`remove`, `hold`, `mark` or `advise`."""
    findings: tuple[int, ...] = ()
    """Indexes into `Decision.findings`."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on a submission, with everything that explains it."""

    outcome: Outcome
    language: str
    """Language of the text, `und` when it cannot be told."""
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    """Rules met, strictest first; the first one is the ground of the outcome."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """hate, toxicity, insult, threat, obscenity, antisemitism, spam: each 0 to 1."""
    notes: tuple[str, ...] = ()
    """Codes of what went wrong or was noticed, such as `detector_failed:links`; any failure makes it hold."""
    engine_version: str = ""


class Detector(Protocol):
    """Finds one kind of thing in a text. Linear in the text's length; knows no rule and no other detector.

    A detector may also have `kind` (one of `house_rules.EVIDENCE_KINDS`, else `facts`), `reads_names = True` when
    it is to read the author's name and website as well.
    """

    @property
    def name(self) -> str:
        """Stable, unique among detectors."""

    @property
    def version(self) -> str:
        """Changes when the same text may get another finding."""

    def find(self, text: PreparedText, submission: Submission, /) -> Iterable[Finding]:
        """What is seen, with spans in raw code points inside the text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a detector that scores every text makes of one."""

    findings: Sequence[Finding]
    """What `find` gives."""
    scores: Mapping[str, float]
    """Head -> 0 to 1, also where it is too little for a finding; those left out count as 0."""


class ReadsMany(Detector, Protocol):
    """A detector that reads many texts in less time than one by one, and has a score for each."""

    def read_many(self, texts: Sequence[PreparedText], /) -> Sequence[Reading]:
        """A reading of each text, the same whatever stands beside it."""
