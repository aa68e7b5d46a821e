"""Appeals: filing one, deciding it, minding the clock."""

from __future__ import annotations

from datetime import datetime

from comity.actions import outbox
from comity.actions.counters import change_status, lock_story
from comity.actions.decisions import append_decision
from comity.actions.restrictions import lift
from comity.actions.writing import write_transaction
from comity.events import AppealDecided, AppealDue, AppealFiled, AppealOverdue, CommentDecided
from comity.models import Appeal, Comment, Decision, Restriction, Story
from comity.queries.appeals import may_others_decide
from comity.queries.decisions import decision_in_force
from comity.queries.reasons import check_still_restricts, decision_of_token, ends_appeal, is_exempt
from comity.queries.shapes import SiteShape
from comity.rules.actors import Actor
from comity.rules.appeals import (
    OPEN_APPEALS_MAXIMUM,
    AppealState,
    check_appeal_open,
    check_appeal_text,
    check_decider,
    check_reason,
    due_at,
    next_reminder,
)
from comity.rules.identifiers import is_identifier
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.restrictions import RESTRICTION_OUTCOMES
from comity.rules.statuses import CommentStatus
from comity.rules.transitions import Move, status_after
from comity.screening.types import Outcome

__all__ = ["decide_appeal", "file_appeal", "remind_of_appeals"]

REMINDERS_AT_ONCE = 100


def file_appeal(*, site: SiteShape, token: str, text: str, network_digest: str = "", now: datetime) -> int:
    """Appeal the decision that a statement's token opens.

    Returns:
        The appeal's id.

    Raises:
        Refusal: `link_invalid`, `link_expired`, `appeal_not_possible`, `appeal_too_late`, `appeal_already_filed`,
            `appeals_too_many`, `text_too_short`, `text_too_long`.
    """
    decision = decision_of_token(site=site, token=token, now=now)
    cleaned = check_appeal_text(text)
    with write_transaction():
        lock_story(decision.comment.story_id)
        comment = Comment.objects.get(pk=decision.comment_id)
        if Appeal.objects.filter(decision_id=decision.pk).exists():
            raise Refusal(RefusalCode.APPEAL_ALREADY_FILED)
        check_appeal_open(
            outcome=decision.outcome,
            ends_appeal=ends_appeal(decision),
            exempt=is_exempt(decision),
            decided_at=decision.decided_at,
            now=now,
        )
        check_still_restricts(decision, comment)
        _check_number(comment, network_digest=network_digest)
        appeal = Appeal.objects.create(
            site_id=site.id,
            decision=decision,
            comment=comment,
            state=AppealState.OPEN.value,
            text=cleaned,
            filed_at=now,
            due_at=due_at(now),
            remind_at=next_reminder(due_at(now), now=now),
            network_digest=network_digest,
        )
        outbox.record(
            AppealFiled(site_id=site.id, story_id=comment.story_id, comment_id=comment.pk, appeal_id=appeal.pk)
        )
    return appeal.pk


def _check_number(comment: Comment, *, network_digest: str) -> None:
    """Let no author bury the newsroom: so many open appeals of one device, and of one network in a day."""
    waiting = Appeal.objects.filter(site_id=comment.site_id, state=AppealState.OPEN)
    of_device = waiting.filter(comment__device_id=comment.device_id).count() if comment.device_id is not None else 0
    of_network = waiting.filter(network_digest=network_digest).count() if network_digest else 0
    # A whole office may stand behind one network: four times as many.
    if of_device >= OPEN_APPEALS_MAXIMUM or of_network >= 4 * OPEN_APPEALS_MAXIMUM:
        raise Refusal(RefusalCode.APPEALS_TOO_MANY)


def decide_appeal(
    *, actor: Actor, site: SiteShape, appeal_id: int, reverse: bool, reason: str, now: datetime
) -> AppealState:
    """Answer an appeal: reverse the decision, which brings the comment back with its votes, place and count, or let it
    stand; or lift a restriction of its author. Either way a decision is appended, and the author is owed the reason.

    Args:
        reason: what the author is told.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `appeal_unknown`, `appeal_already_decided`,
            `appeal_own_decision`, `reason_missing`, `text_too_long`; `transition_refused`: a later decision, or the
            author, has taken the comment away, which this one cannot undo.
    """
    require(actor, Permission.MODERATE)
    said = check_reason(reason)
    with write_transaction():
        story_id = (
            Appeal.objects.filter(pk=appeal_id, site_id=site.id).values_list("comment__story_id", flat=True).first()
            if is_identifier(appeal_id)
            else None
        )
        if story_id is None:
            raise Refusal(RefusalCode.APPEAL_UNKNOWN)
        story = lock_story(story_id)
        # Read under the story's lock: of two deciders at once, the second finds it decided.
        appeal = Appeal.objects.select_related("decision", "comment").get(pk=appeal_id)
        if appeal.state != AppealState.OPEN:
            raise Refusal(RefusalCode.APPEAL_ALREADY_DECIDED)
        decided_by = appeal.decision.staff_id
        same = check_decider(
            staff_id=actor.staff_id or 0,
            decided_by=decided_by,
            others=may_others_decide(site=site, staff_id=decided_by),
            filed_at=appeal.filed_at,
            now=now,
        )
        comment = appeal.comment
        result = (
            _reverse(appeal.decision, comment, story=story, staff_id=actor.staff_id, now=now)
            if reverse
            else _uphold(appeal.decision, comment, staff_id=actor.staff_id, now=now)
        )
        appeal.state = (AppealState.REVERSED if reverse else AppealState.UPHELD).value
        appeal.decided_at, appeal.decided_by_id, appeal.same_decider = now, actor.staff_id, same
        appeal.reason, appeal.result, appeal.remind_at = said, result, None
        appeal.save()
        outbox.record(AppealDecided(site_id=site.id, story_id=story.pk, comment_id=comment.pk, appeal_id=appeal.pk))
    return AppealState(appeal.state)


def _reverse(first: Decision, comment: Comment, *, story: Story, staff_id: int | None, now: datetime) -> Decision:
    """Bring the comment back, or lift the restriction. A later decision on the comment is not undone with this one."""
    if first.outcome in RESTRICTION_OUTCOMES:
        return lift(Restriction.objects.get(decision=first), comment, staff_id=staff_id, now=now)
    last = decision_in_force(comment.pk)
    if last is None or last.pk != first.pk:
        raise Refusal(RefusalCode.TRANSITION_REFUSED, status=comment.status, move=Move.PUBLISH.value)
    before = CommentStatus(comment.status)
    after = status_after(before, Move.PUBLISH)
    result = append_decision(
        comment, outcome=Outcome.PUBLISH, staff_id=staff_id, decided_at=now, reverses=first, states_reasons=False
    )
    change_status(comment, story=story, before=before, after=after)
    outbox.record(
        CommentDecided(site_id=comment.site_id, story_id=story.pk, comment_id=comment.pk, decision_id=result.pk)
    )
    return result


def _uphold(first: Decision, comment: Comment, *, staff_id: int | None, now: datetime) -> Decision:
    return append_decision(
        comment,
        outcome=first.outcome,
        staff_id=staff_id,
        rule_key=first.rule_key,
        rule_version=first.rule_version,
        decided_at=now,
        states_reasons=False,  # the appeal's answer, on the first statement's own page, says why
    )


def remind_of_appeals(now: datetime) -> int:
    """Record that appeals are due: two days before, when their time is over, then each week.

    Returns:
        How many.
    """
    total = 0
    while True:
        with write_transaction():
            late = list(
                Appeal.objects.select_for_update()
                .filter(state=AppealState.OPEN, remind_at__lte=now)
                .order_by("due_at", "pk")[:REMINDERS_AT_ONCE]
            )
            stories = dict(
                Comment.objects.filter(pk__in=[each.comment_id for each in late]).values_list("pk", "story_id")
            )
            for appeal in late:
                appeal.reminded_at, appeal.remind_at = now, next_reminder(appeal.due_at, now=now)
                appeal.save(update_fields=["reminded_at", "remind_at"])
                outbox.record(
                    (AppealOverdue if appeal.due_at <= now else AppealDue)(
                        site_id=appeal.site_id,
                        story_id=stories[appeal.comment_id],
                        comment_id=appeal.comment_id,
                        appeal_id=appeal.pk,
                    )
                )
        total += len(late)
        if len(late) < REMINDERS_AT_ONCE:
            return total
