"""`comity retention` and `comity erase`: letting go of what has served its time, and of what somebody left."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from comity.cli.ending import DONE
from comity.cli.setting_up import require_tables

if TYPE_CHECKING:
    from comity.queries.shapes import SiteShape

__all__ = ["erase_author", "erase_comment", "erase_email", "run", "show"]


def _site(arguments: argparse.Namespace) -> SiteShape:
    require_tables()
    from comity.queries.sites import find_site

    return find_site(key=arguments.site, host=None)


def run(arguments: argparse.Namespace) -> int:
    """One line for each class of data of which something was replaced."""
    site = _site(arguments)
    from comity.actions.retention import run_retention

    counts = run_retention(site_id=site.id, note=arguments.note, now=datetime.now(UTC))
    for each, count in counts.items():
        if count:
            print(f"{each.value}: {count} replaced by tombstones")
    if not any(counts.values()):
        print("Nothing has served its time.")
    return DONE


def show(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of all commands
    """The periods in force, then one line a site: when retention last ran, and what it ever replaced."""
    require_tables()
    from comity.queries.retention import last_runs, retention_periods

    for each, days in retention_periods().items():
        print(f"{each.value}: {f'{days} days' if days > 0 else 'kept for good'} (retention_{each.value}_days)")
    for site in last_runs():
        when = f"last ran on {site.last_run:%Y-%m-%d %H:%M} UTC" if site.last_run else "has not run yet"
        replaced = ", ".join(f"{name} {count}" for name, count in sorted(site.counts.items()))
        print(f"{site.site_key}: {when}; replaced so far: {replaced or 'nothing'}")
    return DONE


def erase_comment(arguments: argparse.Namespace) -> int:
    """Erase one comment."""
    site = _site(arguments)
    from comity.actions.erasure import erase_comment as erase

    done = erase(site=site, comment_id=arguments.number, now=datetime.now(UTC))
    print(f"Comment {arguments.number} is erased." if done else f"Comment {arguments.number} was erased before.")
    return DONE


def erase_author(arguments: argparse.Namespace) -> int:
    """Erase an author."""
    site = _site(arguments)
    from comity.actions.erasure import erase_author as erase

    count = erase(
        site=site,
        comment_id=arguments.comment,
        device_id=arguments.device,
        reader_id=arguments.reader,
        now=datetime.now(UTC),
    )
    print(f"The author is erased, with {count} comments.")
    return DONE


def erase_email(arguments: argparse.Namespace) -> int:
    """Erase what was left under an address, which is asked for or read from standard input: it is never an argument,
    since those stay in the shell's history."""
    site = _site(arguments)
    from comity.actions.erasure import erase_email as erase

    address = input("E-mail address: ") if sys.stdin.isatty() else sys.stdin.readline()
    comments, others = erase(site=site, email=address.strip(), now=datetime.now(UTC))
    print(f"{comments} comments are erased, and name and address of {others} reports and requests.")
    return DONE
