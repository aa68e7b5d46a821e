"""`comity migrate` and `comity recount`."""

from __future__ import annotations

import argparse
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from comity.cli.ending import DONE, FAILED
from comity.cli.setting_up import pending_migrations, require_tables, set_up

__all__ = ["migrate", "migrate_sqlite", "progress", "recount"]


def migrate(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of all commands
    """Apply what is missing."""
    set_up()
    from django.core.management import call_command
    from django.db import connection

    missing = pending_migrations()
    if not missing:
        print("The database has every table of this release.")
    elif connection.vendor == "sqlite":
        migrate_sqlite()
        print(f"{missing} migrations applied.")
    else:
        call_command("migrate", interactive=False, verbosity=0)
        print(f"{missing} migrations applied.")
    return DONE


def migrate_sqlite() -> None:
    """Apply what is missing; processes that start at once do it one after the other."""
    from django.core.management import call_command
    from django.db import connection

    if not pending_migrations():
        return
    name = Path(str(connection.settings_dict["NAME"]))
    with os.fdopen(os.open(f"{name}-migrating", os.O_RDWR | os.O_CREAT, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if pending_migrations():
            call_command("migrate", interactive=False, verbosity=0)


def recount(arguments: argparse.Namespace) -> int:
    """Compare, and mend unless only asked to check."""
    require_tables()
    from comity.actions.recount import recount as recount_all
    from comity.queries.sites import find_site

    site_id = find_site(key=arguments.site, host=None).id if arguments.site else None
    with progress("Stories") as advance:
        differences = recount_all(repair=not arguments.check, site_id=site_id, progress=advance)
    for each in differences:
        print(f"{each.subject} {each.id}: {each.counter} said {each.stored:g}, the rows say {each.counted:g}")
    if not differences:
        print("Every counter agrees with the rows.")
        return DONE
    print(f"{len(differences)} counters differed" + ("." if arguments.check else " and were mended."))
    return FAILED if arguments.check else DONE


@contextmanager
def progress(subject: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal for work of any length; nothing where nobody looks. Gives what is told done and all."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(file=sys.stderr)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(subject, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
