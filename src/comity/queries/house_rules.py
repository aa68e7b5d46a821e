"""The house rules of a site: those in force, and every version there was."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db.models import Max, QuerySet
from django.utils import timezone

from comity.models import HouseRule
from comity.queries.prepared import Prepared
from comity.queries.shapes import SiteShape
from comity.rules.refusals import Refusal, RefusalCode
from comity.screening.house_rules import HouseRule as Rule
from comity.screening.house_rules import HouseRules, shipped, with_overrides
from comity.screening.house_rules_writing import RuleChange, rule_changes

__all__ = ["RuleState", "RuleVersion", "rule_of_version", "rule_states", "rule_versions", "rules_of"]


def _beginnings(site_id: int) -> QuerySet[HouseRule, tuple[datetime]]:
    return HouseRule.objects.filter(site_id=site_id).order_by().values_list("in_force_from")


_prepared_beginnings = Prepared(_beginnings)


class RuleVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a rule, as it was saved."""

    rule: Rule
    author_name: str
    """Empty for the shipped one, and for what an operator saved on the command line."""
    note: str
    in_force_from: datetime | None
    """None for the shipped one, which was there from the start."""
    saved_at: datetime | None
    changes: tuple[RuleChange, ...]
    """Against the version before; empty for the first."""


class RuleState(msgspec.Struct, frozen=True, kw_only=True):
    """How a rule stands now."""

    rule: Rule
    """In force; the newest saved where none is in force yet."""
    is_in_force: bool
    """Its time has come and it is switched on."""
    is_own: bool
    """Saved at this site; else it is the shipped one as it came."""
    coming: RuleVersion | None
    """A newer version whose time has not come."""


def rules_of(site_id: int, *, now: datetime | None = None) -> HouseRules:
    """The shipped rules with the site's own laid over them, each in its latest version that holds already.

    Args:
        now: the present moment unless given.
    """
    moment = now or timezone.now()
    if not any(begins <= moment for (begins,) in _prepared_beginnings.rows(site_id)):
        return shipped()
    begun = HouseRule.objects.filter(site_id=site_id, in_force_from__lte=moment)
    latest = begun.order_by().values("key").annotate(version=Max("version"))
    wanted = {(each["key"], each["version"]) for each in latest}
    own = [Rule.from_document(row.document) for row in begun.order_by("pk") if (row.key, row.version) in wanted]
    return with_overrides(shipped(), own)


def _version(row: HouseRule, before: Rule | None) -> RuleVersion:
    rule = Rule.from_document(row.document)
    return RuleVersion(
        rule=rule,
        author_name=row.author.name if row.author is not None else "",
        note=row.note,
        in_force_from=row.in_force_from,
        saved_at=row.created_at,
        changes=rule_changes(HouseRules((before,), ""), HouseRules((rule,), "")) if before is not None else (),
    )


def rule_versions(*, site: SiteShape, key: str) -> tuple[RuleVersion, ...]:
    """Every version of a rule, newest first; the shipped one, if there is one, is the last.

    Raises:
        Refusal: `rule_unknown`.
    """
    before = shipped().rule(key)
    versions = []
    if before is not None:
        versions.append(
            RuleVersion(rule=before, author_name="", note="", in_force_from=None, saved_at=None, changes=())
        )
    for row in HouseRule.objects.select_related("author").filter(site_id=site.id, key=key).order_by("version"):
        version = _version(row, before)
        versions.append(version)
        before = version.rule
    if not versions:
        raise Refusal(RefusalCode.RULE_UNKNOWN)
    return tuple(reversed(versions))


def rule_of_version(site_id: int, *, key: str, version: int) -> Rule | None:
    """A rule as it read in one version; None when there is no such version any more."""
    row = HouseRule.objects.filter(site_id=site_id, key=key, version=version).first()
    if row is not None:
        return Rule.from_document(row.document)
    own = shipped().rule(key)
    return own if own is not None and own.version == version else None


def rule_states(*, site: SiteShape, now: datetime) -> tuple[RuleState, ...]:
    """Every rule of the site, in the order in which they apply; those that are off or not in force yet among them."""
    current = rules_of(site.id, now=now)
    rows: dict[str, list[HouseRule]] = {}
    for row in HouseRule.objects.select_related("author").filter(site_id=site.id).order_by("version"):
        rows.setdefault(row.key, []).append(row)
    states = []
    for key in dict.fromkeys((*(rule.key for rule in current.rules), *rows)):
        rule, saved = current.rule(key), rows.get(key, [])
        newest = saved[-1] if saved else None
        coming = _version(newest, rule) if newest is not None and newest.in_force_from > now else None
        shown = rule or (coming.rule if coming is not None else None)
        if shown is None:
            continue  # its only version was taken back before its time
        states.append(
            RuleState(
                rule=shown,
                is_in_force=rule is not None and rule.enabled,
                is_own=any(row.in_force_from <= now for row in saved),
                coming=coming,
            )
        )
    return tuple(states)
