"""`comity rules`: house rules as files: written out, compared, tried on the site's own comments, taken in."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from comity.cli.ending import BAD_USAGE, DONE, Ending
from comity.cli.setting_up import require_tables

if TYPE_CHECKING:
    from comity.queries.shapes import SiteShape
    from comity.screening.house_rules import HouseRules

__all__ = ["compare", "export", "import_file", "try_out"]


def _site(arguments: argparse.Namespace) -> SiteShape:
    require_tables()
    from comity.queries.sites import find_site

    return find_site(key=arguments.site, host=None)


def _read(name: str) -> HouseRules:
    from comity.screening.house_rules import HouseRulesError, parse

    text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    try:
        return parse(text)
    except HouseRulesError as error:
        raise Ending(f"{name}: {error}.", BAD_USAGE) from None


def export(arguments: argparse.Namespace) -> int:
    """Write the rules in force as TOML."""
    site = _site(arguments)
    from comity.queries.house_rules import rules_of
    from comity.screening.house_rules_writing import write_file

    print(write_file(rules_of(site.id)), end="")
    return DONE


def compare(arguments: argparse.Namespace) -> int:
    """One line for each field in which a file differs from the rules in force."""
    site = _site(arguments)
    from comity.queries.house_rules import rules_of
    from comity.screening.house_rules_writing import rule_changes

    for each in rule_changes(rules_of(site.id), _read(arguments.file)):
        print(f"{each.key}{'.' if each.field else ''}{each.field}: {each.before} -> {each.after}")
    return DONE


def import_file(arguments: argparse.Namespace) -> int:
    """Save what differs, as new versions."""
    site = _site(arguments)
    from comity.actions.house_rules import save_house_rules

    now = datetime.now(UTC)
    begins = None
    if arguments.in_force_from:
        try:
            begins = datetime.fromisoformat(arguments.in_force_from)
        except ValueError:
            raise Ending("--from takes a date such as 2026-12-01 or 2026-12-01T08:00+01:00.", BAD_USAGE) from None
        begins = begins if begins.tzinfo else begins.replace(tzinfo=UTC)
    saved = save_house_rules(site=site, rules=_read(arguments.file), note=arguments.note, in_force_from=begins, now=now)
    for key, version in saved:
        print(f"{key} is saved as version {version}.")
    if not saved:
        print("Nothing differs from the rules in force.")
    return DONE


def try_out(arguments: argparse.Namespace) -> int:
    """What a draft would change on the site's own comments, in counts; nothing is written."""
    site = _site(arguments)
    from rich.console import Console
    from rich.progress import Progress

    from comity.actions.screener import try_rules

    now = datetime.now(UTC)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Comments", total=None)
        trial = try_rules(
            site=site,
            draft=_read(arguments.file),
            since=now - timedelta(days=arguments.days),
            now=now,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    print(f"{trial.comments} comments of the last {arguments.days} days, {trial.changed} with another outcome")
    for (before, after), count in sorted(trial.outcomes.items()):
        print(f"{before} -> {after}: {count}")
    for key in sorted({*trial.cited, *trial.cited_now}):
        count = trial.cited.get(key, 0)
        print(f"rule {key} would be cited {count} times, instead of {trial.cited_now.get(key, 0)}")
    for key, outcome in sorted({*trial.mild, *trial.mild_now}):
        done = "advise the author" if outcome == "advise" else "mark a published comment"
        count, before_it = trial.mild.get((key, outcome), 0), trial.mild_now.get((key, outcome), 0)
        print(f"rule {key} would {done} {count} times, instead of {before_it}")
    return DONE
