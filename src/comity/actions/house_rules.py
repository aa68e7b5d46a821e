"""Saving house rules: each save is a new version, with who saved it, why, and from when it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from comity.actions import outbox
from comity.actions.writing import write_transaction
from comity.events import HouseRulesSaved
from comity.models import HouseRule
from comity.queries.house_rules import rules_of
from comity.queries.shapes import SiteShape
from comity.rules.refusals import Refusal, RefusalCode
from comity.screening.house_rules import HouseRule as Rule
from comity.screening.house_rules import HouseRules, shipped
from comity.screening.house_rules_writing import rule_changes

__all__ = ["save_house_rule", "save_house_rules"]

NOTE_MAXIMUM = 500


def save_house_rule(
    *,
    site: SiteShape,
    document: Mapping[str, object],
    staff_id: int | None = None,
    note: str = "",
    in_force_from: datetime | None = None,
    now: datetime | None = None,
) -> int:
    """Lay a rule over the shipped ones, as the next version of its key; the version.

    A shipped rule's own version counts: the first save of its key comes after it, so that a key and a version name one
    wording.

    Raises:
        HouseRulesError: the document is no rule.
        Refusal: `field_invalid`: the note is too long.
    """
    rule = Rule.from_document(document)
    if len(note) > NOTE_MAXIMUM:
        raise Refusal(RefusalCode.FIELD_INVALID, field="note", limit=NOTE_MAXIMUM)
    moment = now or timezone.now()
    with write_transaction():
        last = (
            HouseRule.objects.filter(site_id=site.id, key=rule.key)
            .order_by("-version")
            .values_list("version", flat=True)
            .first()
        )
        if last is None:
            own = shipped().rule(rule.key)
            last = own.version if own is not None else 0
        HouseRule.objects.create(
            site_id=site.id,
            key=rule.key,
            version=last + 1,
            document={**document, "version": last + 1},
            author_id=staff_id,
            note=note.strip(),
            in_force_from=in_force_from or moment,
            created_at=moment,
        )
        outbox.record(HouseRulesSaved(site_id=site.id))
    return last + 1


def save_house_rules(
    *,
    site: SiteShape,
    rules: HouseRules,
    staff_id: int | None = None,
    note: str,
    in_force_from: datetime | None = None,
    now: datetime,
) -> tuple[tuple[str, int], ...]:
    """Save every rule that differs from the one in force; all or none. A rule of the site that is not among them is
    switched off: decisions that cite it stay readable.

    Returns:
        Key and new version of each rule saved.

    Raises:
        Refusal: `field_invalid`: no note, or one too long.
    """
    if not note.strip():
        raise Refusal(RefusalCode.FIELD_INVALID, field="note")
    saved = []
    with write_transaction():
        current = rules_of(site.id, now=now)
        wanted = {rule.key: rule.to_document() for rule in rules.rules}
        for change in rule_changes(current, rules):
            rule = current.rule(change.key)
            if change.key not in wanted and rule is not None:
                wanted[change.key] = {**rule.to_document(), "enabled": False}
        for key, document in wanted.items():
            rule = current.rule(key)
            if rule is not None and {**rule.to_document(), "version": 0} == {**document, "version": 0}:
                continue
            version = save_house_rule(
                site=site, document=document, staff_id=staff_id, note=note, in_force_from=in_force_from, now=now
            )
            saved.append((key, version))
    return tuple(saved)
