"""The statement of reasons that a decision owes its author, read with the token of its private page."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language_info

from comity import conf
from comity.models import Appeal, CitedRule, Comment, Decision, Report, Restriction
from comity.queries.decisions import decision_in_force, spam_detectors, verdict_of
from comity.queries.house_rules import rules_of
from comity.queries.shapes import SiteShape
from comity.rules import tokens
from comity.rules.appeals import AppealState, appeal_until, check_appeal_open
from comity.rules.reasons import AUTHOR_LIMITED, Source, is_bulk_spam, owes_statement
from comity.rules.refusals import Refusal, RefusalCode
from comity.rules.restrictions import RESTRICTION_OUTCOMES
from comity.rules.statements import Facts, Statement, short_reason, state_reasons, statement_language
from comity.rules.statuses import CommentStatus
from comity.screening import explain
from comity.screening.house_rules import HouseRule, HouseRules, in_language, with_overrides
from comity.screening.types import Outcome

__all__ = [
    "AppealOutcome",
    "AuthorReason",
    "StatementShape",
    "author_reason",
    "check_still_restricts",
    "decision_of_token",
    "ends_appeal",
    "facts_of",
    "is_exempt",
    "read_statement",
    "rule_as_cited",
    "statement_token",
]

PURPOSE = "reasons"
READABLE_FOR = timedelta(days=731)
"""How long a statement's page can be opened after the decision: the appeal, its answer, and a lawsuit's beginning."""


class AuthorReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a comment waits or was removed, in short."""

    rule_key: str
    rule_title: str
    sentence: str
    token: str
    """Opens the statement's page; empty where none is owed."""


class AppealOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """How an appeal stands, as its author sees it."""

    state: AppealState
    text: str
    filed_at: datetime
    due_at: datetime
    decided_at: datetime | None
    reason: str
    same_decider: bool


class StatementShape(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of reasons with what it speaks of."""

    decision_id: int
    comment_id: int
    story_key: str
    story_title: str
    decided_at: datetime
    language: str
    """Of the statement: the comment's own."""
    direction: str
    """`ltr` or `rtl`, of that language."""
    statement: Statement
    comment_html: str
    comment_status: CommentStatus
    """Now, which a later decision may have changed."""
    on_author: bool
    """What was decided restricts the author; the comment stays as it is."""
    lifted_at: datetime | None
    """When the restriction was taken back."""
    may_appeal: bool
    appeal_until: datetime
    appeal: AppealOutcome | None


def statement_token(decision: Decision) -> str:
    """The token of a decision's private page: the same whenever it is asked for, until the secret changes."""
    return tokens.seal(
        conf.current().signing_secrets()[0],
        site_id=decision.site_id,
        purpose=PURPOSE,
        subject=str(decision.pk),
        expires_at=decision.decided_at + READABLE_FOR,
    )


def decision_of_token(*, site: SiteShape, token: str, now: datetime) -> Decision:
    """The decision whose page a token opens.

    Raises:
        Refusal: `link_invalid` (forged, cut off, of another site or purpose), `link_expired`.
    """
    try:
        subject = tokens.open_seal(
            token, secrets=conf.current().signing_secrets(), site_id=site.id, purpose=PURPOSE, now=now
        )
    except tokens.SealError as error:
        raise Refusal(RefusalCode.LINK_EXPIRED if error.expired else RefusalCode.LINK_INVALID) from None
    decision = Decision.objects.select_related("comment__story").filter(pk=int(subject), site_id=site.id).first()
    if decision is None:
        raise Refusal(RefusalCode.LINK_INVALID)
    return decision


def rule_as_cited(decision: Decision) -> HouseRule | None:
    """The rule that a decision cites, as it read then; None when it cites none."""
    if not decision.rule_key:
        return None
    kept = CitedRule.objects.filter(
        site_id=decision.site_id, key=decision.rule_key, version=decision.rule_version
    ).first()
    if kept is not None:
        return HouseRule.from_document(kept.document)
    return rules_of(decision.site_id).rule(decision.rule_key)  # cited by an importer, which knows no version


def rules_as_cited(decision: Decision) -> HouseRules:
    """The rules in force, those that the decision cites as they read then."""
    keys = [each["rule_key"] for each in decision.citations]
    versions = {(each["rule_key"], each["rule_version"]) for each in decision.citations}
    kept = CitedRule.objects.filter(site_id=decision.site_id, key__in=keys)
    cited = [HouseRule.from_document(each.document) for each in kept if (each.key, each.version) in versions]
    return with_overrides(rules_of(decision.site_id), cited)


def ends_appeal(decision: Decision) -> bool:
    """Whether a decision is the outcome of an appeal."""
    return Appeal.objects.filter(result_id=decision.pk).exists()


def is_exempt(decision: Decision) -> bool:
    """Whether a decision goes without a statement of reasons and so without an appeal."""
    return is_bulk_spam(
        outcome=decision.outcome,
        by_machine=decision.staff_id is None,
        rule_key=decision.rule_key,
        detectors=spam_detectors(decision),
    )


def _source(decision: Decision) -> Source:
    if decision.staff_id is None:
        return Source.MACHINE
    reports = Report.objects.filter(case__comment_id=decision.comment_id, filed_at__lte=decision.decided_at)
    if reports.filter(by_staff=False).exists():
        return Source.REPORT
    before = Decision.objects.filter(comment_id=decision.comment_id, pk__lt=decision.pk, staff__isnull=True)
    found = before.exclude(rule_key="").filter(revision_number=decision.revision_number).exists()
    return Source.MACHINE if found else Source.STAFF


def facts_of(decision: Decision) -> Facts:
    """What the statement of a decision is made from."""
    by_machine = decision.staff_id is None
    restriction = (
        Restriction.objects.filter(decision_id=decision.pk).first()
        if decision.outcome in RESTRICTION_OUTCOMES
        else None
    )
    asked = [each for each in decision.citations if each["outcome"] in {"remove", "hold"}]
    cited = next((each for each in asked if each["rule_key"] == decision.rule_key), None)
    resting = [decision.findings[index] for index in cited["findings"]] if cited else []
    # A machine's decision may name a rule that only marks or advises, and wait because the newsroom reads first. After
    # retention there are no citations to tell by.
    rests_on_rule = not by_machine or cited is not None or not decision.citations
    return Facts(
        outcome=decision.outcome,
        by_machine=by_machine,
        source=_source(decision),
        rule=rule_as_cited(decision) if rests_on_rule else None,
        categories=tuple(dict.fromkeys(each["category"] for each in resting)),
        check_failed=any(note.startswith("detector_failed:") for note in decision.notes),
        author_limited=AUTHOR_LIMITED in decision.notes,
        reason=restriction.reason if restriction is not None else "",
        until=restriction.until if restriction is not None else None,
    )


def author_reason(decision: Decision, *, language: str) -> AuthorReason:
    """What the author is told of a decision beside the comment."""
    facts = facts_of(decision)
    by_engine = facts.by_machine and (facts.rule is not None or facts.check_failed)
    if by_engine:
        sentence = explain.for_author(verdict_of(decision), rules_as_cited(decision), language)
    else:
        sentence = short_reason(facts, language=language)
    owed = owes_statement(
        outcome=decision.outcome,
        by_machine=facts.by_machine,
        rule_key=decision.rule_key,
        detectors=spam_detectors(decision),
    )
    return AuthorReason(
        rule_key=facts.rule.key if facts.rule else "",
        rule_title=in_language(facts.rule.title, language) if facts.rule else "",
        sentence=sentence,
        token=statement_token(decision) if owed else "",
    )


def check_still_restricts(decision: Decision, comment: Comment) -> None:
    """Let an appeal pass if there is still something to reverse.

    Raises:
        Refusal: `appeal_not_possible`: published again, withdrawn, decided anew; or the restriction was lifted.
    """
    if decision.outcome in RESTRICTION_OUTCOMES:
        still = Restriction.objects.filter(decision_id=decision.pk, lifted_at=None).exists()
    else:
        last = decision_in_force(comment.pk)
        expected = CommentStatus.REMOVED if decision.outcome == Outcome.REMOVE else CommentStatus.HELD
        still = last is not None and last.pk == decision.pk and comment.status == expected
    if not still:
        raise Refusal(RefusalCode.APPEAL_NOT_POSSIBLE)


def _may_appeal(decision: Decision, *, now: datetime) -> bool:
    try:
        check_appeal_open(
            outcome=decision.outcome,
            ends_appeal=ends_appeal(decision),
            exempt=is_exempt(decision),
            decided_at=decision.decided_at,
            now=now,
        )
        check_still_restricts(decision, decision.comment)
    except Refusal:
        return False
    return True


def read_statement(*, site: SiteShape, token: str, now: datetime) -> StatementShape:
    """The statement of reasons that a token opens, and how its appeal stands.

    Raises:
        Refusal: `link_invalid`, `link_expired`.
    """
    decision = decision_of_token(site=site, token=token, now=now)
    comment = decision.comment
    appeal = Appeal.objects.filter(decision_id=decision.pk).first()
    language = statement_language(comment.language, site.language)
    until = appeal_until(decision.decided_at)
    facts = facts_of(decision)
    may_appeal = appeal is None and _may_appeal(decision, now=now)
    with translation.override(language):
        last_day = date_format(timezone.localtime(until), "DATE_FORMAT")
        restricted_until = date_format(timezone.localtime(facts.until), "DATETIME_FORMAT") if facts.until else ""
    return StatementShape(
        decision_id=decision.pk,
        comment_id=comment.pk,
        story_key=comment.story.key,
        story_title=comment.story.title or comment.story.key,
        decided_at=decision.decided_at,
        language=language,
        direction="rtl" if get_language_info(language)["bidi"] else "ltr",
        statement=state_reasons(
            facts,
            language=language,
            appeal_until=last_day if may_appeal or appeal is not None else "",
            until=restricted_until,
        ),
        comment_html=comment.text_html,
        comment_status=CommentStatus(comment.status),
        on_author=decision.outcome in RESTRICTION_OUTCOMES,
        lifted_at=Restriction.objects.filter(decision_id=decision.pk).values_list("lifted_at", flat=True).first()
        if decision.outcome in RESTRICTION_OUTCOMES
        else None,
        may_appeal=may_appeal,
        appeal_until=until,
        appeal=AppealOutcome(
            state=AppealState(appeal.state),
            text=appeal.text,
            filed_at=appeal.filed_at,
            due_at=appeal.due_at,
            decided_at=appeal.decided_at,
            reason=appeal.reason,
            same_decider=appeal.same_decider,
        )
        if appeal is not None
        else None,
    )
