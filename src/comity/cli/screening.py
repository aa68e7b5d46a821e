"""`comity screening`: what the site's own head learnt, and how good a version of the screening is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from comity.cli.database import progress
from comity.cli.ending import BAD_USAGE, DONE, FAILED, Ending
from comity.cli.setting_up import require_tables

if TYPE_CHECKING:
    from comity.queries.site_heads import StoredHead
    from comity.screening.evaluation import Judged
    from comity.screening.house_rules import HouseRules
    from comity.screening.learning import SiteHead

__all__ = ["evaluate", "replay", "undo"]

_OF_A_FILE = ("rules", "head", "against_rules", "against_head")
_OF_THE_SITE = ("version", "against_version")


def evaluate(arguments: argparse.Namespace) -> int:
    """Compare in shadow: nothing is decided, nothing is changed."""
    if arguments.history:
        return _evaluate_file(arguments)
    if arguments.limit < 1:
        raise Ending("--limit: a number above zero is needed.", BAD_USAGE)
    for which in ("", "against_"):
        if getattr(arguments, f"{which}head") and getattr(arguments, f"{which}version") is not None:
            raise Ending("A head comes from a file or from the site, not from both.", BAD_USAGE)
    if arguments.unseen and (arguments.head or arguments.against_head):
        raise Ending("--unseen: nobody knows what taught a head from a file.", BAD_USAGE)
    require_tables()
    from comity.queries.house_rules import rules_of
    from comity.queries.lessons import judged_history
    from comity.queries.sites import find_site
    from comity.screening.commands import show_comparison, version_of

    site = find_site(key=arguments.site, host=None)
    own = rules_of(site.id)
    head, learnt_to = _head(arguments.head, arguments.version, site.id)
    one = version_of(_rules(arguments.rules, own), head)
    other = None
    if any(getattr(arguments, f"against_{each}") is not None for each in ("rules", "head", "version")):
        second, second_learnt_to = _head(arguments.against_head, arguments.against_version, site.id)
        learnt_to = max(learnt_to, second_learnt_to)
        other = version_of(_rules(arguments.against_rules, own), second)
    history = judged_history(site_id=site.id, limit=arguments.limit, after=learnt_to if arguments.unseen else 0)
    if not history:
        raise Ending("There is no decision of a person to compare on.", FAILED)
    with progress("Comments") as advance:
        show_comparison(_watched(history, advance), one, other, as_json=arguments.json, out=sys.stdout)
    if learnt_to and not arguments.unseen:
        print("A head has learnt from some of these decisions: --unseen leaves them out.", file=sys.stderr)
    return DONE


def _evaluate_file(arguments: argparse.Namespace) -> int:
    if arguments.unseen or any(getattr(arguments, each) is not None for each in _OF_THE_SITE):
        raise Ending("--history: a file knows no versions of the site's head.", BAD_USAGE)
    from comity.screening.commands import main

    words = ["evaluate", "--history", arguments.history, *(["--json"] if arguments.json else [])]
    for each in _OF_A_FILE:
        if getattr(arguments, each):
            words += [f"--{each.replace('_', '-')}", getattr(arguments, each)]
    return main(words)


def _rules(path: str | None, own: HouseRules) -> HouseRules:
    from comity.screening.cli import read_rules
    from comity.screening.house_rules import HouseRulesError

    try:
        return read_rules(path, own)
    except UnicodeDecodeError:
        raise Ending(f"{path}: not UTF-8.", BAD_USAGE) from None
    except HouseRulesError as error:
        raise Ending(f"{path}: {error}.", BAD_USAGE) from None


def _head(path: str | None, version: int | None, site_id: int) -> tuple[SiteHead | None, int]:
    """The head asked for, and the number of the last decision that it learnt from; None for the one before lessons."""
    from comity.queries.site_heads import head_of, newest_head, stored_head
    from comity.screening.learning import SiteHead, SiteHeadError

    try:
        if path:
            return SiteHead.from_bytes(Path(path).read_bytes()), 0
        found = newest_head(site_id=site_id) if version is None else stored_head(site_id=site_id, version=version)
        return (head_of(found, site_id=site_id), found.learnt_to) if found.version else (None, 0)
    except SiteHeadError as error:
        raise Ending(f"{path or 'The head in force'}: {error}.") from None


def _watched(history: tuple[Judged, ...], advance: Callable[[int, int], None]) -> Iterator[Judged]:
    for number, each in enumerate(history, start=1):
        yield each
        advance(number, len(history))


def replay(arguments: argparse.Namespace) -> int:
    """Build the head anew, and say whether it is the same."""
    require_tables()
    from comity.actions.learning import replay_learning
    from comity.queries.site_heads import newest_head
    from comity.queries.sites import find_site

    site = find_site(key=arguments.site, host=None)
    with progress("Decisions") as advance:
        _, same = replay_learning(
            site_id=site.id, everything=arguments.everything, now=datetime.now(UTC), progress=advance
        )
    print(_line(newest_head(site_id=site.id)))
    print("The replay gives the same bytes." if same else "The replay gives other bytes: they are in force now.")
    return DONE


def undo(arguments: argparse.Namespace) -> int:
    """Go back to a version, or list those that there are."""
    require_tables()
    from comity.actions.learning import undo_learning
    from comity.queries.site_heads import head_versions, newest_head
    from comity.queries.sites import find_site

    site = find_site(key=arguments.site, host=None)
    if arguments.to is None:
        if arguments.limit < 1:
            raise Ending("--limit: a number above zero is needed.", BAD_USAGE)
        versions = head_versions(site_id=site.id, limit=arguments.limit)
        for each in versions:
            print(_line(each))
        if not versions:
            print("Nothing has taught this site's head yet.")
        return DONE
    undo_learning(site_id=site.id, to_version=arguments.to, now=datetime.now(UTC))
    print(_line(newest_head(site_id=site.id)))
    return DONE


def _line(head: StoredHead) -> str:
    made = f"{head.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if head.made_at else "no time"
    return f"version {head.version}  {head.lessons} lessons  {made}"
