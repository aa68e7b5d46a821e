"""The one place that calls the screening engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice

from django.db.models import QuerySet

from comity import conf
from comity.actions.back_ends import back_ends
from comity.actions.decisions import append_decision
from comity.actions.links import foreign_hosts
from comity.models import Comment, Decision
from comity.queries.house_rules import rules_of
from comity.queries.prepared import Prepared
from comity.queries.shapes import SiteShape
from comity.queries.site_heads import CurrentHead
from comity.queries.spam import network_history, standings
from comity.rules.actors import Actor
from comity.rules.advice import advice_due
from comity.rules.reasons import AUTHOR_LIMITED
from comity.rules.statuses import CommentStatus
from comity.screening import types
from comity.screening.catalogue import default_detectors
from comity.screening.engine import Engine
from comity.screening.house_rules import HouseRules, with_overrides
from comity.screening.metrics import Metrics

__all__ = ["METRICS", "RulesTrial", "engine_of", "of_limited", "record_decision", "screen", "try_rules"]

RECENT_TEXTS = 20
HISTORY_LENGTH = 200
"""How many of an author's comments say what is to be expected of the next."""
SITES_REMEMBERED = 64
TRIED_AT_ONCE = 64
METRICS = Metrics()
"""What detectors cost in this process, over all sites."""


@lru_cache(maxsize=2)
def _detectors(model: bool) -> tuple[types.Detector, ...]:
    """Word lists and weights are the same for every site of the process."""
    return tuple(default_detectors(model=model))


@lru_cache(maxsize=SITES_REMEMBERED)
def engine_of(site_id: int) -> tuple[Engine, CurrentHead]:
    """The site's engine, and its own head, which is to be looked for before each submission."""
    head = CurrentHead(site_id)
    return Engine(
        _detectors(conf.current().screening_model), site_head=head, back_ends=back_ends(), metrics=METRICS
    ), head


def _recent(site_id: int) -> QuerySet[Comment, tuple[int, str]]:
    newest = Comment.objects.filter(site_id=site_id).order_by("-id")
    return newest.values_list("pk", "text_source")[: RECENT_TEXTS + 1]  # one may be left out


def _statuses_of_device(device_id: int) -> QuerySet[Comment, tuple[str]]:
    return Comment.objects.filter(device_id=device_id).order_by("-id").values_list("status")[:HISTORY_LENGTH]


_prepared_recent, _prepared_device_statuses = Prepared(_recent), Prepared(_statuses_of_device)


def _author_history(actor: Actor) -> types.AuthorHistory:
    if actor.is_staff:
        return types.AuthorHistory(staff=True, proven=True)
    if actor.reader_id is not None:
        own = Comment.objects.filter(reader_id=actor.reader_id)
        statuses = list(own.order_by("-id").values_list("status", flat=True)[:HISTORY_LENGTH])
    elif actor.device_id is not None:
        statuses = [status for (status,) in _prepared_device_statuses.rows(actor.device_id)]
    else:
        return types.AuthorHistory()
    return types.AuthorHistory(
        published=statuses.count(CommentStatus.PUBLISHED.value),
        held=statuses.count(CommentStatus.HELD.value),
        removed=statuses.count(CommentStatus.REMOVED.value),
        proven=actor.reader_id is not None,
    )


def _standings(site: SiteShape, links: tuple[str, ...], leave_out: int | None) -> dict[str, types.LinkStanding]:
    foreign, own = foreign_hosts(site, links)
    known = standings(site_id=site.id, hosts=foreign, leave_out=leave_out)
    return {**dict.fromkeys(own, types.LinkStanding(own=True)), **known}


def screen(
    *,
    site: SiteShape,
    actor: Actor,
    text: str,
    author_name: str,
    author_website: str,
    links: tuple[str, ...],
    honeypot: str,
    is_reply: bool,
    leave_out: int | None = None,
    now: datetime,
) -> types.Decision:
    """The engine's verdict on a text, by the house rules in force at the site and what its moderators taught.

    Args:
        links: addresses in the text, as the renderer found them.
        leave_out: a comment whose own text is no precedent, such as the one being edited.
    """
    network = network_history(site_id=site.id, network_digest=actor.network_digest, now=now)
    submission = types.Submission(
        text=text,
        author_name=author_name,
        author_website=author_website,
        author=_author_history(actor),
        links=_standings(site, (*links, author_website) if author_website else links, leave_out),
        recent_texts=tuple(text for pk, text in _prepared_recent.rows(site.id) if pk != leave_out)[:RECENT_TEXTS],
        network_recent_posts=network.last_hour,
        network_removed_posts=network.removed,
        honeypot=honeypot,
        is_reply=is_reply,
    )
    engine, head = engine_of(site.id)
    head.look(now)
    return engine.screen(submission, rules_of(site.id))


@dataclass(frozen=True, slots=True)
class RulesTrial:
    """What other rules would have made of a site's comments."""

    comments: int
    changed: int
    outcomes: Mapping[tuple[str, str], int]
    """Outcome by the rules in force, outcome by the draft -> how many comments, where they differ."""
    cited_now: Mapping[str, int]
    cited: Mapping[str, int]
    """Rule -> how many comments the draft would hold or remove by it; `cited_now` by the rules in force."""
    mild_now: Mapping[tuple[str, str], int]
    mild: Mapping[tuple[str, str], int]
    """Rule, `mark` or `advise` -> how many comments would be published so; `mild_now` by the rules in force."""


def try_rules(
    *,
    site: SiteShape,
    draft: HouseRules,
    since: datetime,
    now: datetime,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> RulesTrial:
    """Screen the site's comments since a moment by the rules in force and by a draft of others. Writes nothing.

    Words alone count: what the engine once knew of the author, the network and earlier texts is left out of both, and
    no back end is asked.

    Args:
        draft: rules that replace those of the same key.
    """
    current = rules_of(site.id)
    wanted = with_overrides(current, draft.rules)
    head = CurrentHead(site.id)
    head.look(now)
    engine = Engine(_detectors(conf.current().screening_model), site_head=head)
    rows = Comment.objects.filter(site_id=site.id, created_at__gte=since, erased_at__isnull=True).order_by("pk")
    total = rows.count()
    outcomes: Counter[tuple[str, str]] = Counter()
    cited: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    mild: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]] = (Counter(), Counter())
    done = 0
    left = rows.iterator(chunk_size=200)
    while some := list(islice(left, TRIED_AT_ONCE)):
        submissions = [
            types.Submission(text=row.text_source, author_name=row.author_name, author_website=row.author_website)
            for row in some
        ]
        for verdicts in engine.judge(submissions, (current, wanted)):
            outcomes[verdicts[0].outcome.value, verdicts[1].outcome.value] += 1
            for counts, mild_counts, verdict in zip(cited, mild, verdicts, strict=True):
                counts.update(each.rule_key for each in verdict.citations if each.outcome in {"hold", "remove"})
                mild_counts.update(_mildly(verdict))
        done += len(some)
        progress(done, total)
    differing = {pair: count for pair, count in outcomes.items() if pair[0] != pair[1]}
    return RulesTrial(outcomes.total(), sum(differing.values()), differing, *cited, *mild)


def _mildly(verdict: types.Decision) -> set[tuple[str, str]]:
    """By which rules a published comment would be marked, and by which its author would be advised."""
    if verdict.outcome is not types.Outcome.PUBLISH:
        return set()
    advised = advice_due(outcome=verdict.outcome, citations=verdict.citations, by_staff=False, seen=None)
    marked = {(each.rule_key, each.outcome) for each in verdict.citations if each.outcome == "mark"}
    return marked | ({(advised.rule_key, advised.outcome)} if advised is not None else set())


def of_limited(verdict: types.Decision) -> types.Decision:
    """The verdict on a text of an author whose visibility is limited: the decision says why it waits."""
    return replace(verdict, notes=(*verdict.notes, AUTHOR_LIMITED))


def record_decision(comment: Comment, verdict: types.Decision, *, outcome: types.Outcome) -> Decision:
    """Append the machine's decision on a comment.

    Args:
        outcome: what was done, which is stricter than the verdict in a pre-moderated story and milder for staff.
    """
    cited = verdict.citations[0] if verdict.citations else None
    return append_decision(
        comment,
        outcome=outcome,
        rule_key=cited.rule_key if cited else "",
        rule_version=cited.rule_version if cited else 0,
        engine_version=verdict.engine_version,
        findings=[
            {
                "category": each.category,
                "score": round(each.score, 4),
                "detector": each.detector,
                "field": each.field.value,
                "spans": [list(span) for span in each.spans],
            }
            for each in verdict.findings
        ],
        citations=[
            {
                "rule_key": each.rule_key,
                "rule_version": each.rule_version,
                "outcome": each.outcome,
                "findings": list(each.findings),
            }
            for each in verdict.citations
        ],
        notes=verdict.notes,
        evidence=[each.evidence for each in verdict.findings],
        decided_at=comment.edited_at or comment.created_at,
    )
