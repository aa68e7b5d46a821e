"""What people decided, as lessons for the site's own head and as a history to judge the screening by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from django.db.models import QuerySet

from comity.models import CitedRule, CommentRevision, Decision
from comity.queries.house_rules import rules_of
from comity.rules.restrictions import RESTRICTION_OUTCOMES
from comity.screening.evaluation import Judged
from comity.screening.learning import Lesson
from comity.screening.types import Outcome, Submission

__all__ = ["SiteLesson", "judged_history", "lessons_after"]

DECISIONS_AT_ONCE = 200
_JUDGING = (Outcome.PUBLISH.value, Outcome.REMOVE.value)
"""What a person says of a text; holding one says nothing yet."""


class SiteLesson(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson and the decision that gives it."""

    decision_id: int
    sequence: int
    """Number of the decision in the site's chain."""
    lesson: Lesson


def lessons_after(
    *, site_id: int, sequence: int, left_out: Sequence[tuple[int, int]] = (), until: int | None = None
) -> Iterator[SiteLesson]:
    """The lessons of the human decisions after this number of the site's chain, in the order they were taken.

    A decision whose comment was erased teaches nothing: its words are gone.

    Args:
        left_out: first and last number of decisions to pass over.
        until: the last number to read; all when None.
    """
    categories = _CategoriesOf(site_id)
    while True:
        found = _human_decisions(site_id).filter(sequence__gt=sequence).order_by("sequence")
        if until is not None:
            found = found.filter(sequence__lte=until)
        decisions = list(found[:DECISIONS_AT_ONCE])
        if not decisions:
            return
        texts = _texts(decisions)
        stopped = _stopped_by(decisions)
        for decision in decisions:
            text = texts[decision.pk]
            if not text or any(first <= decision.sequence <= last for first, last in left_out):
                continue
            refused = decision.outcome == Outcome.REMOVE
            taught = categories(decision.rule_key, decision.rule_version) if refused else frozenset()
            if refused and not taught:
                continue  # the rule is nowhere any more: nobody knows what the text was refused for
            spared = frozenset() if refused else categories(*stopped.get(decision.pk, ("", 0)))
            yield SiteLesson(
                decision_id=decision.pk, sequence=decision.sequence, lesson=Lesson(text, taught, spared=spared)
            )
        sequence = decisions[-1].sequence


def judged_history(*, site_id: int, limit: int, after: int = 0) -> tuple[Judged, ...]:
    """The comments that people judged last, newest first, each with the last word on it.

    What the machine knew of the author and the network at the time is not kept, and so is no part of it.

    Args:
        limit: how many at most.
        after: only decisions after this number of the site's chain.
    """
    seen: set[int] = set()
    judged: list[Judged] = []
    before: int | None = None
    while len(judged) < limit:
        found = _human_decisions(site_id).filter(sequence__gt=after).order_by("-sequence")
        decisions = list((found if before is None else found.filter(sequence__lt=before))[:DECISIONS_AT_ONCE])
        if not decisions:
            break
        texts = _texts(decisions)
        for decision in decisions:
            comment = decision.comment
            if comment.pk in seen or not texts[decision.pk]:
                continue
            seen.add(comment.pk)
            submission = Submission(
                texts[decision.pk],
                author_name=comment.author_name,
                author_website=comment.author_website,
                is_reply=comment.reply_to_id is not None,
            )
            judged.append(Judged(submission, decision.outcome == Outcome.REMOVE, str(comment.pk)))
        before = decisions[-1].sequence
    return tuple(judged[:limit])


def _human_decisions(site_id: int) -> QuerySet[Decision]:
    return Decision.objects.filter(
        site_id=site_id, actor_kind=Decision.ActorKind.STAFF, outcome__in=_JUDGING
    ).select_related("comment")


def _texts(decisions: Iterable[Decision]) -> dict[int, str]:
    """Decision -> the words that it was about: a later edit is another text. Empty where they were erased."""
    texts = {}
    earlier = {}
    for decision in decisions:
        if decision.revision_number == decision.comment.revision_number:
            texts[decision.pk] = decision.comment.text_source
        else:
            texts[decision.pk] = ""
            earlier[decision.comment_id, decision.revision_number] = ""
    for revision in CommentRevision.objects.filter(comment_id__in={comment_id for comment_id, _ in earlier}):
        earlier[revision.comment_id, revision.number] = revision.text_source
    for decision in decisions:
        key = (decision.comment_id, decision.revision_number)
        if key in earlier:
            texts[decision.pk] = earlier[key]
    return texts


def _stopped_by(decisions: Sequence[Decision]) -> dict[int, tuple[str, int]]:
    """Decision -> key and version of the rule for which the comment had been held or removed just before."""
    rows = (
        Decision.objects.filter(
            comment_id__in={each.comment_id for each in decisions}, sequence__lte=decisions[-1].sequence
        )
        .exclude(outcome__in=RESTRICTION_OUTCOMES)
        .order_by("sequence")
    )
    wanted = {each.pk for each in decisions}
    last: dict[int, tuple[str, int]] = {}
    stopped = {}
    for pk, comment_id, outcome, key, version in rows.values_list(
        "pk", "comment_id", "outcome", "rule_key", "rule_version"
    ):
        if pk in wanted and comment_id in last:
            stopped[pk] = last[comment_id]
        last[comment_id] = ("", 0) if outcome == Outcome.PUBLISH else (key, version)
    return stopped


class _CategoriesOf:
    """The categories of a rule as it read when it was cited."""

    def __init__(self, site_id: int) -> None:
        self._site_id = site_id
        self._known: dict[tuple[str, int], frozenset[str]] = {("", 0): frozenset()}

    def __call__(self, key: str, version: int) -> frozenset[str]:
        known = self._known.get((key, version))
        if known is None:
            cited = CitedRule.objects.filter(site_id=self._site_id, key=key, version=version).first()
            rule = None if cited else rules_of(self._site_id).rule(key)
            known = frozenset(cited.document["categories"] if cited else rule.categories if rule else ())
            self._known[key, version] = known
        return known
