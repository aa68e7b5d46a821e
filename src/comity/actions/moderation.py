"""What staff decide."""

from __future__ import annotations

from datetime import datetime

from comity.actions import outbox
from comity.actions.counters import bump, change_status, lock_story
from comity.actions.decisions import append_decision
from comity.actions.reporting import close_case
from comity.actions.writing import write_transaction
from comity.events import AppealDecided, CommentDecided
from comity.models import Appeal, Comment, Decision
from comity.queries.decisions import decision_in_force
from comity.queries.house_rules import rules_of
from comity.queries.shapes import CommentShape, SiteShape
from comity.queries.threads import comment_shape
from comity.rules.actors import Actor
from comity.rules.appeals import AppealState
from comity.rules.identifiers import is_identifier
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.reports import CaseState
from comity.rules.statuses import CommentStatus, Prominence
from comity.rules.transitions import Move, status_after
from comity.screening.house_rules import HouseRule
from comity.screening.types import Outcome

__all__ = ["cited_rule", "decide_comment", "move_comment", "set_prominence"]

_OUTCOME_OF = {Move.PUBLISH: Outcome.PUBLISH, Move.HOLD: Outcome.HOLD, Move.REMOVE: Outcome.REMOVE}


def _locked(*, site: SiteShape, comment_id: int) -> Comment:
    story_id = (
        Comment.objects.filter(pk=comment_id, site_id=site.id).values_list("story_id", flat=True).first()
        if is_identifier(comment_id)
        else None
    )
    if story_id is None:
        raise Refusal(RefusalCode.COMMENT_UNKNOWN)
    story = lock_story(story_id)
    comment = Comment.objects.get(pk=comment_id)
    comment.story = story
    return comment


def decide_comment(
    *,
    actor: Actor,
    site: SiteShape,
    comment_id: int,
    move: Move,
    rule_key: str = "",
    seen: str = "",
    now: datetime,
) -> CommentShape:
    """Publish, hold or remove a comment. The decision is appended; one that undoes the last names it.

    Args:
        rule_key: the house rule a removal cites; needed for that, ignored otherwise.
        seen: `CommentShape.seen` of what was decided on; of two who decide at once, one is told so. Empty: whatever
            it is now.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `comment_unknown`, `transition_refused`,
            `field_invalid` (no such rule), `decided_meanwhile` (also when its author changed the words).
    """
    require(actor, Permission.MODERATE)
    if move not in _OUTCOME_OF:
        raise Refusal(RefusalCode.FIELD_INVALID, field="move")
    cited = cited_rule(site=site, rule_key=rule_key) if move is Move.REMOVE else None
    with write_transaction():
        comment = _locked(site=site, comment_id=comment_id)
        if seen and seen != comment_shape(comment, story_key=comment.story.key).seen:
            raise Refusal(RefusalCode.DECIDED_MEANWHILE)
        move_comment(comment, move=move, cited=cited, actor=actor, now=now)
    return comment_shape(comment, story_key=comment.story.key, show_words=True)


def cited_rule(*, site: SiteShape, rule_key: str) -> HouseRule:
    """The house rule that a removal cites.

    Raises:
        Refusal: `field_invalid`: there is no such rule.
    """
    cited = rules_of(site.id).rule(rule_key)
    if cited is None:
        raise Refusal(RefusalCode.FIELD_INVALID, field="rule_key")
    return cited


def move_comment(comment: Comment, *, move: Move, cited: HouseRule | None, actor: Actor, now: datetime) -> Decision:
    """Append the decision, change the status and close the reports; inside a write transaction, `comment.story` locked.

    Raises:
        Refusal: `transition_refused`.
    """
    before = CommentStatus(comment.status)
    after = status_after(before, move)
    last = decision_in_force(comment.pk)
    decision = append_decision(
        comment,
        outcome=_OUTCOME_OF[move],
        staff_id=actor.staff_id,
        rule_key=cited.key if cited else "",
        rule_version=cited.version if cited else 0,
        decided_at=now,
        reverses=last if last is not None and last.outcome != _OUTCOME_OF[move].value else None,
    )
    change_status(comment, story=comment.story, before=before, after=after)
    outbox.record(
        CommentDecided(
            site_id=comment.site_id, story_id=comment.story_id, comment_id=comment.pk, decision_id=decision.pk
        )
    )
    if move is not Move.HOLD:
        state = CaseState.REMOVED if move is Move.REMOVE else CaseState.KEPT
        close_case(comment, state=state, decision=decision, now=now)
    if move is Move.PUBLISH:
        _grant_appeal(comment, last, decision, actor=actor, now=now)
    return decision


def _grant_appeal(
    comment: Comment, appealed: Decision | None, decision: Decision, *, actor: Actor, now: datetime
) -> None:
    """An appeal that waits against what is undone here is thereby granted."""
    appeal = Appeal.objects.filter(decision=appealed, state=AppealState.OPEN).first() if appealed is not None else None
    if appeal is None or appealed is None:
        return
    appeal.state, appeal.decided_at, appeal.decided_by_id = AppealState.REVERSED.value, now, actor.staff_id
    appeal.result, appeal.remind_at = decision, None
    appeal.same_decider = appealed.staff_id is not None and appealed.staff_id == actor.staff_id
    appeal.save()
    outbox.record(
        AppealDecided(site_id=comment.site_id, story_id=comment.story_id, comment_id=comment.pk, appeal_id=appeal.pk)
    )


def set_prominence(*, actor: Actor, site: SiteShape, comment_id: int, prominence: int, now: datetime) -> CommentShape:
    """Pin a root comment, pick it as the editor's choice, or neither.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `comment_unknown`, `field_invalid` (no such
            prominence), `transition_refused` (a reply can't be pinned; only published comments stand out).
    """
    del now  # every write takes the clock; this one keeps no time
    require(actor, Permission.MODERATE)
    if prominence not in {Prominence.NONE, Prominence.PICKED, Prominence.PINNED}:
        raise Refusal(RefusalCode.FIELD_INVALID, field="prominence")
    with write_transaction():
        comment = _locked(site=site, comment_id=comment_id)
        pinned_reply = prominence == Prominence.PINNED and comment.parent_id is not None
        if pinned_reply or (prominence and comment.status != CommentStatus.PUBLISHED):
            raise Refusal(RefusalCode.TRANSITION_REFUSED, status=comment.status, move="prominence")
        comment.prominence = prominence
        bump(comment.story, comment)
        comment.save(update_fields=["prominence", "version"])
        comment.story.save(update_fields=["version"])
    return comment_shape(comment, story_key=comment.story.key)
