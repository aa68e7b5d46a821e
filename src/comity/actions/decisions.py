"""Appending decisions: the only place that writes them, each linked to the one before."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from comity.actions import outbox
from comity.actions.marks import settle_mark
from comity.actions.rows import insert_row, update_row
from comity.actions.writing import database_alias
from comity.events import ReasonsStated
from comity.models import CitedRule, Comment, Decision, DecisionChain, DecisionEvidence
from comity.queries.decisions import chained_content, spam_detectors
from comity.queries.house_rules import rule_of_version
from comity.queries.prepared import Prepared
from comity.rules.chain import content_digest, link_digest
from comity.rules.reasons import owes_statement

__all__ = ["append_decision"]


def _chain(site_id: int) -> QuerySet[DecisionChain, tuple[Any, ...]]:
    heads = DecisionChain.objects.using(database_alias()).select_for_update()
    return heads.filter(site_id=site_id).values_list("sequence", "digest")


_prepared_chain = Prepared(_chain, writes=True)


def append_decision(
    comment: Comment,
    *,
    outcome: str,
    decided_at: datetime,
    staff_id: int | None = None,
    rule_key: str = "",
    rule_version: int = 0,
    engine_version: str = "",
    findings: Sequence[Mapping[str, Any]] = (),
    citations: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[str] = (),
    evidence: Sequence[Sequence[str]] = (),
    reverses: Decision | None = None,
    states_reasons: bool = True,
) -> Decision:
    """Append a decision on a comment, inside a write transaction that holds the story's lock; records that its author
    is owed the reasons if it restricts.

    Args:
        outcome: an engine's outcome, or one of `rules.restrictions`.
        staff_id: who decided; None for the machine.
        evidence: for each finding, what its detector named; kept apart, so that erasure can take it.
        states_reasons: False where the author is told by other means, or was told before.
    """
    found = _prepared_chain.rows(comment.site_id)
    if found:
        chain = DecisionChain(site_id=comment.site_id, sequence=found[0][0], digest=found[0][1])
    else:
        DecisionChain.objects.get_or_create(site_id=comment.site_id)
        chain = DecisionChain.objects.select_for_update().get(site_id=comment.site_id)
    decision = Decision(
        site_id=comment.site_id,
        comment=comment,
        revision_number=comment.revision_number,
        outcome=str(outcome),
        actor_kind=Decision.ActorKind.MACHINE if staff_id is None else Decision.ActorKind.STAFF,
        staff_id=staff_id,
        rule_key=rule_key,
        rule_version=rule_version,
        engine_version=engine_version,
        findings=[dict(each) for each in findings],
        citations=[dict(each) for each in citations],
        notes=list(notes),
        decided_at=decided_at,
        reverses=reverses,
        sequence=chain.sequence + 1,
        salt=secrets.token_hex(16),
        previous_digest=chain.digest,
    )
    decision.content_digest = content_digest(decision.salt, chained_content(decision))
    decision.digest = link_digest(chain.digest, sequence=decision.sequence, content=decision.content_digest)
    insert_row(decision)
    chain.sequence, chain.digest = decision.sequence, decision.digest
    update_row(chain, "sequence", "digest")
    settle_mark(comment, decision)
    if any(evidence):
        insert_row(DecisionEvidence(decision=decision, items=[list(each) for each in evidence]))
    _keep_cited(decision)
    if states_reasons and owes_statement(
        outcome=decision.outcome,
        by_machine=staff_id is None,
        rule_key=rule_key,
        detectors=spam_detectors(decision),
    ):
        outbox.record(
            ReasonsStated(
                site_id=comment.site_id, story_id=comment.story_id, comment_id=comment.pk, decision_id=decision.pk
            )
        )
    return decision


def _keep_cited(decision: Decision) -> None:
    """Keep the wording of each rule cited, as it is now."""
    cited = {(each["rule_key"], each["rule_version"]) for each in decision.citations}
    if decision.rule_key:
        cited.add((decision.rule_key, decision.rule_version))
    if not cited:
        return
    kept = set(
        CitedRule.objects.filter(site_id=decision.site_id, key__in=[key for key, _ in cited]).values_list(
            "key", "version"
        )
    )
    if cited <= kept:
        return
    for key, version in sorted(cited - kept):
        # Not the one in force: a newer version may have been saved since the comment was screened.
        rule = rule_of_version(decision.site_id, key=key, version=version)
        if rule is not None:
            CitedRule.objects.get_or_create(
                site_id=decision.site_id, key=key, version=version, defaults={"document": rule.to_document()}
            )
