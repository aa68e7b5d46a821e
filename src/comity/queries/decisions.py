"""Reading decisions, and proving that none was changed or taken away."""

from __future__ import annotations

from typing import Any

import msgspec

from comity.models import Decision, DecisionChain, RetentionPass, Site
from comity.rules.chain import content_digest, link_digest
from comity.rules.restrictions import RESTRICTION_OUTCOMES
from comity.screening.types import Citation, Field, Finding, Outcome
from comity.screening.types import Decision as Verdict

__all__ = [
    "ChainCheck",
    "chained_content",
    "decision_in_force",
    "spam_detectors",
    "verdict_of",
    "verify_chain",
    "verify_chains",
]

ROWS_AT_ONCE = 500


class ChainCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying a site's decisions found."""

    site_key: str
    decisions: int
    """Links verified."""
    without_details: int
    """Links whose details retention has taken: the chain holds them, their content can't be verified any more."""
    broken_at: int | None
    """Number of the first link that does not hold; None when all do."""
    fault: str
    """`gap`, `link`, `content`, `details`, `head`, or empty."""


def chained_content(decision: Decision) -> dict[str, Any]:
    """What a decision's digest covers."""
    return {
        "site": decision.site_id,
        "comment": decision.comment_id,
        "revision": decision.revision_number,
        "outcome": decision.outcome,
        "actor": str(decision.actor_kind),
        "staff": decision.staff_id,
        "rule": decision.rule_key,
        "rule_version": decision.rule_version,
        "engine": decision.engine_version,
        "findings": decision.findings,
        "citations": decision.citations,
        "notes": decision.notes,
        "decided_at": decision.decided_at,
        "reverses": decision.reverses_id,
    }


def decision_in_force(comment_id: int) -> Decision | None:
    """The last decision on a comment itself; what was decided on its author is none."""
    return (
        Decision.objects.filter(comment_id=comment_id).exclude(outcome__in=RESTRICTION_OUTCOMES).order_by("-pk").first()
    )


def spam_detectors(decision: Decision) -> frozenset[str]:
    """Names of the detectors that found spam."""
    return frozenset(each["detector"] for each in decision.findings if each["category"] == "spam")


def verdict_of(decision: Decision) -> Verdict:
    """The engine's words for a stored decision, without the evidence, which decisions don't hold."""
    return Verdict(
        outcome=Outcome(decision.outcome),
        language="und",
        findings=tuple(
            Finding(
                category=each["category"],
                score=each["score"],
                detector=each["detector"],
                spans=tuple((start, end) for start, end in each["spans"]),
                field=Field(each["field"]),
            )
            for each in decision.findings
        ),
        citations=tuple(
            Citation(
                rule_key=each["rule_key"],
                rule_version=each["rule_version"],
                outcome=each["outcome"],
                findings=tuple(each["findings"]),
            )
            for each in decision.citations
        ),
        notes=tuple(decision.notes),
        engine_version=decision.engine_version,
    )


def verify_chain(*, site_id: int) -> ChainCheck:
    """Whether a site's decisions are all there, in order and unchanged.

    Not in one transaction: decisions appended while this reads are verified as well, or not looked at yet.
    """
    site_key = Site.objects.values_list("key", flat=True).get(pk=site_id)
    head = DecisionChain.objects.filter(site_id=site_id).values_list("sequence", "digest").first() or (0, "")
    taken = RetentionPass.objects.filter(site_id=site_id).order_by("-before").values_list("before", flat=True).first()
    expected, previous, bare = 1, "", 0

    def answer(fault: str = "") -> ChainCheck:
        return ChainCheck(
            site_key=site_key,
            decisions=expected - 1,
            without_details=bare,
            broken_at=expected if fault else None,
            fault=fault,
        )

    rows = Decision.objects.filter(site_id=site_id, sequence__lte=head[0]).order_by("sequence")
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        if row.sequence != expected:
            return answer("gap")
        link = link_digest(previous, sequence=row.sequence, content=row.content_digest)
        if row.previous_digest != previous or row.digest != link:
            return answer("link")
        if row.salt:
            if row.content_digest != content_digest(row.salt, chained_content(row)):
                return answer("content")
        elif taken is None or row.decided_at >= taken:
            return answer("details")  # details are missing that no pass of retention took
        else:
            bare += 1
        expected, previous = expected + 1, row.digest
    if expected - 1 != head[0] or previous != head[1]:
        return answer("head")
    if Decision.objects.filter(site_id=site_id).exists() and head[0] == 0:
        return answer("head")
    return answer()


def verify_chains() -> tuple[ChainCheck, ...]:
    """`verify_chain` of every site, by key; what `comity doctor` asks."""
    return tuple(verify_chain(site_id=pk) for pk in Site.objects.order_by("key").values_list("pk", flat=True))
