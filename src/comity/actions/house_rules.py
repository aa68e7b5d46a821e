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
from comity.rules.actors import Actor
from comity.rules.permissions import Permission, require
from comity.rules.refusals import Refusal, RefusalCode
from comity.screening.house_rules import HouseRule as Rule
from comity.screening.house_rules import HouseRules, shipped
from comity.screening.house_rules_writing import rule_changes

__all__ = ["NOTE_MAXIMUM", "edit_house_rule", "edit_house_rules", "save_house_rule", "save_house_rules"]

NOTE_MAXIMUM = 500


def save_house_rule(
    *,
    site: SiteShape,
    document: Mapping[str, object],
    staff_id: int | None = None,
    note: str = "",
    in_force_from: datetime | None = None,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> int:
    """Lay a rule over the shipped ones, as the next version of its key; the version.

    A shipped rule's own version counts: the first save of its key comes after it, so that a key and a version name one
    wording.

    Args:
        note: why it was saved; up to 500 characters.
        in_force_from: now unless given.
        expected_version: the newest version as the person who changed it read it; 0 for a new rule.

    Raises:
        HouseRulesError: the document is no rule.
        Refusal: `field_invalid`: the note is too long; `rule_exists`, `rule_outdated`: another version was saved since.
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
        if expected_version is not None and expected_version != last:
            raise Refusal(RefusalCode.RULE_OUTDATED if expected_version else RefusalCode.RULE_EXISTS, field="key")
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
        Refusal: `rule_note_missing`; `field_invalid`: a note that is too long.
    """
    if not note.strip():
        raise Refusal(RefusalCode.RULE_NOTE_MISSING, field="note")
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


def edit_house_rule(
    *,
    actor: Actor,
    site: SiteShape,
    document: Mapping[str, object],
    note: str,
    in_force_from: datetime | None,
    expected_version: int,
    now: datetime,
) -> int:
    """`save_house_rule` by a member of staff, who says why.

    Raises:
        HouseRulesError: the document is no rule.
        Refusal: `authentication_required`, `permission_denied`, `rule_note_missing`, `field_invalid`, `rule_exists`,
            `rule_outdated`.
    """
    require(actor, Permission.EDIT_RULES)
    if not note.strip():
        raise Refusal(RefusalCode.RULE_NOTE_MISSING, field="note")
    return save_house_rule(
        site=site,
        document=document,
        staff_id=actor.staff_id,
        note=note,
        in_force_from=in_force_from,
        expected_version=expected_version,
        now=now,
    )


def edit_house_rules(
    *, actor: Actor, site: SiteShape, rules: HouseRules, note: str, in_force_from: datetime | None, now: datetime
) -> tuple[tuple[str, int], ...]:
    """`save_house_rules` by a member of staff.

    Raises:
        Refusal: `authentication_required`, `permission_denied`, `rule_note_missing`, `field_invalid`.
    """
    require(actor, Permission.EDIT_RULES)
    return save_house_rules(
        site=site, rules=rules, staff_id=actor.staff_id, note=note, in_force_from=in_force_from, now=now
    )
